use super::*;
use crate::cancel::CancelToken;
use crate::change::{Rule, Stage};
use crate::progress::Silent;
use std::path::PathBuf;

struct World {
    folder: tempfile::TempDir,
    db: PathBuf,
}

impl World {
    fn new() -> Result<Self> {
        let folder = tempfile::tempdir().unwrap();
        let db = folder.path().join("app.db");
        Connection::open(&db)?.execute_batch(
            "CREATE TABLE t(id TEXT PRIMARY KEY, n INT); INSERT INTO t VALUES ('a', 1), ('b', 2), ('c', NULL);",
        )?;
        Ok(Self { folder, db })
    }

    fn options(&self, accept: &[&str]) -> Options {
        Options {
            backups: self.folder.path().join("backups"),
            keep: 3,
            accept: accept.iter().map(|s| (*s).to_owned()).collect(),
            wait: Duration::from_millis(100),
            receipt: true,
        }
    }

    fn run(&self, change: &Change, accept: &[&str]) -> Result<Outcome> {
        carry_out(&self.db, change, &self.options(accept), &Silent)
    }

    fn bytes(&self) -> Vec<u8> {
        std::fs::read(&self.db).unwrap()
    }
}

fn change(steps: Vec<Step>, rules: Vec<Rule>) -> Change {
    let stage = Stage { name: "S".into(), about: "for the test".into(), steps, notes: vec![] };
    Change { name: "test".into(), stages: vec![stage], rules }
}

fn fill() -> Vec<Step> {
    let fill = Step::Backfill {
        table: "t".into(),
        column: "m".into(),
        with: String::new(),
        from: String::new(),
        value: "n * 2".into(),
        predicate: "m IS NULL AND n IS NOT NULL".into(),
        source: None,
    };
    vec![Step::add_column("t", "m", "INTEGER"), fill, Step::create_index("i", "t(m)")]
}

#[test]
fn a_change_leaves_a_verified_backup_a_receipt_and_nothing_to_do() -> Result<()> {
    let world = World::new()?;
    let before = world.bytes();
    let outcome = world.run(&change(fill(), vec![]), &[])?;
    assert!(outcome.committed && outcome.verified());
    assert_eq!(outcome.done.iter().map(|d| d.rows).collect::<Vec<_>>(), [0, 2, 0]);
    let backup = outcome.backup.unwrap();
    let copied = Connection::open(&backup.path)?;
    assert_eq!(verify::digests(&copied, &[], &Silent)?.len(), 1);
    assert_eq!(std::fs::read(&backup.path).unwrap().len(), before.len());
    let receipts = crate::change::ledger::receipts(&world.db, &world.options(&[]).backups)?;
    assert_eq!(receipts.iter().map(|r| r.steps.len()).collect::<Vec<_>>(), [3]);

    let after = world.bytes();
    let again = world.run(&change(fill(), vec![]), &[])?;
    assert!(!again.committed && again.backup.is_none() && again.already == 3);
    assert!(after == world.bytes(), "the second run changed the file");
    Ok(())
}

#[test]
fn a_step_that_fails_takes_all_before_it_back() -> Result<()> {
    let world = World::new()?;
    let before = world.bytes();
    let mut steps = fill();
    steps.push(Step::create_index("j", "t(absent)"));
    let error = world.run(&change(steps, vec![]), &[]).unwrap_err();
    assert!(error.to_string().contains("create index j: no such column: absent"), "{error}");
    assert!(before == world.bytes());
    Ok(())
}

#[test]
fn a_rule_that_fails_rolls_back_unless_it_is_accepted() -> Result<()> {
    let world = World::new()?;
    let before = world.bytes();
    let rules = vec![Rule::new("no-m", "rows without m", "SELECT id FROM t WHERE m IS NULL")];
    let refused = world.run(&change(fill(), rules.clone()), &[])?;
    assert!(!refused.committed && before == world.bytes());
    assert_eq!(refused.checks.last().unwrap().examples, ["c"]);
    assert!(world.run(&change(fill(), rules), &["no-m"])?.committed);
    Ok(())
}

#[test]
fn a_step_that_changes_what_it_did_not_announce_is_caught() -> Result<()> {
    let world = World::new()?;
    let before = world.bytes();
    let sly = |sql: &str| change(vec![Step::CreateTable { table: "u".into(), sql: sql.into() }], vec![]);
    for sql in ["UPDATE t SET n = 7 WHERE id = 'a'", "DELETE FROM t WHERE id = 'a'"] {
        let outcome = world.run(&sly(sql), &[])?;
        assert!(!outcome.committed && before == world.bytes(), "{sql}");
    }
    Ok(())
}

#[test]
fn a_writer_or_a_reader_in_the_way_is_told_and_nothing_changes() -> Result<()> {
    let world = World::new()?;
    let before = world.bytes();
    let other = Connection::open(&world.db)?;
    for lock in ["BEGIN IMMEDIATE", "BEGIN; SELECT * FROM t"] {
        other.execute_batch(lock)?;
        let error = world.run(&change(fill(), vec![]), &[]).unwrap_err();
        assert!(error.to_string().contains("in use by another process"), "{error}");
        other.execute_batch("ROLLBACK")?;
    }
    drop(other);
    assert!(before == world.bytes());
    Ok(())
}

#[test]
fn a_rehearsal_shows_the_rows_and_touches_nothing() -> Result<()> {
    let world = World::new()?;
    let before = world.bytes();
    let outcome = rehearse(&world.db, &change(fill(), vec![]), &world.options(&[]), &Silent)?;
    assert_eq!(outcome.done[1].rows, 2);
    assert!(before == world.bytes() && !world.folder.path().join("backups").exists());
    Ok(())
}

struct Impatient(CancelToken);

impl Progress for Impatient {
    fn cancel_token(&self) -> &CancelToken {
        &self.0
    }
}

#[test]
fn an_interrupted_change_leaves_the_file_as_it_was() -> Result<()> {
    let world = World::new()?;
    let before = world.bytes();
    let impatient = Impatient(CancelToken::default());
    impatient.0.cancel();
    let result = carry_out(&world.db, &change(fill(), vec![]), &world.options(&[]), &impatient);
    assert!(matches!(result, Err(Error::Interrupted)), "{result:?}");
    assert!(before == world.bytes());
    Ok(())
}

#[test]
fn a_damaged_database_is_left_alone() -> Result<()> {
    let world = World::new()?;
    Connection::open(&world.db)?.execute_batch("CREATE TABLE big(a, b); CREATE INDEX big_a ON big(a);
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 5000) INSERT INTO big SELECT i, i || 'padding' FROM n;")?;
    let mut bytes = world.bytes();
    let at = bytes.len() / 2 / 4096 * 4096;
    bytes[at..at + 200].fill(0xff);
    std::fs::write(&world.db, &bytes).unwrap();
    assert!(world.run(&change(fill(), vec![]), &[]).is_err());
    assert!(bytes == world.bytes());
    assert!(!world.folder.path().join("backups").exists());
    Ok(())
}

#[test]
fn a_page_that_is_free_and_in_use_is_found_before_the_first_step() -> Result<()> {
    let world = World::new()?;
    let conn = Connection::open(&world.db)?;
    conn.execute_batch(
        "CREATE TABLE live(a); CREATE TABLE gone(a);
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 200) INSERT INTO gone SELECT zeroblob(4000) FROM n;
         INSERT INTO live SELECT randomblob(3000) FROM gone; DROP TABLE gone;",
    )?;
    drop(conn);
    let mut bytes = world.bytes();
    let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
    // The list's first page names the free pages; each of them becomes the last page of the file, which `live` uses.
    let (trunk, last) = ((number(32) - 1) * 4096, number(28) as u32);
    for place in 0..number(trunk + 4) {
        bytes[trunk + 8 + 4 * place..][..4].copy_from_slice(&last.to_be_bytes());
    }
    std::fs::write(&world.db, &bytes).unwrap();
    let steps = vec![Step::create_index("i", "live(a)")];
    let error = world.run(&change(steps, vec![]), &[]).unwrap_err();
    assert!(error.to_string().contains("damaged"), "{error}");
    assert!(bytes == world.bytes(), "the file was changed");
    Ok(())
}

#[test]
fn damage_that_only_the_copy_tells_takes_the_steps_back() -> Result<()> {
    let world = World::new()?;
    Connection::open(&world.db)?.execute_batch(
        "CREATE TABLE words(id INTEGER PRIMARY KEY, word); CREATE INDEX by_word ON words(word); INSERT INTO words VALUES (1, 'needle');",
    )?;
    let mut bytes = world.bytes();
    let at = bytes.windows(6).position(|w| w == b"needle").unwrap();
    // The table or the index now holds another word than the other: pages that hang together, and rows that do not.
    bytes[at] = b'N';
    std::fs::write(&world.db, &bytes).unwrap();
    let error = world.run(&change(fill(), vec![]), &[]).unwrap_err();
    assert!(error.to_string().contains("by_word"), "{error}");
    assert!(bytes == world.bytes(), "the file was changed");
    assert!(!world.folder.path().join("backups").exists());
    Ok(())
}
