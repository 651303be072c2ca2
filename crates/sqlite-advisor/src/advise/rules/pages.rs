//! A page a rule in docs/rules, made from the header of the rule's own file and its cases, so that it cannot go stale.
//!
//! `UPDATE_RULE_PAGES=1 cargo test -p sqlite-advisor --lib pages` writes them anew.

use crate::advise::rules::RULES;
use crate::error::{Error, Result};
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// What begins a paragraph of its own on the page.
const PARTS: &[&str] = &["**Finds**", "**Why:**", "**Cure:**", "**Verified**", "**Verified**", "**Silent**"];

fn library() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(Error::file("cannot read", path))
}

/// The header of a rule's file as text, a line each paragraph.
fn header(name: &str) -> Result<String> {
    let folder = library().join("src/advise/rules");
    let file = folder.join(format!("{name}.rs"));
    let source = read(&if file.is_file() { file } else { folder.join(name).join("mod.rs") })?;
    let lines = source.lines().map_while(|line| line.strip_prefix("//!"));
    let mut text = String::new();
    for line in lines.map(str::trim) {
        text.push_str(if line.is_empty() { "\n\n" } else { line });
        text.push(' ');
    }
    Ok(text)
}

/// The page of a rule: its header, and where its cases are.
fn page(name: &str) -> Result<String> {
    let mut text = header(name)?;
    for part in PARTS {
        text = text.replace(part, &format!("\n\n{part}"));
    }
    let mut page = format!("# {name}\n");
    for paragraph in text.split("\n\n").map(str::trim).filter(|p| !p.is_empty()) {
        let _ = write!(page, "\n{paragraph}\n");
    }
    let case = |ending: &str| format!("crates/sqlite-advisor/tests/cases/rule_{name}{ending}.case");
    let _ = write!(
        page,
        "\nAn example: [{0}](../../{0}); and where it is silent: [{1}](../../{1}).\n",
        case(""),
        case("_silent")
    );
    Ok(page)
}

/// The list of all pages.
fn list() -> Result<String> {
    let mut list = "# Rules\n\nWhat is found beyond indexes, in the order in which it is told. A finding names its rule.\n\n".to_owned();
    for (name, _) in RULES {
        let text = header(name)?;
        let title = text.split("\n\n").next().unwrap_or_default().trim();
        let _ = writeln!(list, "* [{name}]({name}.md): {title}");
    }
    Ok(list)
}

fn pages() -> Result<Vec<(PathBuf, String)>> {
    let folder = library().join("../../docs/rules");
    let mut all = vec![(folder.join("README.md"), list()?)];
    for (name, _) in RULES {
        all.push((folder.join(format!("{name}.md")), page(name)?));
    }
    Ok(all)
}

#[test]
fn every_rule_has_the_page_that_its_header_makes() -> Result<()> {
    for (path, wanted) in pages()? {
        if std::env::var_os("UPDATE_RULE_PAGES").is_some() {
            std::fs::write(&path, &wanted).map_err(Error::file("cannot write", &path))?;
        }
        let found = read(&path)?;
        assert!(found == wanted, "{} is stale: UPDATE_RULE_PAGES=1 writes it anew", path.display());
    }
    Ok(())
}

#[test]
fn every_rule_has_a_case_and_a_silent_one_and_says_what_it_finds_why_and_how_that_is_verified() -> Result<()>
{
    for (name, _) in RULES {
        for ending in ["", "_silent"] {
            let path = library().join(format!("tests/cases/rule_{name}{ending}.case"));
            assert!(path.is_file(), "{} is missing", path.display());
        }
        let header = header(name)?;
        assert!(
            header.contains("**Finds**") && header.contains("**Why:**"),
            "{name} does not say what it finds, or why"
        );
        assert!(
            header.contains("**Verified**") || header.contains("**Verified**"),
            "{name} does not say how it is verified"
        );
    }
    Ok(())
}
