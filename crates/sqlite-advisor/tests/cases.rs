//! Runs every case in tests/cases as a test of its own name: a schema with rows, a workload, and the advice that must come of it.
//!
//! A case file has four parts, each behind a line of its own: `== schema`, `== workload`, `== advice` (the CREATE and DROP
//! statements, or `nothing`), and optionally `== says` and `== silent` (texts that must, and must not, stand in a remark, a
//! finding or a skipped statement) and `== foreign_keys` (`enforced` where the application enforces them). Before the first
//! part it says in a sentence what it is about.

use sqlite_advisor::advise::{Request, advise};
use sqlite_advisor::model::report::{Kind, Recommendation, Report, Verification};
use sqlite_advisor::progress::Silent;
use sqlite_advisor::workload::Text;
use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;

struct Case {
    parts: BTreeMap<String, String>,
}

impl Case {
    fn read(path: &Path) -> Result<Self, Box<dyn Error>> {
        let text = std::fs::read_to_string(path)?;
        let (mut parts, mut current) = (BTreeMap::<String, String>::new(), "title".to_owned());
        for line in text.lines() {
            match line.strip_prefix("== ") {
                Some(part) => current = part.trim().to_owned(),
                None => *parts.entry(current.clone()).or_default() += &format!("{line}\n"),
            }
        }
        Ok(Self { parts })
    }

    fn part(&self, name: &str) -> &str {
        self.parts.get(name).map_or("", String::as_str)
    }

    fn advise(&self, folder: &Path) -> Result<Report, Box<dyn Error>> {
        let db = folder.join("case.db");
        rusqlite::Connection::open(&db)?.execute_batch(self.part("schema"))?;
        let workload = self.part("workload").to_owned();
        let texts =
            (!workload.trim().is_empty()).then(|| vec![Text { source: "case.sql".into(), sql: workload }]);
        let foreign_keys = self.part("foreign_keys").trim() == "enforced";
        Ok(advise(&Request { foreign_keys, ..Request::new(&db, texts) }, &Silent)?)
    }

    /// What differs from the expectation, in words.
    fn fault(&self) -> Result<Option<String>, Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        let document = self.advise(folder.path())?;
        let is_index = |a: &&Recommendation| matches!(a.kind, Kind::CreateIndex | Kind::DropIndex);
        let given: Vec<_> = document.advice.iter().filter(is_index).map(|a| a.sql.as_str()).collect();
        let wanted: Vec<_> = self.part("advice").lines().map(|l| l.trim_end_matches(';').trim()).collect();
        let wanted: Vec<_> = wanted.into_iter().filter(|l| !l.is_empty() && *l != "nothing").collect();
        if given != wanted {
            return Ok(Some(format!("wanted {wanted:#?}\ngiven  {given:#?}")));
        }
        if let Some(wrong) = document.statements.iter().find(|s| s.same_rows == Some(false)) {
            return Ok(Some(format!("{} gives other rows", wrong.id)));
        }
        let said = said(&document);
        for (part, wanted) in [("says", true), ("silent", false)] {
            for text in self.part(part).lines().filter(|l| !l.trim().is_empty()) {
                if said.contains(text.trim()) != wanted {
                    let fault = if wanted { "nothing says" } else { "it must not say" };
                    return Ok(Some(format!("{fault} {text:?} in\n{said}")));
                }
            }
        }
        Ok(None)
    }
}

/// Everything that is said in words: findings behind `rule` and the name of theirs, remarks, and what was skipped.
fn said(document: &Report) -> String {
    let mut lines = document.notes.clone();
    for a in &document.advice {
        lines.extend(a.optional.then(|| format!("left to you: {}", a.sql)));
        lines.extend([format!("rule {}", a.rule), a.reason.clone(), a.remedy.clone(), a.sql.clone()]);
        lines.extend(a.needs.iter().cloned().chain(a.helps.iter().map(|h| h.statement.clone())));
        let proof =
            |e: &Verification| format!("{}: {}", if e.proved { "proved" } else { "not proved" }, e.note);
        lines.extend(a.proof.as_ref().map(proof));
    }
    lines.extend(document.workload.skipped.iter().map(|s| s.error.clone()));
    lines.join("\n")
}

/// Fails with what differs from the case's expectation.
fn gets_the_advice_that_it_names(path: &Path) -> datatest_stable::Result<()> {
    let case = Case::read(path)?;
    match case.fault()? {
        Some(fault) => Err(format!("{}\n{fault}", case.part("title").trim()).into()),
        None => Ok(()),
    }
}

datatest_stable::harness! {
    { test = gets_the_advice_that_it_names, root = "tests/cases", pattern = r"\.case$" },
}
