//! Room in the file that holds nothing.
//!
//! **Finds** free pages and half-empty ones that make up a third of the file, and a write-ahead log that is larger than the
//! database. **Why:** deletes leave their pages to later inserts (<https://www.sqlite.org/pragma.html#pragma_freelist_count>), and
//! rows that go here and there leave each page half empty, so every scan reads more pages than it has rows for; a log that
//! readers keep from being reset is searched at each read (<https://www.sqlite.org/wal.html#avoiding_excessively_large_wal_files>).
//! **Cure:** VACUUM, and `PRAGMA auto_vacuum = INCREMENTAL` where much is deleted again and again; for the log
//! `PRAGMA wal_checkpoint(TRUNCATE)`, short read transactions and `PRAGMA journal_size_limit`. **Verified** by running VACUUM
//! on a copy: its size before and after is told; of the log only the size is looked at. **Silent** below a mebibyte.

use crate::advise::prepare::plain;
use crate::advise::rules::finding::Verification;
use crate::advise::rules::{Finding, RuleContext};
use crate::error::Result;
use crate::model::units;
use crate::sqlite::Session;

/// The rule's name.
pub const NAME: &str = "storage";

/// Bytes below which room is not looked at.
const LITTLE: u64 = 1 << 20;
/// A log of up to a thousand pages is usual.
const USUAL_LOG: u64 = 8 << 20;
/// Bytes above which VACUUM is not tried.
const MOST_TRIED: u64 = 1 << 30;

/// Looks at the whole file, and at the log beside it.
///
/// # Errors
/// [`crate::Error::Interrupted`], or [`crate::Error::File`] if a copy cannot be written.
pub fn find(context: &RuleContext<'_>) -> Result<Vec<Finding>> {
    let mut all: Vec<Finding> = empty_room(context)?.into_iter().collect();
    let mut log = context.prepared.request.database.clone().into_os_string();
    log.push("-wal");
    let log = std::fs::metadata(log).map_or(0, |m| m.len());
    all.extend(large_log(log, file_bytes(context)));
    Ok(all)
}

fn file_bytes(context: &RuleContext<'_>) -> u64 {
    context.number("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").unwrap_or(0)
}

/// Free and half-empty pages, where VACUUM of a copy shows that a third of the file was room.
fn empty_room(context: &RuleContext<'_>) -> Result<Option<Finding>> {
    let bytes = file_bytes(context);
    let free =
        context.number("SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size");
    let within = context.number("SELECT coalesce(sum(unused), 0) FROM dbstat");
    let room = free.unwrap_or(0) + within.unwrap_or(0);
    // VACUUM runs the texts of the schema.
    let plain = context.schema().tables.iter().all(|t| plain(t).is_ok());
    if !plain || room < LITTLE || room * 3 < bytes || bytes > MOST_TRIED || context.prepared.whole.is_some() {
        return Ok(None);
    }
    let cancel = context.progress.cancel_token();
    let path = context.prepared.snapshot.duplicate("vacuumed.db")?;
    let session = Session::open(&path, cancel)?;
    let conn = session.connection();
    let vacuum = || -> rusqlite::Result<()> {
        // It attaches the file that it writes.
        conn.set_limit(rusqlite::limits::Limit::SQLITE_LIMIT_ATTACHED, 1)?;
        conn.execute_batch("VACUUM")
    };
    // A schema that needs more of the application than a stand-in can keep it from being run.
    let vacuumed = context.prepared.workload.stand_ins.install(conn).is_ok() && vacuum().is_ok();
    let pages = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";
    let after: Option<u64> = conn.query_row(pages, [], |r| r.get(0)).ok().filter(|_| vacuumed);
    drop(session);
    std::fs::remove_file(&path).map_err(crate::Error::file("cannot remove", &path))?;
    let Some(after) = after.filter(|after| after * 3 <= bytes * 2) else { return Ok(None) };
    let what = format!(
        "of {} of the file {} are free pages and room in half-empty ones, which deletes left",
        units::bytes(bytes),
        units::bytes(room)
    );
    let counted =
        format!("VACUUM of a copy made it {} instead of {}", units::bytes(after), units::bytes(bytes));
    let remedy = "VACUUM writes the file anew, so it takes as much room again and locks the database meanwhile; where as much \
         will be inserted again soon, the room serves that; PRAGMA auto_vacuum = INCREMENTAL before it lets free pages go a \
         few at a time";
    let finding = Finding::of_schema("", vec![], what, Verification::Counted(counted)).with_remedy(remedy);
    Ok(Some(finding.with_sql("VACUUM".to_owned(), vec![])))
}

/// A log that is larger than the database.
fn large_log(log: u64, database: u64) -> Option<Finding> {
    if log <= USUAL_LOG || log <= database {
        return None;
    }
    let what = format!("the write-ahead log holds {}, more than the database itself", units::bytes(log));
    let open = Verification::Open("only its size was looked at".to_owned(), None);
    let remedy = "a connection that keeps reading, or a large transaction, keeps the log from being reset: end read \
         transactions early, and set PRAGMA journal_size_limit";
    let finding = Finding::of_schema("", vec!["log".to_owned()], what, open).with_remedy(remedy);
    Some(finding.with_sql("PRAGMA wal_checkpoint(TRUNCATE)".to_owned(), vec![]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advise::rules::testing::{found, one};

    const SCHEMA: &str = "CREATE TABLE item(id INTEGER PRIMARY KEY, body TEXT);
        {N} INSERT INTO item SELECT i, hex(zeroblob(100)) FROM n";
    const SQL: &str = "SELECT count(body) FROM item";

    #[test]
    fn what_a_purge_left_is_told_with_what_vacuum_would_give_back() -> Result<()> {
        let purged = format!("{SCHEMA}; DELETE FROM item WHERE id < 9000 OR id % 100 > 15");
        let advice = one(NAME, &purged, SQL)?;
        assert_eq!(advice.sql(), Some("VACUUM"));
        assert!(advice.common().verification.as_ref().unwrap().note.starts_with("VACUUM of a copy made it"));
        assert!(found(NAME, SCHEMA, SQL)?.is_empty());
        Ok(())
    }

    #[test]
    fn a_log_is_told_where_it_is_larger_than_its_database() {
        assert!(large_log(500 << 20, 90 << 20).is_some_and(|f| f.what.contains("write-ahead log")));
        assert!(large_log(6 << 20, 1 << 20).is_none() && large_log(50 << 20, 90 << 20).is_none());
    }
}
