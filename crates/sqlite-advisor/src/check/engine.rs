//! The same statements planned by another SQLite: that of a sqlite3 shell, or of a Python.
//!
//! It gets an empty clone of the schema in memory and the statistics, on its standard input, and explains each statement.

use crate::check::planned::{Planned, accesses};
use crate::check::source::Source;
use crate::error::{Context, Error, Result};
use crate::model::index::literal;
use crate::model::plan::{Node, Plan};
use crate::model::statistics::{Statistics, written};
use crate::sqlite::Session;
use crate::sqlite::rows::hex;
use crate::workload::Statement;
use std::io::{Seek, Write};
use std::path::Path;
use std::process::{Command, Stdio};

/// Reads JSON with `setup` and `statements`, and writes JSON with `version` and the rows of each plan, or null.
const PYTHON: &str = r#"
import json, re, sqlite3, sys
work = json.load(sys.stdin)
db = sqlite3.connect(":memory:", isolation_level=None)
for sql in work["setup"]:
    try: db.execute(sql)
    except sqlite3.Error: pass
class Unbound(dict):
    def __missing__(self, name): return None
def explained(sql, values):
    return [[r[0], r[1], r[3]] for r in db.execute("EXPLAIN QUERY PLAN " + sql, values)]
def plan(sql):
    try: return explained(sql, Unbound())
    except sqlite3.Error: pass
    try: return explained(sql, [])
    except sqlite3.Error as e: count = re.search(r"uses (\d+)", str(e))
    try: return count and explained(sql, [None] * int(count[1]))
    except sqlite3.Error: return None
json.dump({"version": sqlite3.sqlite_version, "plans": [plan(sql) for sql in work["statements"]]}, sys.stdout)
"#;

/// What stands before the output of the shell for each statement.
const MARK: &str = "### ";

/// What another SQLite told.
struct Told {
    version: String,
    /// The plan of each statement; none for one that it refuses.
    plans: Vec<Option<Plan>>,
}

/// Which statements another SQLite plans otherwise, in sentences. Those with values from the workload are left out.
///
/// # Errors
/// [`Error::Invalid`] if the engine cannot be run, or is neither a sqlite3 shell nor a Python.
pub fn notes<'p>(
    engine: &Path,
    clone: &Session,
    source: &Source,
    planned: &'p [Planned],
) -> Result<Vec<String>> {
    let has_values = |one: &Planned| one.statement.as_ref().is_some_and(Statement::has_values);
    // A plain INSERT has a plan without lines, and would look as if it were refused.
    let plan_of = |one: &'p Planned| one.plans.first().filter(|plan| !plan.nodes.is_empty());
    let asked: Vec<(&Planned, &Plan)> =
        planned.iter().filter(|one| !has_values(one)).filter_map(|one| Some((one, plan_of(one)?))).collect();
    let statements: Vec<&str> = asked.iter().map(|(one, _)| one.sql.as_str()).collect();
    // Of pseudonyms nobody knows where a constant stands, and another SQLite cannot be told for which statements that matters.
    let samples =
        if source.has_pseudonyms { source.statistics.without_stat4() } else { source.statistics.clone() };
    let setup = setup(clone, &samples)?;
    let is_python = engine.file_name().is_some_and(|name| name.to_string_lossy().contains("python"));
    let told =
        if is_python { python(engine, &setup, &statements) } else { shell(engine, &setup, &statements) }?;
    let who = format!("SQLite {} of {}", told.version, engine.display());
    let mut notes = vec![];
    let mut alike = 0;
    for ((one, own), plan) in asked.iter().zip(&told.plans) {
        match plan {
            None => notes.push(format!("{who} refuses \"{}\"", one.name)),
            Some(plan) if what(plan) == what(own) => alike += 1,
            Some(plan) => {
                let lines: Vec<_> = plan.nodes.iter().map(|node| node.detail.as_str()).collect();
                notes.push(format!("{who} plans \"{}\" otherwise: {}", one.name, lines.join("; ")));
            }
        }
    }
    notes.push(format!("{who} plans {alike} of {} statements alike", asked.len()));
    Ok(notes)
}

/// What a plan does, whatever the words of its SQLite: which tables are read by which index, and what is sorted.
fn what(plan: &Plan) -> Vec<String> {
    let is_subquery = |source: &str| source.starts_with("SUBQUERY") || source.starts_with("(subquery");
    let read = accesses(plan).filter(|access| !is_subquery(access.source)).map(|access| {
        let index = access.using.map_or("", |using| using.name);
        format!("{} {} {index}", access.source, access.scans)
    });
    let sorts = plan.nodes.iter().filter(|node| node.detail.starts_with("USE TEMP B-TREE"));
    read.chain(sorts.map(|node| node.detail.clone())).collect()
}

/// The statements that make the clone there. Those of its schema were each looked at when it was made here.
fn setup(clone: &Session, statistics: &Statistics) -> Result<Vec<String>> {
    let read = || -> rusqlite::Result<Vec<String>> {
        let mut rows = clone.connection().prepare(
            "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
             ORDER BY type <> 'table', rowid",
        )?;
        rows.query_map([], |row| row.get(0))?.collect()
    };
    let schema = read().context(|| "cannot read the schema of the clone".to_owned())?;
    let stat1 = statistics.stat1.iter().map(|row| {
        let index = row.index.as_deref().map_or("NULL".to_owned(), literal);
        format!("INSERT INTO sqlite_stat1 VALUES ({}, {index}, {})", literal(&row.table), literal(&row.stat))
    });
    let stat4 = statistics.stat4.iter().map(|row| {
        let numbers =
            [&row.equal, &row.less, &row.distinct_less].map(|numbers| literal(&written(numbers))).join(", ");
        let (table, index, sample) = (literal(&row.table), literal(&row.index), hex(&row.sample));
        format!("INSERT INTO sqlite_stat4 VALUES ({table}, {index}, {numbers}, x'{sample}')")
    });
    // Of an empty database it makes the tables for statistics, and at the end it reads them.
    let (first, last) = (["ANALYZE".to_owned()], ["ANALYZE sqlite_master".to_owned()]);
    Ok(first.into_iter().chain(schema).chain(stat1).chain(stat4).chain(last).collect())
}

fn python(engine: &Path, setup: &[String], statements: &[&str]) -> Result<Told> {
    #[derive(serde::Deserialize)]
    struct Answer {
        version: String,
        plans: Vec<Option<Vec<(i64, i64, String)>>>,
    }
    let work = serde_json::json!({ "setup": setup, "statements": statements }).to_string();
    let output = run(engine, &["-I", "-c", PYTHON], &work)?;
    let answer: Answer = serde_json::from_str(&output).map_err(|e| fault(engine, &e.to_string()))?;
    let plans = answer.plans.into_iter().map(|rows| Some(Plan::from_rows(rows?)));
    Ok(Told { version: answer.version, plans: plans.collect() })
}

fn shell(engine: &Path, setup: &[String], statements: &[&str]) -> Result<Told> {
    let version = run(engine, &["--version"], "")?;
    let version = version.split_whitespace().next().unwrap_or("?").to_owned();
    let mut script: String = setup.iter().map(|sql| format!("{sql}\n;\n")).collect();
    for (number, sql) in statements.iter().enumerate() {
        script.push_str(&format!(".print {MARK}{number}\nEXPLAIN QUERY PLAN {sql}\n;\n"));
    }
    // Whatever stands in a schema, a safe shell runs no program and opens no file.
    let output = run(engine, &["-batch", "-safe", ":memory:"], &script)?;
    let mut plans: Vec<Option<Plan>> = vec![None; statements.len()];
    let mut current = None;
    for line in output.lines() {
        if let Some(number) = line.strip_prefix(MARK) {
            current = number.parse::<usize>().ok();
        } else if let Some(plan) = current.and_then(|number| plans.get_mut(number)) {
            plan.get_or_insert_default().nodes.extend(branch(line));
        }
    }
    Ok(Told { version, plans })
}

/// A line of the tree that the shell draws: three characters a level.
fn branch(line: &str) -> Option<Node> {
    let (mut rest, mut depth) = (line, 0);
    while let Some(deeper) = rest.strip_prefix("|  ").or_else(|| rest.strip_prefix("   ")) {
        (rest, depth) = (deeper, depth + 1);
    }
    let detail = rest.strip_prefix("|--").or_else(|| rest.strip_prefix("`--"))?;
    Some(Node { depth, detail: detail.to_owned() })
}

/// What a program writes that is given a text on its standard input.
fn run(engine: &Path, arguments: &[&str], input: &str) -> Result<String> {
    let mut file = tempfile::tempfile().map_err(Error::file("cannot write", &std::env::temp_dir()))?;
    let written = file.write_all(input.as_bytes()).and_then(|()| file.rewind());
    written.map_err(Error::file("cannot write", &std::env::temp_dir()))?;
    let output = Command::new(engine).args(arguments).stdin(Stdio::from(file)).stderr(Stdio::null()).output();
    let output = output.map_err(|e| fault(engine, &e.to_string()))?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    if said.is_empty() {
        return Err(fault(engine, "it says nothing"));
    }
    Ok(said)
}

fn fault(engine: &Path, why: &str) -> Error {
    let advice = "name a sqlite3 shell of 3.37 or later, or a python3";
    Error::Invalid(format!("{}: cannot be asked for plans: {why}; {advice}", engine.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_of_the_shell_is_read_with_its_depth() {
        let lines = [
            "QUERY PLAN",
            "|--MATERIALIZE y",
            "|  |--SCAN t",
            "|  `--USE TEMP B-TREE FOR GROUP BY",
            "`--SCAN y",
        ];
        let plan = Plan { nodes: lines.iter().filter_map(|line| branch(line)).collect() };
        assert_eq!(plan.to_string(), "MATERIALIZE y\n  SCAN t\n  USE TEMP B-TREE FOR GROUP BY\nSCAN y");
    }

    #[test]
    fn plans_are_alike_whatever_the_words_of_their_version() {
        let plan = |text: &str| what(&Plan::from_text(text));
        assert_eq!(
            plan("SCAN TABLE t USING INDEX i\nSCAN SUBQUERY 1"),
            plan("SCAN t USING INDEX i\nSCAN (subquery-1)")
        );
        assert_ne!(plan("SCAN t USING INDEX i"), plan("SCAN t USING INDEX j"));
        assert_ne!(plan("SCAN t"), plan("SCAN t\nUSE TEMP B-TREE FOR ORDER BY"));
    }
}
