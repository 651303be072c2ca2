use super::*;
use std::time::Duration;

fn session() -> Result<Session> {
    let session = Session::in_memory()?;
    session.connection().execute_batch(
        "CREATE TABLE t(a INTEGER PRIMARY KEY, b);
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
         INSERT INTO t SELECT i, i % 7 FROM n",
    )?;
    Ok(session)
}

#[test]
fn counters_repeat_exactly_and_shrink_with_an_index() -> Result<()> {
    let session = session()?;
    let sql = "SELECT a FROM t WHERE b = ?";
    let counted = |s: &Session| -> Result<Counters> {
        let run = s.run(sql, &[Value::Integer(3)], Limit::NONE)?;
        Ok(Counters { time_ns: 0, ..run.counters })
    };
    let before = counted(&session)?;
    assert_eq!(before, counted(&session)?);
    assert_eq!((before.rows, before.full_scan_steps), (714, 4999));
    session.connection().execute_batch("CREATE INDEX i ON t(b)")?;
    let after = counted(&session)?;
    assert!(after.vm_steps < before.vm_steps && after.rows == before.rows);
    assert!(session.plan(sql, &[])?.uses("i"));
    Ok(())
}

#[test]
fn a_run_stops_at_its_limit_and_says_so() -> Result<()> {
    let session = session()?;
    let limit = Limit { cost: 1_000_000.0, time: Duration::MAX };
    let run = session.run("SELECT count(*) FROM t x, t y WHERE x.b + y.b = 99", &[], limit)?;
    assert!(run.counters.timed_out && run.counters.vm_steps < 110_000);
    Ok(())
}

#[test]
fn writes_are_counted_and_rolled_back() -> Result<()> {
    let session = session()?;
    let run = session.run("DELETE FROM t WHERE b = 3", &[], Limit::NONE)?;
    assert_eq!(run.counters.rows, 714);
    let limit = Limit { cost: 20_000.0, time: Duration::MAX };
    assert!(session.run("UPDATE t SET b = b + 1", &[], limit)?.counters.timed_out);
    let left: (i64, i64) = session
        .connection()
        .query_row("SELECT count(*), max(b) FROM t", [], |r| Ok((r.get(0)?, r.get(1)?)))?;
    assert_eq!(left, (5000, 6));
    Ok(())
}

#[test]
fn a_copy_does_not_grow_without_bound() -> Result<()> {
    let file = tempfile::NamedTempFile::new().map_err(Error::file("cannot make", Path::new("a file")))?;
    Connection::open(file.path())?.execute_batch("CREATE TABLE t(a)")?;
    let session = Session::open(file.path(), CancelToken::never())?;
    let huge = session.run("INSERT INTO t VALUES (zeroblob(400000000))", &[], Limit::NONE);
    assert!(huge.is_err_and(|e| e.to_string().contains("the disk is full, or the database is damaged")));
    Ok(())
}

#[test]
fn a_write_tells_the_pages_that_a_commit_would_write() -> Result<()> {
    let file = tempfile::NamedTempFile::new().map_err(Error::file("cannot make", Path::new("a file")))?;
    let conn = Connection::open(file.path())?;
    conn.execute_batch("CREATE TABLE t(a, b); CREATE TABLE u(a); INSERT INTO t VALUES (1, 2)")?;
    drop(conn);
    let session = Session::open(file.path(), CancelToken::never())?;
    let written = |sql: &str| Ok::<_, Error>(session.run(sql, &[], Limit::NONE)?.counters.pages_written);
    assert_eq!([written("UPDATE t SET b = 3")?, written("SELECT b FROM t")?], [1, 0]);
    session.connection().execute_batch("CREATE INDEX i ON t(b)")?;
    assert_eq!(written("UPDATE t SET b = 3")?, 2);
    let left: i64 = session.connection().query_row("SELECT b FROM t", [], |r| r.get(0))?;
    assert_eq!(left, 2);
    Ok(())
}
