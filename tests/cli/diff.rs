//! `advisor diff`: each difference by name, whatever the text looks like.

use crate::support::*;
use goals::schema::Variant;
use rusqlite::Connection;
use std::fs;

fn schemas() -> Result<(tempfile::TempDir, String, String)> {
    let folder = tempfile::tempdir()?;
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let (production, development) = (path("production.db"), path("development.db"));
    Variant::Production.create(&Connection::open(&production)?)?;
    Variant::Development.create(&Connection::open(&development)?)?;
    Ok((folder, production, development))
}

/// The section "Development versus production" of the reference sheet, line by line.
#[test]
fn development_and_production_differ_in_what_the_reference_sheet_lists() -> Result {
    let (_folder, production, development) = schemas()?;
    let done = run(["diff", &development, &production])?;
    assert_eq!(done.status.code(), Some(1));
    let expected = "\
column activity_definitions.group_id: only in A: VARCHAR (affinity TEXT)
column activity_definitions.has_splits: only in A: BOOLEAN (affinity NUMERIC) DEFAULT 0
foreign key activity_definitions: only in A: (group_id) REFERENCES activity_groups(id) ON DELETE NO ACTION ON UPDATE NO ACTION
index activity_definitions.idx_activity_group: only in A: (group_id)
column activity_groups.created_at: A TIMESTAMP (affinity NUMERIC); B DATETIME (affinity NUMERIC)
column activity_groups.description: A VARCHAR (affinity TEXT) DEFAULT ''; B VARCHAR (affinity TEXT)
column activity_groups.id: A VARCHAR (affinity TEXT) KEY 1; B VARCHAR (affinity TEXT) KEY 1 NOT NULL
column activity_groups.sort_order: A INTEGER DEFAULT 0; B INTEGER
column goals.template_id: A TEXT; B VARCHAR (affinity TEXT)
index goals.idx_session_duration: only in A: (total_duration_seconds) WHERE type = 'PracticeSession'
index goals.idx_session_end: only in A: (session_end) WHERE type = 'PracticeSession'
index goals.idx_session_start: only in A: (session_start) WHERE type = 'PracticeSession'
index goals.idx_template_id: only in A: (template_id) WHERE type = 'PracticeSession'
column metric_values.split_definition_id: only in A: STRING (affinity NUMERIC)
foreign key metric_values: only in A: (split_definition_id) REFERENCES split_definitions(id) ON DELETE RESTRICT ON UPDATE NO ACTION
column programs.created_at: A DATETIME (affinity NUMERIC); B TIMESTAMP (affinity NUMERIC) NOT NULL
column programs.description: A VARCHAR (affinity TEXT); B VARCHAR (affinity TEXT) DEFAULT ''
column programs.end_date: A DATETIME (affinity NUMERIC) NOT NULL; B TIMESTAMP (affinity NUMERIC) NOT NULL
column programs.id: A VARCHAR (affinity TEXT) KEY 1 NOT NULL; B VARCHAR (affinity TEXT) KEY 1
column programs.is_active: A BOOLEAN (affinity NUMERIC); B BOOLEAN (affinity NUMERIC) DEFAULT 1
column programs.start_date: A DATETIME (affinity NUMERIC) NOT NULL; B TIMESTAMP (affinity NUMERIC) NOT NULL
column programs.updated_at: A DATETIME (affinity NUMERIC); B TIMESTAMP (affinity NUMERIC) NOT NULL
index programs.idx_programs_active: only in B: (is_active)
index programs.idx_programs_root: only in B: (root_id)
";
    assert_eq!(stdout(&done), expected);
    Ok(())
}

#[test]
fn its_sql_makes_development_out_of_production_and_back() -> Result {
    let (_folder, production, development) = schemas()?;
    for (a, b) in [(&development, &production), (&production, &development)] {
        let copy = format!("{b}.copy");
        fs::copy(b, &copy)?;
        let sql = run(["diff", a, &copy, "--format", "sql"])?;
        Connection::open(&copy)?.execute_batch(&stdout(&sql))?;
        let left = run(["diff", a, &copy])?;
        assert_eq!((left.status.code(), stdout(&left).as_str()), (Some(0), "equal\n"));
    }
    Ok(())
}

#[test]
fn a_hostile_name_does_not_reach_the_terminal() -> Result {
    let (folder, a, _) = schemas()?;
    let b = folder.path().join("hostile.db");
    Connection::open(&b)?.execute_batch("CREATE TABLE \"a\u{1b}[2J\"(\"b\u{1b}[2J\" DEFAULT '\u{1b}')")?;
    let told = stdout(&run(["diff", &a, text(&b)])?);
    assert!(told.contains("a\\u{1b}[2J") && !told.contains('\u{1b}'), "{told}");
    Ok(())
}

#[test]
fn a_schema_file_in_another_spelling_is_equal() -> Result {
    let (folder, production, development) = schemas()?;
    let file = folder.path().join("other.sql");
    let sql = Variant::Production.sql().replace("CREATE TABLE goals", "create table \"goals\"");
    let sql = sql
        .replace(" TEXT", "   text /* words */")
        .replace("\n", " -- end\n")
        .replace("(root_id);", "([root_id]  ASC);");
    fs::write(&file, sql)?;
    assert_eq!(stdout(&run(["diff", &production, text(&file)])?), "equal\n");
    let json = run(["diff", &development, text(&file), "--format", "json"])?;
    assert_eq!(serde_json::from_slice::<Vec<serde_json::Value>>(&json.stdout)?.len(), 24);
    fs::write(&file, "CREATE TABLE t(a); ATTACH 'x' AS y;")?;
    let refused = run(["diff", &production, text(&file)])?;
    assert_eq!(
        (refused.status.code(), stderr(&refused).lines().count()),
        (Some(2), 1),
        "{}",
        stderr(&refused)
    );
    Ok(())
}
