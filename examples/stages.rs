use sqlite_advisor::progress::Progress;
use std::sync::Mutex;
use std::time::Instant;
struct P(Mutex<(String, Instant)>);
impl Progress for P {
    fn start(&self, s: &str, t: Option<u64>) {
        let mut g = self.0.lock().unwrap();
        eprintln!("{:>8.2}s {}", g.1.elapsed().as_secs_f64(), g.0);
        *g = (format!("{s} {t:?}"), Instant::now());
    }
}
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let texts = sqlite_advisor::workload::read_texts(&[a[2].clone().into()]).unwrap();
    let r = sqlite_advisor::advise::Request::new(a[1].as_ref(), Some(texts));
    let p = P(Mutex::new(("".into(), Instant::now())));
    let d = sqlite_advisor::advise::advise(&r, &p).unwrap();
    p.start("end", None);
    std::fs::write("/tmp/doc.json", serde_json::to_string_pretty(&d).unwrap()).unwrap();
    let sql: std::collections::BTreeMap<String, String> = d
        .advice
        .iter()
        .map(|a| a.sql.clone())
        .chain(d.rejected.iter().map(|r| r.sql.clone()))
        .filter_map(|s| Some((s.split(' ').nth(2)?.to_owned(), s)))
        .collect();
    for (i, c) in d.curve.iter().enumerate() {
        eprintln!(
            "{i}: n {} {:.2} MiB geomean {:.2} total {:.2} {}",
            c.indexes.len(),
            c.bytes as f64 / 1048576.0,
            c.speedup_geomean,
            c.speedup_total,
            c.chosen
        );
        let mut t = String::new();
        for n in &c.indexes {
            t += &format!("{};\n", sql.get(n).cloned().unwrap_or(format!("-- {n}")));
        }
        std::fs::write(format!("/tmp/curve-{i}.sql"), t).unwrap();
    }
    eprintln!("{:?}", d.totals);
}
