//! Changes and schemas that come as files: an advice document, a script of indexes, a script of CREATE statements.

use crate::change::step::Step;
use crate::change::{Change, Stage};
use crate::error::{Error, Result};
use crate::model::index::quote;
use crate::model::report;
use crate::progress::Progress;
use crate::sql::definition::created_name;
use crate::sql::lexer::{Token, statements, tokens};
use crate::sqlite::{Guard, Reader, Schema, guard};
use rusqlite::Connection;
use serde::Deserialize;
use std::fs;
use std::path::Path;

/// The schema of a database, or of a `.sql` file with CREATE statements.
///
/// # Errors
/// [`Error::Open`] if it is neither, [`Error::HostileSchema`] for a statement that is not one plain CREATE.
pub fn schema_of(path: &Path, progress: &dyn Progress) -> Result<Schema> {
    let is_script = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("sql"));
    if !is_script {
        return Schema::read(&Reader::look_at(path, progress)?.connect()?);
    }
    let text = fs::read_to_string(path).map_err(Error::file("cannot read", path))?;
    let (conn, guard) = empty()?;
    for statement in statements(&text) {
        let words = tokens(statement);
        let name = created_name(&words);
        // The shell's .schema lists the tables that SQLite makes by itself.
        if !name.starts_with("sqlite_") {
            guard.create(&conn, &name, without_comments(statement, &words))?;
        }
    }
    Schema::read(&conn)
}

/// An empty database in memory in which schema text can be executed.
pub(super) fn empty() -> Result<(Connection, Guard)> {
    let mut conn = Connection::open_in_memory()?;
    guard::harden(&conn)?;
    let guard = Guard::install(&mut conn)?;
    Ok((conn, guard))
}

/// The statement from its first word on.
fn without_comments<'a>(statement: &'a str, words: &[Token<'_>]) -> &'a str {
    words.first().and_then(|w| statement.get(w.start..)).unwrap_or(statement)
}

/// What `apply` needs of an advice document; the rest of it is for people.
#[derive(Deserialize)]
struct Document {
    version: u64,
    #[serde(rename = "advice")]
    recommendations: Vec<Recommendation>,
}

#[derive(Deserialize)]
struct Recommendation {
    kind: String,
    sql: Option<String>,
    #[serde(default)]
    optional: bool,
    #[serde(default)]
    reason: String,
}

/// A change read from a file, and what of the file is left to people.
#[derive(Debug, Clone)]
pub struct Script {
    /// The steps.
    pub change: Change,
    /// Advice that is no statement to run, or is only as good as the workload was: a rewritten query, an unused index.
    pub left: Vec<String>,
    /// The whole document, where the file is one: its statements can be timed.
    pub report: Option<Box<report::Report>>,
}

/// Reads `advice.json`, or a `.sql` file with CREATE INDEX, DROP INDEX and ANALYZE.
///
/// # Errors
/// [`Error::File`], or [`Error::Invalid`] naming the first statement that is none of these.
pub fn read(path: &Path) -> Result<Script> {
    let text = fs::read_to_string(path).map_err(Error::file("cannot read", path))?;
    let invalid = |reason: String| Error::Invalid(format!("{}: {reason}", path.display()));
    let (mut steps, mut left, mut report) = (vec![], vec![], None);
    if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("json")) {
        let document: Document =
            serde_json::from_str(&text).map_err(|e| invalid(format!("is not an advice document: {e}")))?;
        if document.version != 1 {
            return Err(invalid(format!("has version {}; this tool reads version 1", document.version)));
        }
        report = serde_json::from_str(&text).ok().map(Box::new);
        for advice in document.recommendations {
            match (advice.kind.as_str(), advice.sql) {
                ("create_index" | "drop_index" | "analyze", Some(sql)) if !advice.optional => {
                    for statement in statements(&sql) {
                        steps.push(step(statement).map_err(invalid)?);
                    }
                }
                // What no one statement does is told by its reason.
                (kind, sql) => {
                    let text = sql.filter(|sql| !sql.is_empty()).unwrap_or(advice.reason);
                    left.push(format!("{kind}: {text}"));
                }
            }
        }
    } else {
        for statement in statements(&text) {
            steps.push(step(statement).map_err(invalid)?);
        }
    }
    // Statistics are gathered once, when all indexes stand.
    if steps.contains(&Step::Analyze) {
        steps.retain(|step| *step != Step::Analyze);
        steps.push(Step::Analyze);
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let stage = Stage { name: "apply".into(), about: format!("from {name}"), steps, notes: vec![] };
    Ok(Script {
        change: Change { name: format!("apply {name}"), stages: vec![stage], rules: vec![] },
        left,
        report,
    })
}

/// The step that a statement asks for.
fn step(statement: &str) -> Result<Step, String> {
    let all = tokens(statement);
    let words: Vec<&Token<'_>> = all.iter().filter(|w| w.text != ";").collect();
    let is = |i: usize, keyword: &str| words.get(i).is_some_and(|w| w.is(keyword));
    let unique = usize::from(is(1, "UNIQUE"));
    let refused = || {
        let text: Vec<_> = words.iter().map(|w| w.text).collect();
        format!("only CREATE INDEX, DROP INDEX and ANALYZE are applied, but it says {:?}", text.join(" "))
    };
    let is_single = all.iter().rev().skip_while(|w| w.text == ";").all(|w| w.text != ";");
    if !is_single {
        return Err(refused());
    }
    // The name stands behind IF [NOT] EXISTS and main.
    let after = |mut i: usize| {
        i += if is(i, "IF") { 2 + usize::from(is(i + 1, "NOT")) } else { 0 };
        i + if is(i, "main") && is(i + 1, ".") { 2 } else { 0 }
    };
    if is(0, "CREATE") && is(1 + unique, "INDEX") {
        let name = after(2 + unique);
        if let (Some(index), true, Some(end)) = (words.get(name), is(name + 1, "ON"), words.last()) {
            let definition = statement.get(index.end()..end.end()).unwrap_or_default();
            let unique = if unique == 1 { "UNIQUE " } else { "" };
            let sql = format!("CREATE {unique}INDEX {}{definition}", quote(&index.name()));
            return Ok(Step::CreateIndex { index: index.name(), sql });
        }
    }
    if is(0, "DROP") && is(1, "INDEX") {
        let name = after(2);
        if let (Some(index), true) = (words.get(name), words.len() == name + 1) {
            if index.name().to_ascii_lowercase().starts_with("sqlite_") {
                return Err(format!(
                    "index {:?} belongs to a PRIMARY KEY or UNIQUE constraint and cannot be dropped without it; \
                     take that statement out",
                    index.name()
                ));
            }
            return Ok(Step::DropIndex { index: index.name() });
        }
    }
    if is(0, "ANALYZE") && words.len() <= 4 { Ok(Step::Analyze) } else { Err(refused()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;

    fn file(name: &str, text: &str) -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        (folder, path)
    }

    #[test]
    fn indexes_and_statistics_are_read_from_json_and_from_sql() -> Result<()> {
        let json = r#"{"version": 1, "tool": {}, "advice": [
            {"kind": "analyze", "sql": "ANALYZE;", "reason": "x"},
            {"kind": "create_index", "sql": "CREATE INDEX IF NOT EXISTS i ON t(a DESC) WHERE b = ';';"},
            {"kind": "drop_index", "sql": "DROP INDEX \"old one\""}, {"kind": "rewrite", "sql": "SELECT 1"},
            {"kind": "schema", "sql": "", "reason": "STRING is NUMERIC"},
            {"kind": "schema", "sql": "CREATE INDEX not_run ON t(b)", "reason": "x"}]}"#;
        let sql = "-- the index\nCREATE INDEX i ON t(a DESC) WHERE b = ';';\ndrop index if exists main.\"old one\"; ANALYZE t;";
        let (_a, json) = file("advice.json", json);
        let (_b, sql) = file("advice.sql", sql);
        let (json, sql) = (read(&json)?, read(&sql)?);
        assert_eq!(json.change.stages[0].steps, sql.change.stages[0].steps);
        let left = ["rewrite: SELECT 1", "schema: STRING is NUMERIC", "schema: CREATE INDEX not_run ON t(b)"];
        assert_eq!(json.left, left);
        assert_eq!(sql.change.stages[0].steps[0].sql(), "CREATE INDEX i ON t(a DESC) WHERE b = ';'");
        Ok(())
    }

    #[test]
    fn an_index_of_a_constraint_is_not_said_to_be_dropped() {
        let (_folder, path) = file("advice.sql", "DROP INDEX sqlite_autoindex_t_1;");
        assert!(read(&path).unwrap_err().to_string().contains("cannot be dropped without it"));
    }

    #[test]
    fn anything_else_is_refused_by_name() {
        for sql in [
            "DELETE FROM t",
            "CREATE TABLE x(a)",
            "PRAGMA writable_schema = 1",
            "DROP TABLE t",
            "CREATE INDEX i",
        ] {
            let (_folder, path) = file("advice.sql", &format!("ANALYZE; {sql};"));
            let error = read(&path).unwrap_err().to_string();
            assert!(error.contains("only CREATE INDEX, DROP INDEX and ANALYZE"), "{error}");
        }
        let (_folder, path) = file("advice.json", r#"{"version": 2, "advice": []}"#);
        assert!(read(&path).unwrap_err().to_string().contains("has version 2"));
    }

    #[test]
    fn a_schema_file_may_only_hold_plain_creates() -> Result<()> {
        let good = "-- a dump\nCREATE TABLE IF NOT EXISTS t(a DEFAULT ';');\nCREATE TABLE sqlite_sequence(name,seq);
            CREATE TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM t; SELECT 1; END;\nCREATE VIEW v AS SELECT a FROM t\n";
        let (_folder, path) = file("s.sql", good);
        let schema = schema_of(&path, &Silent)?;
        assert_eq!((schema.tables.len(), schema.triggers.len(), schema.views.len()), (1, 1, 1));
        for bad in [
            "INSERT INTO t VALUES (1)",
            "ATTACH 'x.db' AS x",
            "CREATE TABLE u AS SELECT 1",
            "PRAGMA user_version = 3",
        ] {
            let (_folder, path) = file("s.sql", &format!("CREATE TABLE t(a); {bad};"));
            assert!(schema_of(&path, &Silent).is_err(), "{bad}");
        }
        Ok(())
    }
}
