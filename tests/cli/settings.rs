//! `.sqlite-advisor.toml`: found upward, below the environment and the options, and what it ignores.

use crate::check::{QUERIES, SCHEMA};
use crate::support::{Result, advisor, stderr, stdout};
use std::fs;
use std::path::Path;
use std::process::Output;

const SETTINGS: &str = "\
[check]
schema = 'sql/schema.sql'
workload = ['sql/queries.sql']
rows = 100
";

/// A project with its settings at the top and its files in a folder.
fn project(settings: &str) -> Result<tempfile::TempDir> {
    let folder = tempfile::tempdir()?;
    fs::create_dir_all(folder.path().join("sql/deep"))?;
    fs::write(folder.path().join("sql/schema.sql"), SCHEMA)?;
    fs::write(folder.path().join("sql/queries.sql"), QUERIES)?;
    fs::write(folder.path().join(".sqlite-advisor.toml"), settings)?;
    Ok(folder)
}

fn check(folder: &Path, options: &[&str], environment: &[(&str, &str)]) -> Result<Output> {
    let mut command = advisor(["check"].into_iter().chain(options.iter().copied()));
    command.current_dir(folder).envs(environment.iter().copied());
    Ok(command.output()?)
}

#[test]
fn the_file_is_found_upward_below_the_environment_below_the_options() -> Result {
    let project = project(SETTINGS)?;
    let deep = project.path().join("sql/deep");
    let scans = |options: &[&str], environment: &[(&str, &str)]| -> Result<Option<i32>> {
        Ok(check(&deep, options, environment)?.status.code())
    };
    let said = stdout(&check(&deep, &[], &[])?);
    assert!(
        said.contains("../../sql/queries.sql:5: \"all countries\" reads every row of countries, 190 rows"),
        "{said}"
    );
    assert_eq!(scans(&[], &[("ADVISOR_ROWS", "200")])?, Some(0));
    assert_eq!(scans(&["--rows", "50"], &[("ADVISOR_ROWS", "200")])?, Some(1));
    assert_eq!(scans(&["../schema.sql", "--workload", "../queries.sql", "--rows", "200"], &[])?, Some(0));
    Ok(())
}

#[test]
fn what_is_ignored_is_not_told_but_counted_with_its_reason() -> Result {
    let ignore = "[[check.ignore]]\nrule = 'full-scan'\nstatement = 'all countries'\nreason = 'a menu'\n
        [[check.ignore]]\nrule = 'lost-index'\nreason = 'nothing'";
    let project = project(&format!("{SETTINGS}{ignore}"))?;
    let output = check(project.path(), &[], &[])?;
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    assert!(stdout(&output).contains("note: full-scan of \"all countries\" is ignored 1x: a menu\n"));
    assert!(
        stdout(&output)
            .contains("note: lost-index of every statement is ignored, and there is none: nothing\n")
    );
    Ok(())
}

#[test]
fn a_file_with_a_slip_is_refused_and_a_lock_is_never_written_over_the_queries() -> Result {
    let slip = project("[check]\nlokc = 'advisor.lock'\n")?;
    let output = check(&slip.path().join("sql"), &[], &[])?;
    assert_eq!((output.status.code(), stderr(&output).lines().count()), (Some(2), 1));
    assert!(
        stderr(&output).contains("../.sqlite-advisor.toml:2: unknown field `lokc`"),
        "{}",
        stderr(&output)
    );
    let project = project(&format!("{SETTINGS}lock = 'sql/queries.sql'\n"))?;
    let output = check(project.path(), &["--update"], &[])?;
    assert!(
        stderr(&output).contains("is read by this command and is not overwritten"),
        "{}",
        stderr(&output)
    );
    Ok(())
}
