//! Runs every case in tests/cases as a test of its own name: a schema with rows, a workload, and the advice that must come of it.
//!
//! A case file has four parts, each behind a line of its own: `== schema`, `== workload`, `== advice` (the CREATE and DROP
//! statements in any order, or `nothing`), and optionally `== says` and `== silent` (texts that must, and must not, stand in a remark, a
//! finding or a skipped statement) and `== foreign_keys` (`enforced` where the application enforces them). Before the first
//! part it says in a sentence what it is about.

use sqlite_advisor::advise::{Request, advise};
use sqlite_advisor::model::report::{Group, Recommendation, Report, Verification};
use sqlite_advisor::progress::Silent;
use sqlite_advisor::workload::readers::sql::queries;
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
        let workload = self.part("workload");
        let mut request = match workload.trim() {
            "" => Request::new(&db),
            _ => Request::new(&db).queries(queries("case.sql", workload)),
        };
        let foreign_keys = self.part("foreign_keys").trim() == "enforced";
        request.foreign_keys = foreign_keys;
        Ok(advise(&request, &Silent)?)
    }

    /// What differs from the expectation, in words.
    fn fault(&self) -> Result<Option<String>, Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        let document = self.advise(folder.path())?;
        let indexes = document.recommendations.iter().filter(|r| r.is_index());
        let given: Vec<_> = indexes.filter_map(Recommendation::sql).collect();
        let wanted: Vec<_> = self.part("advice").lines().map(|l| l.trim_end_matches(';').trim()).collect();
        let wanted: Vec<&str> = wanted.into_iter().filter(|l| !l.is_empty() && *l != "nothing").collect();
        let sorted = |mut all: Vec<&str>| {
            all.sort_unstable();
            all.into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        let (given, wanted) = (sorted(given), sorted(wanted));
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

/// Everything that is said in words: findings behind `rule` and the name of theirs, remarks, why an index is rejected, and
/// what was skipped.
fn said(document: &Report) -> String {
    let mut lines = document.notes.clone();
    for r in &document.recommendations {
        let (sql, common) = (r.sql().unwrap_or_default(), r.common());
        lines.extend((r.group() == Group::IfComplete).then(|| format!("left to you: {sql}")));
        lines.extend([format!("rule {}", common.rule.as_deref().unwrap_or_default()), common.reason.clone()]);
        lines.extend([common.remedy.clone().unwrap_or_default(), sql.to_owned()]);
        lines.extend(r.proposal().iter().flat_map(|p| p.needs.clone()));
        lines.extend(common.helps.iter().map(|h| h.statement.clone()));
        let told = |v: &Verification| {
            format!("{}: {}", if v.verified { "verified" } else { "not verified" }, v.note)
        };
        lines.extend(common.verification.as_ref().map(told));
    }
    lines.extend(document.rejected.iter().map(|r| format!("rejected {}: {:?}", r.sql, r.why)));
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
