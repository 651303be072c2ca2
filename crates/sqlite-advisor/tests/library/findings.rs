//! What the rules offer can be run as it is written, on the database itself, and gives the same rows; whatever the names are.

use rusqlite::Connection;
use rusqlite::types::Value;
use sqlite_advisor::advise::{Request, advise};
use sqlite_advisor::model::report::{Recommendation, Report};
use sqlite_advisor::progress::Silent;
use sqlite_advisor::workload::readers::sql::queries;
use std::collections::BTreeSet;
use std::path::Path;

/// Names that hold what could end a string, a statement or a comment.
const SCHEMA: &str = r#"
    CREATE TABLE "o'd""d; --"(id INTEGER PRIMARY KEY, "a'""b" DATETIME, "select" TEXT, `x[` INT, state TEXT);
    CREATE TABLE [of it](id INTEGER PRIMARY KEY, "the ""key" INT, how TEXT, who TEXT COLLATE NOCASE);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 8000)
    INSERT INTO "o'd""d; --" SELECT i, datetime('2026-01-01', (i * 37 % 9973) || ' minutes'), 'Word' || i || ' of it',
        i * 7919 % 8009, iif(i % 50, 'done', 'open') FROM n;
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 8000)
    INSERT INTO [of it] SELECT i, i, iif(i % 3, 'well', 'badly'), 'word' || i || ' OF it' FROM n;
    CREATE UNIQUE INDEX "i'1""; --" ON "o'd""d; --"("a'""b");
    CREATE INDEX "open ones" ON "o'd""d; --"(`x[`) WHERE state = 'open';
    CREATE INDEX "how""" ON [of it](how, "the ""key");"#;

/// The writes are so heavy that hardly an index is advised, and an index that is not unique may be advised to go.
const WORKLOAD: &str = r#"
    -- weight: 1e6
    INSERT INTO "o'd""d; --"(state) VALUES ('x');
    -- weight: 1e6
    INSERT INTO [of it](how) VALUES ('x');
    -- weight: 1e5
    SELECT how FROM [of it] WHERE id = 7;
    SELECT "select" FROM "o'd""d; --" WHERE date("a'""b") = '2026-01-05' AND id < 7900;
    SELECT min("a'""b"), max("a'""b") FROM "o'd""d; --";
    -- param: :word = '%ord777%'
    SELECT o.id FROM "o'd""d; --" AS o WHERE o."select" LIKE :word;
    -- param: :state = 'open'
    -- param: :most = 900
    SELECT "select" FROM "o'd""d; --" WHERE `x[` < :most AND state IN (:state);
    SELECT "select" FROM "o'd""d; --" o WHERE id BETWEEN 7 AND 9
        AND id NOT IN (SELECT "the ""key" FROM [of it] WHERE how = 'well');
    SELECT o.id, i.how FROM "o'd""d; --" o JOIN [of it] i ON i.id = o.id WHERE o."a'""b" = '2026-01-05 00:00:00' OR i.id = 9;
    SELECT id FROM "o'd""d; --" ORDER BY `x[` DESC, id LIMIT 3"#;

fn advised(folder: &Path) -> Result<Report, Box<dyn std::error::Error>> {
    let db = folder.join("app.db");
    Connection::open(&db)?.execute_batch(SCHEMA)?;
    Ok(advise(&Request::new(&db).queries(queries("queries.sql", WORKLOAD)), &Silent)?)
}

/// The rows of a statement in an order of our own, its parameters bound by name.
fn rows(conn: &Connection, sql: &str) -> rusqlite::Result<Vec<String>> {
    let mut statement = conn.prepare(sql)?;
    for (name, value) in [
        (":word", Value::Text("%ord777%".into())),
        (":state", Value::Text("open".into())),
        (":most", Value::Integer(900)),
    ] {
        if let Some(at) = statement.parameter_index(name)? {
            statement.raw_bind_parameter(at, value)?;
        }
    }
    let (mut found, columns) = (vec![], statement.column_count());
    let mut cursor = statement.raw_query();
    while let Some(row) = cursor.next()? {
        let values = (0..columns).map(|i| row.get::<_, Value>(i)).collect::<rusqlite::Result<Vec<_>>>()?;
        found.push(format!("{values:?}"));
    }
    found.sort();
    Ok(found)
}

#[test]
fn every_offer_runs_as_it_is_written_and_gives_the_same_rows() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let document = advised(folder.path())?;
    assert!(document.workload.skipped.is_empty(), "{:?}", document.workload.skipped);
    let conn = Connection::open(folder.path().join("app.db"))?;
    let mut verified = BTreeSet::new();
    for advice in &document.recommendations {
        let Some(proposal) = advice.proposal() else { continue };
        for sql in &proposal.needs {
            conn.execute_batch(sql)?;
        }
        let sql = proposal.sql.as_deref().unwrap_or_default();
        match advice {
            Recommendation::Rewrite(_) => {
                let name = &proposal.common.helps[0].statement;
                let old = document.workload.statements.iter().find(|s| s.id == *name).map(|s| s.sql.as_str());
                let old = rows(&conn, old.unwrap_or_default())?;
                assert!(!old.is_empty() && old == rows(&conn, sql)?, "{sql}");
            }
            _ => conn.execute_batch(sql)?,
        }
        if proposal.common.verification.as_ref().is_some_and(|v| v.verified) {
            verified.extend(proposal.common.rule.as_deref());
        }
    }
    let wanted = ["like_wildcard", "min_max", "not_in", "or_across", "single_in", "wrapped_column"];
    for rule in wanted {
        assert!(verified.contains(rule), "{rule} is missing among {verified:?}");
    }
    Ok(())
}

#[test]
fn findings_are_the_same_in_every_run() -> Result<(), Box<dyn std::error::Error>> {
    let folders = [tempfile::tempdir()?, tempfile::tempdir()?];
    let [one, two] = [advised(folders[0].path())?, advised(folders[1].path())?];
    let told = |d: &Report| -> Vec<String> {
        let told = |r: &Recommendation| {
            let needs = r.proposal().map(|p| p.needs.clone());
            format!("{:?} {} {:?} {needs:?}", r.common().rule, r.common().reason, r.sql())
        };
        d.recommendations.iter().map(told).collect()
    };
    assert_eq!(told(&one), told(&two));
    assert!(one.recommendations.iter().filter(|r| r.common().rule.is_some()).count() >= 6);
    Ok(())
}
