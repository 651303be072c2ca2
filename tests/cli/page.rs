//! The pages in a real browser: Debian's chromium, headless, wide and narrow, light and dark. Skipped where there is none.

use sqlite_advisor::render::{Html, Renderer, json};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The page that is committed.
fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/sample/index.html")
}

fn chromium() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join("chromium")).find(|file| file.is_file())
}

/// What chromium prints about a page that it is given, at a width and in a colour scheme.
fn browse(
    chromium: &Path,
    page: &Path,
    width: u32,
    dark: bool,
    extra: &[String],
) -> std::io::Result<(String, String)> {
    let profile = tempfile::tempdir()?;
    let output = Command::new(chromium)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        .args(["--hide-scrollbars", "--enable-logging=stderr", "--v=0"])
        .arg(format!("--blink-settings=preferredColorScheme={}", if dark { 0 } else { 1 }))
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(format!("--window-size={width},900"))
        .args(extra)
        .arg(format!("file://{}", page.display()))
        .output()?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok((text(&output.stdout), text(&output.stderr)))
}

#[test]
fn nothing_overflows_and_nothing_is_reported_to_the_console() {
    let Some(chromium) = chromium() else {
        eprintln!("skipped: there is no chromium; scripts/install-chromium installs it");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let framed = folder.path().join("framed.html");
    let page = std::fs::read_to_string(sample()).unwrap();
    // A window has a least width that is wider than a phone, so the page is measured in a frame of the phone's width.
    std::fs::write(folder.path().join("page.html"), &page).unwrap();
    for width in [1280, 390] {
        for dark in [false, true] {
            let probe = format!(
                "<body style='margin:0'><iframe id=f width={width} height=900 style='border:0' src=page.html></iframe>
                 <p id=out></p><script>f.onload=()=>{{const d=f.contentDocument,e=d.documentElement,w=e.clientWidth;
                 const dark=f.contentWindow.matchMedia('(prefers-color-scheme: dark)').matches;
                 const out=[...d.querySelectorAll('svg text')].filter(t=>{{const b=t.getBoundingClientRect(),
                   s=t.ownerSVGElement.getBoundingClientRect();return b.left<s.left-1||b.right>s.right+1}}).length;
                 const texts=[...d.querySelectorAll('svg')].map(s=>[...s.querySelectorAll('text')].map(t=>t.getBoundingClientRect()));
                 let over=0;for(const l of texts)for(let i=0;i<l.length;i++)for(let j=0;j<i;j++){{const a=l[i],b=l[j];
                   if(Math.min(a.right,b.right)-Math.max(a.left,b.left)>1&&Math.min(a.bottom,b.bottom)-Math.max(a.top,b.top)>4)over++}}
                 document.getElementById('out').textContent=`wide ${{e.scrollWidth-w}} charts ${{texts.length}} outside ${{out}} overlapping ${{over}} dark ${{dark}}`}}</script>"
            );
            std::fs::write(&framed, probe).unwrap();
            let flags = ["--allow-file-access-from-files", "--virtual-time-budget=4000", "--dump-dom"];
            let (dom, errors) = browse(&chromium, &framed, 1400, dark, &flags.map(str::to_owned)).unwrap();
            let expected = format!("wide 0 charts 9 outside 0 overlapping 0 dark {dark}");
            let found =
                dom.split("id=\"out\">").nth(1).and_then(|rest| rest.split('<').next()).unwrap_or(&dom);
            assert_eq!(found, expected, "at {width} pixels\n{errors}");
            assert!(!errors.contains("CONSOLE"), "{errors}");
        }
    }
}

#[test]
fn a_picture_of_the_page_can_be_taken() {
    let Some(chromium) = chromium() else {
        eprintln!("skipped: there is no chromium; scripts/install-chromium installs it");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    for dark in [false, true] {
        let shot = folder.path().join(format!("{dark}.png"));
        let (_, errors) =
            browse(&chromium, &sample(), 1280, dark, &[format!("--screenshot={}", shot.display())]).unwrap();
        let bytes = std::fs::metadata(&shot).map_or(0, |m| m.len());
        assert!(bytes > 20_000, "{bytes} bytes\n{errors}");
    }
}

/// What is asked of the page of an advice: that nothing is wider than the window, that every text has the contrast of WCAG
/// AA against what it stands on, that each statement of the workload can be copied, and that a click on a head sorts.
const PROBE: &str = r#"
f.onload = () => {
  const d = f.contentDocument, e = d.documentElement, w = f.contentWindow;
  const light = c => { const v = c.match(/[\d.]+/g).map(Number).map(x => x / 255).map(x => x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
    return 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2]; };
  const ground = x => { for (; x; x = x.parentElement) { const c = w.getComputedStyle(x).backgroundColor; if (!c.endsWith(', 0)')) return c; } return 'rgb(255, 255, 255)'; };
  const own = x => [...x.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
  const pale = [...d.body.querySelectorAll('*')].filter(x => own(x) && x.tagName !== 'SCRIPT').filter(x => {
    const [a, b] = [light(w.getComputedStyle(x).color), light(ground(x))];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5; });
  const table = d.querySelector('table.sortable'), values = () => [...table.tBodies[0].rows].map(r => Number(r.cells[1].dataset.v));
  table.querySelectorAll('th button')[1].click();
  const sorted = values().every((v, i, all) => i === 0 || all[i - 1] <= v);
  const dark = w.matchMedia('(prefers-color-scheme: dark)').matches;
  out.textContent = `wide ${e.scrollWidth - e.clientWidth} pale ${pale.length} copy ${d.querySelectorAll('.copy').length > 5} sorted ${sorted} dark ${dark}`;
}"#;

#[test]
fn the_page_of_an_advice_fits_is_legible_and_can_be_sorted() {
    let Some(chromium) = chromium() else {
        eprintln!("skipped: there is no chromium; scripts/install-chromium installs it");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let saved = include_str!("../../crates/sqlite-advisor/tests/formats/library.json");
    let page = Html::default().to_text(&json::read(saved).unwrap()).unwrap();
    std::fs::write(folder.path().join("page.html"), page).unwrap();
    let framed = folder.path().join("framed.html");
    for width in [1280, 390] {
        for dark in [false, true] {
            let frame = format!(
                "<body style='margin:0'><iframe id=f width={width} height=900 style='border:0' src=page.html></iframe>
                 <p id=out></p><script>{PROBE}</script>"
            );
            std::fs::write(&framed, frame).unwrap();
            let flags = ["--allow-file-access-from-files", "--virtual-time-budget=4000", "--dump-dom"];
            let (dom, errors) = browse(&chromium, &framed, 1400, dark, &flags.map(str::to_owned)).unwrap();
            let found = dom.split("id=\"out\">").nth(1).and_then(|rest| rest.split('<').next());
            let expected = format!("wide 0 pale 0 copy true sorted true dark {dark}");
            assert_eq!(found, Some(expected.as_str()), "at {width} pixels\n{errors}");
            assert!(!errors.contains("CONSOLE"), "{errors}");
        }
    }
}
