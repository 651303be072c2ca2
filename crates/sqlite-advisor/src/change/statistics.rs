//! The statistics of a database as they are, to be put back as they were.

use crate::change::state::{STATISTICS, is_there};
use crate::error::{Context, Result};
use crate::sqlite::rows::written;
use rusqlite::Connection;

/// The rows of the statistics tables, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SavedStatistics(Vec<(&'static str, Option<Vec<String>>)>);

impl SavedStatistics {
    /// Reads them, whatever is in them.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`] if they cannot be read.
    pub fn read(conn: &Connection) -> Result<Self> {
        let rows = |table: &'static str| -> Result<_> {
            let saved = if is_there(conn, table)? { Some(rows(conn, table)?) } else { None };
            Ok((table, saved))
        };
        STATISTICS.into_iter().map(rows).collect::<Result<_>>().map(Self)
    }

    /// Puts them in the place of those that are there.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`] if SQLite refuses.
    pub fn put_back(&self, conn: &Connection) -> Result<()> {
        for (table, saved) in &self.0 {
            let put = || match saved {
                None => conn.execute_batch(&format!("DROP TABLE IF EXISTS {table}")),
                Some(rows) => {
                    // Only ANALYZE makes these tables; of the schema it gathers nothing.
                    conn.execute_batch(&format!("ANALYZE sqlite_schema; DELETE FROM {table}"))?;
                    rows.iter().try_for_each(|row| {
                        conn.execute_batch(&format!("INSERT INTO {table} VALUES ({row})"))
                    })
                }
            };
            put().context(|| format!("cannot put {table} back"))?;
        }
        Ok(())
    }
}

fn rows(conn: &Connection, table: &str) -> Result<Vec<String>> {
    let read = || {
        let mut select = conn.prepare(&format!("SELECT * FROM {table} ORDER BY rowid"))?;
        let columns = select.column_count();
        let rows = select.query_map([], |r| {
            let values =
                (0..columns).map(|i| Ok(written(r.get_ref(i)?))).collect::<rusqlite::Result<Vec<_>>>()?;
            Ok(values.join(", "))
        })?;
        rows.collect::<rusqlite::Result<_>>()
    };
    read().context(|| format!("cannot read {table}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statistics_come_back_with_their_order_and_go_where_there_were_none() -> Result<()> {
        let conn = Connection::open_in_memory()?;
        conn.execute_batch("CREATE TABLE t(a, b); INSERT INTO t VALUES (1, 2), (2, 2), (3, 4)")?;
        let none = SavedStatistics::read(&conn)?;
        conn.execute_batch("CREATE INDEX i ON t(a); CREATE INDEX j ON t(b); ANALYZE")?;
        let some = SavedStatistics::read(&conn)?;
        none.put_back(&conn)?;
        assert!(!is_there(&conn, "sqlite_stat1")?);
        some.put_back(&conn)?;
        assert_eq!(SavedStatistics::read(&conn)?, some);
        conn.execute_batch(
            "INSERT INTO sqlite_stat1 VALUES (NULL, 1.5, X'00ff'), (CAST(X'ff00' AS TEXT), '', 7)",
        )?;
        let odd = SavedStatistics::read(&conn)?;
        some.put_back(&conn)?;
        odd.put_back(&conn)?;
        assert_eq!(SavedStatistics::read(&conn)?, odd);
        Ok(())
    }
}
