//! How many bytes and seconds a migration will take.

use crate::migrations::rules::ROOTED;
use crate::migrations::{Point, Style, change};
use crate::preflight::Health;
use rusqlite::Connection;
use sqlite_advisor::error::Result;
use sqlite_advisor::sqlite::Schema;
use sqlite_advisor::sqlite::schema::count_rows;
use std::time::Duration;

/// How often a whole migration takes the time of one integrity check of the unmigrated file, beside which other questions
/// are asked: 4.8, 3.0 and 3.8 times at scale 100, 1,000 and 10,000 (METHODOLOGY.md).
const PASSES: f64 = 4.0;

/// The seconds that the pending steps take with backup and checks: the check of the integrity reads every page and looks
/// every row up in every index, a migration does so several times, before and after the file has grown.
pub(super) fn seconds(health: &Health, integrity: Duration) -> f64 {
    let grown = 1.0 + health.growth as f64 / health.bytes.max(1) as f64;
    if health.pending == 0 { 0.0 } else { integrity.as_secs_f64() * PASSES * grown }
}

/// What the pending indexes and root_ids will take: rows times the mean length of what they hold.
pub(super) fn growth(conn: &Connection, schema: &Schema, style: Style) -> Result<u64> {
    /// Header, rowid and serial types of a cell, and the share of a page that stays empty.
    const OVERHEAD: f64 = 12.0;
    let mut bytes = 0.0;
    for (_, step) in change(Point::M5, style).steps() {
        let sqlite_advisor::change::Step::CreateIndex { index, sql } = step else { continue };
        let on = sql.split_once(" ON ").and_then(|(_, on)| on.split_once(" ("));
        let Some((table, key)) = on.filter(|_| schema.index(index).is_none()) else { continue };
        let (key, filter) = key.split_once(") WHERE ").unwrap_or((key.trim_end_matches(')'), "1"));
        let length = |column: &str| match column.trim_end_matches(" DESC") {
            "root_id" => "36".to_owned(),
            "group_id" => "0".to_owned(),
            column => format!("COALESCE(length({column}), 0)"),
        };
        let lengths: Vec<_> = key.split(", ").map(length).collect();
        let sample = format!(
            "SELECT avg({}) FROM (SELECT * FROM {table} WHERE {filter} LIMIT 1000)",
            lengths.join(" + ")
        );
        let rows = format!("SELECT count(*) FROM {table} WHERE {filter}");
        let mean: Option<f64> = conn.query_row(&sample, [], |r| r.get(0)).unwrap_or_default();
        let rows: f64 = conn.query_row(&rows, [], |r| r.get(0)).unwrap_or_default();
        bytes += rows * (mean.unwrap_or(0.0) + OVERHEAD);
    }
    for table in ROOTED {
        if schema.table(table).is_some_and(|t| t.column("root_id").is_none()) {
            bytes += count_rows(conn, table)? as f64 * 37.0;
        }
    }
    Ok(bytes as u64)
}
