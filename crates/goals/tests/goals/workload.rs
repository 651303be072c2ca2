//! The statements in workloads/ can be prepared on the tables they are written for.

use goals::schema::Variant;
use rusqlite::Connection;
use std::error::Error;
use std::fs;
use std::path::Path;

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

/// The statements of a folder with their headers. No statement of ours has a semicolon at the end of another line.
fn statements(folder: &str) -> Result<Vec<String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../workloads").join(folder);
    let mut all = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "sql") {
            let text = fs::read_to_string(path)?;
            all.extend(text.split(";\n").filter(|s| !s.trim().is_empty()).map(str::to_owned));
        }
    }
    Ok(all)
}

fn header<'a>(statement: &'a str, key: &str) -> Option<&'a str> {
    statement.lines().find_map(|line| line.strip_prefix("-- ")?.strip_prefix(key)?.strip_prefix(": "))
}

#[test]
fn what_the_application_sends_before_any_migration_runs_on_both_variants() -> Result {
    for variant in Variant::ALL {
        let conn = Connection::open_in_memory()?;
        variant.create(&conn)?;
        let mut all = statements("goals-before")?;
        all.extend(statements("goals")?.into_iter().filter(|s| header(s, "since") == Some("B0")));
        assert!(all.len() > 60);
        for statement in all {
            conn.prepare(&statement).map_err(|e| format!("{e} in {statement}"))?;
        }
    }
    Ok(())
}

#[test]
fn every_statement_has_a_name_of_its_own_and_what_the_application_sends_has_a_weight() -> Result {
    for folder in ["goals", "goals-before"] {
        let all = statements(folder)?;
        let mut names: Vec<_> = all.iter().filter_map(|s| header(s, "name")).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all.len());
        for statement in &all {
            let weighed =
                header(statement, "weight").is_some_and(|w| w.parse::<f64>().is_ok_and(|w| w > 0.0));
            assert!(weighed || header(statement, "pair").is_some(), "{statement}");
        }
    }
    Ok(())
}

#[test]
fn each_claim_has_a_join_and_a_form_with_root_id() -> Result {
    let all = statements("goals")?;
    for claim in ["activities", "newest_activities", "metric_aggregation", "session_report", "progress"] {
        let pair = all.iter().filter(|s| header(s, "pair") == Some(claim));
        let forms: Vec<_> = pair.map(|s| (header(s, "form"), header(s, "since"))).collect();
        assert_eq!(forms, [(Some("join"), Some("B0")), (Some("root_id"), Some("M2"))], "{claim}");
    }
    Ok(())
}
