//! Guards for files and statements that strangers made.
//!
//! The list follows <https://www.sqlite.org/security.html>.

use crate::error::{Context, Result};
use rusqlite::Connection;
use rusqlite::config::DbConfig;

/// Turns off what a hostile schema could use.
///
/// # Errors
/// [`crate::Error::Sqlite`] if SQLite refuses a setting.
pub fn harden(conn: &Connection) -> Result<()> {
    let set = |what, on| conn.set_db_config(what, on).context(|| "cannot guard the connection".to_owned());
    set(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    set(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    conn.execute_batch("PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0")
        .context(|| "cannot guard the connection".to_owned())
}
