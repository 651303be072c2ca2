use super::*;
use crate::change::backup::default_folder;
use crate::progress::Silent;
use std::time::Duration;

/// Two indexes between a table and a view, so that the order of the schema matters.
const DATABASE: &str = "CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, a, b); CREATE INDEX old ON t(b);
    CREATE TABLE u(x); CREATE VIEW v AS SELECT a FROM t;
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 300) INSERT INTO t(a, b) SELECT i, i % 7 FROM n;
    ANALYZE; DELETE FROM t WHERE id > 250;";

struct App {
    _folder: tempfile::TempDir,
    db: PathBuf,
}

impl App {
    fn new() -> Result<Self> {
        let folder = tempfile::tempdir().unwrap();
        let db = folder.path().join("app.db");
        Connection::open(&db)?.execute_batch(DATABASE)?;
        Ok(Self { _folder: folder, db })
    }

    fn options(&self) -> Options {
        Options {
            backups: default_folder(&self.db),
            keep: 3,
            accept: Default::default(),
            wait: Duration::from_millis(50),
            receipt: true,
        }
    }

    fn apply(&self, steps: Vec<Step>) -> Result<bool> {
        let stage = Stage { name: "apply".into(), steps, ..Stage::default() };
        let change = Change { name: "apply".into(), stages: vec![stage], rules: vec![] };
        Ok(carry_out(&self.db, &change, &self.options(), &Silent)?.committed)
    }

    fn find(&self) -> Result<Option<Undo>> {
        find(&self.db, &default_folder(&self.db), &Silent)
    }

    fn undo(&self) -> Result<bool> {
        let Some(found) = self.find()? else { return Ok(false) };
        undo(&self.db, &found, &self.options(), &Silent)?;
        Ok(true)
    }

    fn run(&self, sql: &str) -> Result<()> {
        Ok(Connection::open(&self.db)?.execute_batch(sql)?)
    }

    /// All that `.dump` tells, in its order.
    fn dump(&self) -> Result<Vec<String>> {
        let conn = Connection::open(&self.db)?;
        let sql = "SELECT sql FROM sqlite_schema UNION ALL SELECT tbl || idx || stat FROM sqlite_stat1 UNION ALL SELECT quote(id) || quote(a) || quote(b) FROM t
                   UNION ALL SELECT name || seq FROM sqlite_sequence";
        let mut select = conn.prepare(sql)?;
        let lines = select.query_map([], |r| Ok(r.get::<_, Option<String>>(0)?.unwrap_or_default()))?;
        Ok(lines.collect::<rusqlite::Result<_>>()?)
    }
}

fn advice() -> Vec<Step> {
    vec![Step::create_index("new", "t(a, b)"), Step::DropIndex { index: "old".into() }, Step::Analyze]
}

#[test]
fn changes_are_taken_back_one_by_one_and_exactly() -> Result<()> {
    let app = App::new()?;
    let before = app.dump()?;
    assert!(app.apply(advice())?);
    let between = app.dump()?;
    assert!(app.apply(vec![Step::create_index("another", "u(x)")])?);
    assert!(app.undo()?);
    assert_eq!(app.dump()?, between);
    assert!(app.undo()?);
    assert_eq!(app.dump()?, before);
    assert!(!app.undo()?, "nothing is left to take back");
    assert!(app.apply(advice())? && app.undo()?);
    assert_eq!(app.dump()?, before);
    Ok(())
}

#[test]
fn statistics_alone_are_taken_back_too() -> Result<()> {
    let app = App::new()?;
    let before = app.dump()?;
    assert!(app.apply(vec![Step::Analyze])?);
    assert_ne!(app.dump()?, before);
    assert!(app.undo()?);
    assert_eq!(app.dump()?, before);
    Ok(())
}

#[test]
fn rows_that_were_written_since_stay() -> Result<()> {
    let app = App::new()?;
    let before = app.dump()?;
    app.apply(advice())?;
    app.run("INSERT INTO t(a, b) VALUES ('kept', 1); CREATE TABLE also_kept(y)")?;
    let found = app.find()?.unwrap();
    assert_eq!(found.since, ["table also_kept", "rows of also_kept", "rows of sqlite_sequence", "rows of t"]);
    assert!(app.undo()?);
    let after = app.dump()?;
    assert!(
        before.iter().filter(|line| !line.starts_with("t3")).all(|line| after.contains(line)),
        "{after:?}"
    );
    assert!(
        after.iter().any(|line| line.contains("kept"))
            && !after.iter().any(|line| line.contains("INDEX new"))
    );
    assert!(!app.undo()?);
    Ok(())
}

#[test]
fn what_was_changed_again_is_left_and_told() -> Result<()> {
    let app = App::new()?;
    app.apply(advice())?;
    app.run("DROP INDEX new; CREATE INDEX new ON u(x)")?;
    let found = app.find()?.unwrap();
    assert_eq!(found.since[0], "index new");
    assert!(app.undo()?);
    let schema = app.dump()?;
    assert!(schema.contains(&"CREATE INDEX new ON u(x)".to_owned()));
    assert!(schema.contains(&"CREATE INDEX old ON t(b)".to_owned()));
    Ok(())
}

#[test]
fn a_change_of_tables_goes_back_as_a_whole_or_tells_what_would_be_lost() -> Result<()> {
    let app = App::new()?;
    let before = app.dump()?;
    let add = || vec![Step::add_column("t", "c", "TEXT DEFAULT 'x'")];
    app.apply(add())?;
    assert!(app.undo()?);
    assert_eq!(app.dump()?, before);
    app.apply(add())?;
    app.run("INSERT INTO u VALUES (7)")?;
    let error = app.undo().unwrap_err().to_string();
    assert!(error.contains("rows of u") && error.contains("advisor restore app.db --from"), "{error}");
    Ok(())
}

#[test]
fn a_backup_that_is_gone_or_changed_is_told() -> Result<()> {
    let app = App::new()?;
    app.apply(advice())?;
    let backup = app.find()?.unwrap().backup;
    Connection::open(&backup)?.execute_batch("DELETE FROM t")?;
    assert!(app.undo().unwrap_err().to_string().contains("is not the backup that was made"));
    std::fs::remove_file(&backup).unwrap();
    assert!(app.undo().unwrap_err().to_string().contains("the backup is gone"));
    Ok(())
}

#[test]
fn a_change_that_fails_leaves_nothing() -> Result<()> {
    let app = App::new()?;
    assert!(app.apply(vec![Step::create_index("a", "t(a)"), Step::create_index("b", "t(absent)")]).is_err());
    assert!(!default_folder(&app.db).exists());
    Ok(())
}
