//! The functions that take any bytes. Each returns why its answer is wrong, if it is.

use crate::answers;
use crate::mutate::Kind;
use crate::seeds;
use goals::report as speedup;
use goals::speedup::value::Speedup;
use rusqlite::Connection;
use sqlite_advisor::change::diff::{compare, script, to_sql};
use sqlite_advisor::change::script::{read, schema_of};
use sqlite_advisor::change::undo::{find, undo};
use sqlite_advisor::change::{Options, carry_out};
use sqlite_advisor::model::plan::Plan;
use sqlite_advisor::progress::Silent;
use sqlite_advisor::render::{Html, Json, Markdown, Renderer, Sql, Style, Text, json, workload};
use sqlite_advisor::sql::{lexer, syntax};
use sqlite_advisor::sqlite::Bounds;
use sqlite_advisor::workload::read_text;
use sqlite_advisor::{Report, Request, advise};
use std::path::Path;
use std::time::Duration;

/// One way in for files of others.
pub struct Target {
    /// Its name on the command line.
    pub name: &'static str,
    /// What its inputs are.
    pub kind: Kind,
    /// Inputs of a usual run.
    pub usual: usize,
    /// What the inputs are made from.
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// What is done with an input.
    pub run: fn(&[u8]) -> Outcome,
}

type Outcome = Result<(), String>;

/// All of them.
pub const TARGETS: [Target; 9] = [
    Target { name: "database", kind: Kind::Bytes, usual: 60, seeds: seeds::databases, run: database },
    Target { name: "statements", kind: Kind::Text, usual: 400, seeds: seeds::scripts, run: statements },
    Target { name: "schema", kind: Kind::Text, usual: 400, seeds: seeds::scripts, run: schema },
    Target { name: "diff", kind: Kind::Text, usual: 300, seeds: seeds::scripts, run: diff },
    Target { name: "logs", kind: Kind::Text, usual: 500, seeds: seeds::logs, run: logs },
    Target { name: "plan", kind: Kind::Text, usual: 500, seeds: seeds::plans, run: plan },
    Target { name: "report", kind: Kind::Text, usual: 200, seeds: seeds::reports, run: report },
    Target { name: "advice", kind: Kind::Text, usual: 150, seeds: seeds::advice, run: advice },
    // 96 pairs of answers each, so 5,088 in all.
    Target { name: "answers", kind: Kind::Bytes, usual: 53, seeds: seeds::numbers, run: answers::agree },
];

const QUERIES: [&str; 6] = [
    "SELECT text FROM word WHERE length = ? ORDER BY at DESC LIMIT 5",
    "SELECT * FROM pair JOIN word ON word.id = pair.b WHERE pair.c = 'x'",
    "SELECT kind, count(*) FROM word GROUP BY kind",
    "DELETE FROM word WHERE text = ?",
    "SELECT y FROM strict WHERE y > 3",
    "SELECT rowid FROM found WHERE found MATCH 'w1'",
];

/// What a database is asked about: its own statements, with a net of time.
fn request(path: &Path, queries: Vec<String>) -> Request {
    let mut request = Request::new(path).queries(queries);
    request.timeout = 0.2;
    request
}

fn told(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// Names and bytes of all that lies in a folder.
fn listing(folder: &Path) -> Result<Vec<(std::ffi::OsString, Vec<u8>)>, String> {
    let mut all = vec![];
    for entry in std::fs::read_dir(folder).map_err(told)? {
        let entry = entry.map_err(told)?;
        all.push((entry.file_name(), std::fs::read(entry.path()).map_err(told)?));
    }
    all.sort();
    Ok(all)
}

/// Advises on the file, tells it in every form, and looks that nothing in its folder has changed.
fn is_left_alone(folder: &Path, request: &Request) -> Outcome {
    let before = listing(folder)?;
    // Whether it is refused or advised on is not the question here.
    if let Ok(report) = advise(request, &Silent) {
        tell(&report)?;
    }
    if before == listing(folder)? { Ok(()) } else { Err("the folder of the database changed".to_owned()) }
}

/// A file of any bytes as a database.
fn database(input: &[u8]) -> Outcome {
    let folder = tempfile::tempdir().map_err(told)?;
    let path = folder.path().join("app.db");
    std::fs::write(&path, input).map_err(told)?;
    // The look at the pages refuses most of them at once; what lies behind it is to be reached as well.
    let sum = input.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
    Bounds { skip_check: !sum.is_multiple_of(4), paranoid: sum > 200, ..Bounds::default() }.set();
    is_left_alone(folder.path(), &request(&path, QUERIES.map(str::to_owned).to_vec()))?;
    if let Ok(schema) = schema_of(&path, &Silent) {
        let _ = to_sql(&schema, &Default::default());
    }
    Ok(())
}

/// A small database of each kind of table.
fn small(folder: &Path) -> Result<std::path::PathBuf, String> {
    static BYTES: std::sync::LazyLock<Vec<u8>> =
        std::sync::LazyLock::new(|| seeds::databases().into_iter().next().unwrap_or_default());
    let path = folder.join("app.db");
    std::fs::write(&path, BYTES.as_slice()).map_err(told)?;
    Ok(path)
}

/// Any text as the statements of an application.
fn statements(input: &[u8]) -> Outcome {
    let text = String::from_utf8_lossy(input);
    for statement in lexer::statements(&text) {
        let _ = lexer::canonical(&lexer::tokens(statement));
        let _ = syntax::parse(statement);
    }
    // The whole way takes a hundred times longer than reading.
    if input.len().is_multiple_of(16) {
        let folder = tempfile::tempdir().map_err(told)?;
        let path = small(folder.path())?;
        let queries = lexer::statements(&text).into_iter().take(4).map(str::to_owned).collect();
        is_left_alone(folder.path(), &request(&path, queries))?;
    }
    Ok(())
}

/// Any text in a schema: as a script, and as what stands in the table of the schema itself.
fn schema(input: &[u8]) -> Outcome {
    let folder = tempfile::tempdir().map_err(told)?;
    let script = folder.path().join("schema.sql");
    std::fs::write(&script, input).map_err(told)?;
    let _ = schema_of(&script, &Silent);
    std::fs::remove_file(&script).map_err(told)?;
    if input.len().is_multiple_of(16) {
        let path = small(folder.path())?;
        let text = String::from_utf8_lossy(input);
        let conn = Connection::open(&path).map_err(told)?;
        conn.execute_batch("PRAGMA writable_schema = ON").map_err(told)?;
        for (at, statement) in lexer::statements(&text).into_iter().take(8).enumerate() {
            let _ = conn.execute(
                "UPDATE sqlite_schema SET sql = ?1 WHERE rowid = (SELECT rowid FROM sqlite_schema WHERE sql > '' LIMIT 1 OFFSET ?2)",
                (statement, at as i64),
            );
        }
        drop(conn);
        is_left_alone(folder.path(), &request(&path, QUERIES.map(str::to_owned).to_vec()))?;
    }
    Ok(())
}

/// Two halves of any text as two schemas: the statements that bring one to the other do so.
fn diff(input: &[u8]) -> Outcome {
    let folder = tempfile::tempdir().map_err(told)?;
    let (a, b) = (folder.path().join("a.sql"), folder.path().join("b.sql"));
    let half = input.len() / 2;
    let middle = input.iter().skip(half).position(|byte| *byte == b';').map_or(half, |at| half + at + 1);
    std::fs::write(&a, input.get(..middle).unwrap_or_default()).map_err(told)?;
    std::fs::write(&b, input.get(middle..).unwrap_or_default()).map_err(told)?;
    if let (Ok(a), Ok(b)) = (schema_of(&a, &Silent), schema_of(&b, &Silent)) {
        let found = compare(&a, &b);
        let sql = to_sql(&a, &b).map(|sql| script(&sql));
        if found.is_empty() && sql.as_ref().is_ok_and(|sql| !sql.is_empty()) {
            return Err("equal schemas are brought to one another".to_owned());
        }
        if !compare(&a, &a).is_empty() {
            return Err("a schema differs from itself".to_owned());
        }
    }
    Ok(())
}

/// Any text as a log.
fn logs(input: &[u8]) -> Outcome {
    let text = String::from_utf8_lossy(input);
    if let Ok(read) = read_text("app.log", &text) {
        for width in [40, 100] {
            let _ = workload::text(&read, Style { width, color: false });
        }
        workload::json(&read).map_err(told)?;
        // What is kept as SQL reads back as the same statements.
        let again = read_text("kept.sql", &workload::sql(&read));
        let _ = again.map_err(|e| format!("what was written cannot be read: {e}"))?;
    }
    Ok(())
}

/// Any lines as a plan.
fn plan(input: &[u8]) -> Outcome {
    let text = String::from_utf8_lossy(input);
    let row = |line: &str| {
        let mut parts = line.splitn(3, ' ');
        let mut number = || parts.next().and_then(|n| n.parse().ok()).unwrap_or(0);
        let (id, parent) = (number(), number());
        (id, parent, parts.next().unwrap_or_default().to_owned())
    };
    let plan = Plan::from_rows(text.lines().map(row));
    let _ = (plan.to_string(), plan.uses("i"), plan.sorts());
    for node in &plan.nodes {
        let _ = (node.access(), node.phrase(), node.seeks("i", 2));
    }
    Ok(())
}

/// The report in every form; what is saved reads back.
fn tell(report: &Report) -> Outcome {
    let style = |width| Style { width, color: width == 40 };
    let forms: [&dyn Renderer; 6] =
        [&Text(style(40)), &Text(style(200)), &Json, &Sql::default(), &Markdown, &Html::default()];
    for form in forms {
        form.to_text(report).map_err(told)?;
    }
    Ok(())
}

/// Any text as a saved result.
fn report(input: &[u8]) -> Outcome {
    let text = String::from_utf8_lossy(input);
    if let Ok(report) = json::read(&text) {
        tell(&report)?;
    }
    if let Ok(Some(found)) = Speedup::from_json(&text) {
        let _ = speedup::terminal::lines(&found);
        let _ = speedup::markdown::markdown(&found);
        let _ = speedup::html(&found);
        let _ = found.to_json();
    }
    Ok(())
}

/// The advice on a database as documents, for the seeds.
pub fn advice_on(database: &[u8]) -> Vec<Vec<u8>> {
    let made = || -> Result<String, String> {
        let folder = tempfile::tempdir().map_err(told)?;
        let path = folder.path().join("app.db");
        std::fs::write(&path, database).map_err(told)?;
        let report = advise(&request(&path, QUERIES.map(str::to_owned).to_vec()), &Silent).map_err(told)?;
        Json.to_text(&report).map_err(told)
    };
    made().into_iter().map(String::into_bytes).collect()
}

/// Any text as advice to be carried out: wholly or not at all, and the rows stay.
fn advice(input: &[u8]) -> Outcome {
    let folder = tempfile::tempdir().map_err(told)?;
    let path = small(folder.path())?;
    for name in ["advice.json", "advice.sql"] {
        let file = folder.path().join(name);
        std::fs::write(&file, input).map_err(told)?;
        let Ok(script) = read(&file) else { continue };
        let before = rows(&path)?;
        let options = Options {
            backups: folder.path().join("backups"),
            keep: 1,
            accept: Default::default(),
            wait: Duration::ZERO,
            receipt: true,
        };
        let _ = carry_out(&path, &script.change, &options, &Silent);
        if let Ok(Some(found)) = find(&path, &options.backups, &Silent) {
            undo(&path, &found, &options, &Silent).map_err(told)?;
        }
        if rows(&path)? != before {
            return Err(format!("{name} changed rows, or the database is not sound"));
        }
    }
    Ok(())
}

/// The rows of every table, and whether the file is sound.
fn rows(path: &Path) -> Result<String, String> {
    let conn = Connection::open(path).map_err(told)?;
    let sound: String = conn.query_row("PRAGMA integrity_check", [], |r| r.get(0)).map_err(told)?;
    let mut all = sound;
    for table in ["word", "pair", "strict", "found"] {
        let digest = sqlite_advisor::sqlite::table_digest(&conn, table, None).map_err(told)?;
        all.push_str(&format!(" {digest}"));
    }
    Ok(all)
}
