//! Slow queries that applications had in public, rebuilt in miniature in tests/incidents: each has to be found, or says why not.
//!
//! `schema.sql` and `fill.sql` make the database as the application had it, `queries.sql` is the workload; statements whose
//! names begin with "slow" are what the incident is about. `cure.sql` and `cure-rewrites.sql` are what the maintainers did. An
//! incident is found where no slow statement takes over twice the VM steps of the cure and no statement gets slower.
//! `says.txt` stands in the place of a cure where words have to come of it; `missed:` in `thread.txt` says why it is not found.

use sqlite_advisor::advise::{Request, advise};
use sqlite_advisor::model::report::{Recommendation, Report};
use sqlite_advisor::progress::Silent;
use sqlite_advisor::workload::readers::sql::queries;
use sqlite_advisor::workload::source::QuerySource;
use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// What is not worth an index costs this much, in VM steps.
const LITTLE: f64 = 1_000.0;

struct Incident<'p> {
    folder: &'p Path,
    queries: Vec<QuerySource>,
}

impl<'p> Incident<'p> {
    fn read(folder: &'p Path) -> Result<Self> {
        let text = std::fs::read_to_string(folder.join("queries.sql"))?;
        Ok(Self { folder, queries: queries("queries.sql", &text) })
    }

    /// A file of the incident; empty where it has none.
    fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.join(name)).unwrap_or_default()
    }

    fn enforces_foreign_keys(&self) -> bool {
        self.text("options").contains("--foreign-keys")
    }

    /// The VM steps of each statement, by name, once a script has been run on a copy; `rewrites` stand in their places.
    fn steps(
        &self,
        db: &Path,
        script: &str,
        rewrites: &BTreeMap<String, String>,
    ) -> Result<BTreeMap<String, f64>> {
        let copy = tempfile::NamedTempFile::new()?;
        std::fs::copy(db, copy.path())?;
        let conn = rusqlite::Connection::open(copy.path())?;
        conn.execute_batch(&format!("PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; {script}"))?;
        conn.pragma_update(None, "foreign_keys", self.enforces_foreign_keys())?;
        let mut steps = BTreeMap::new();
        for query in &self.queries {
            let name = query.name.clone().unwrap_or_default();
            let mut statement = conn.prepare(rewrites.get(&name).unwrap_or(&query.sql))?;
            for (name, value) in query.parameters.first().into_iter().flatten() {
                let numbered =
                    name.trim_start_matches('?').parse().ok().filter(|n| *n <= statement.parameter_count());
                let at = statement
                    .parameter_index(name)?
                    .or(numbered.filter(|n| statement.parameter_name(*n).is_none()));
                at.map_or(Ok(()), |at| statement.raw_bind_parameter(at, value))?;
            }
            conn.execute_batch("SAVEPOINT one")?;
            let mut rows = statement.raw_query();
            while rows.next()?.is_some() {}
            drop(rows);
            let taken = statement.get_status(rusqlite::StatementStatus::VmStep);
            drop(statement);
            conn.execute_batch("ROLLBACK TO one; RELEASE one")?;
            steps.insert(name, f64::from(taken));
        }
        Ok(steps)
    }

    /// What is wrong with the advice; none where the incident is found.
    fn fault(&self) -> Result<Option<String>> {
        let folder = tempfile::tempdir()?;
        let db = folder.path().join("incident.db");
        let conn = rusqlite::Connection::open(&db)?;
        conn.execute_batch(&format!(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; {}; BEGIN; {}; COMMIT",
            self.text("schema.sql"),
            self.text("fill.sql")
        ))?;
        drop(conn);
        let mut request = Request::new(&db).queries(self.queries.clone());
        request.foreign_keys = self.enforces_foreign_keys();
        let report = advise(&request, &Silent)?;
        let says = self.text("says.txt");
        if !says.is_empty() {
            let said = said(&report);
            let missing = says.lines().find(|line| !said.contains(line));
            return Ok(missing.map(|line| format!("nothing says {line:?} in\n{said}")));
        }
        let cured: BTreeMap<String, String> = queries("cure-rewrites.sql", &self.text("cure-rewrites.sql"))
            .into_iter()
            .map(|q| (q.name.unwrap_or_default(), q.sql))
            .collect();
        let (script, rewrites) = followed(&report);
        let found = self.steps(&db, "", &BTreeMap::new())?;
        let cure = self.steps(&db, &self.text("cure.sql"), &cured)?;
        let after = self.steps(&db, &script, &rewrites)?;
        for query in &self.queries {
            let name = query.name.clone().unwrap_or_default();
            let of = |steps: &BTreeMap<String, f64>| steps.get(&name).copied().unwrap_or(f64::INFINITY);
            let told = format!(
                "{name}: {} steps as found, {} with the cure, {} with the advice",
                of(&found),
                of(&cure),
                of(&after)
            );
            let cost = |steps: f64| steps * query.weight + LITTLE;
            let (start, goal, reached) = (cost(of(&found)), cost(of(&cure)), cost(of(&after)));
            if of(&after) > of(&found) * 1.5 + LITTLE {
                return Ok(Some(format!("slower: {told}\n{script}")));
            }
            let enough = (start / reached).ln() >= 0.75 * (start / goal).ln();
            if name.starts_with("slow") && (reached > 2.0 * goal || !enough) {
                return Ok(Some(format!("missed: {told}\n{script}\n{rewrites:#?}")));
            }
        }
        Ok(None)
    }
}

/// The advice as a script, with what rewritten statements need, and these statements by the names of those that they replace.
fn followed(report: &Report) -> (String, BTreeMap<String, String>) {
    let (mut script, mut rewrites) = (String::new(), BTreeMap::new());
    for r in &report.recommendations {
        match r {
            Recommendation::CreateIndex(_) | Recommendation::DropIndex(_) | Recommendation::Analyze(_) => {
                let optional = matches!(r, Recommendation::DropIndex(d) if d.optional);
                let sql = r.sql().filter(|_| !optional).unwrap_or_default();
                script.push_str(&format!("{sql};\n"));
            }
            Recommendation::Rewrite(p) => {
                let (Some(sql), Some(help)) = (&p.sql, p.common.helps.first()) else { continue };
                if !rewrites.contains_key(&help.statement) {
                    rewrites.insert(help.statement.clone(), sql.clone());
                    p.needs.iter().for_each(|need| script.push_str(&format!("{need};\n")));
                }
            }
            Recommendation::Schema(_) => {}
        }
    }
    (script, rewrites)
}

/// The rules that found something, with what they say and the statements that they name.
fn said(report: &Report) -> String {
    let told = report.recommendations.iter().map(|r| {
        let (rule, sql) = (r.common().rule.clone().unwrap_or_default(), r.sql().unwrap_or_default());
        format!("rule {rule}: {} {sql}", r.common().reason)
    });
    told.collect::<Vec<_>>().join("\n")
}

/// Fails where an incident is missed that does not say so, and where one that says so is found.
fn is_found_or_says_why_not(path: &Path) -> datatest_stable::Result<()> {
    let folder = path.parent().ok_or("no folder")?;
    let incident = Incident::read(folder)?;
    let known =
        incident.text("thread.txt").lines().find_map(|l| l.strip_prefix("missed: ").map(str::to_owned));
    match (incident.fault()?, known) {
        (Some(fault), Some(_)) if fault.starts_with("missed") => Ok(()),
        (None, None) => Ok(()),
        (Some(fault), _) => Err(fault.into()),
        (None, Some(why)) => Err(format!("it is found, and thread.txt says: missed: {why}").into()),
    }
}

datatest_stable::harness! {
    { test = is_found_or_says_why_not, root = "../../tests/incidents", pattern = r"thread\.txt$" },
}
