//! What a change must not harm, measured before and after, and what must hold in the end.

use crate::change::Change;
use crate::change::clock::Clock;
use crate::change::rule::Check;
use crate::change::step::{State, Step};
use crate::error::{Context, Result};
use crate::progress::Progress;
use crate::sqlite::schema::{Schema, table_names};
use crate::sqlite::{Digest, group_digests, table_digest};
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};

/// What was measured before a change. The default knows nothing, and nothing can be worse than it.
#[derive(Debug, Clone, Default)]
pub struct Before {
    /// Fingerprints of what the steps must leave alone.
    untouched: BTreeMap<String, (Vec<String>, Digest)>,
    /// Violated foreign keys: how many rows of each kind.
    foreign_keys: Option<BTreeMap<String, u64>>,
    /// The names of all tables then.
    rows: BTreeMap<String, u64>,
}

impl Before {
    /// Measures what the steps must leave alone.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`] if the foreign keys cannot be checked.
    pub fn measure(conn: &Connection, all: &Digests) -> Result<Self> {
        let untouched =
            all.iter().map(|(table, d)| (table.clone(), (d.untouched.clone(), d.digest))).collect();
        let rows = all.iter().map(|(table, d)| (table.clone(), d.digest.rows)).collect();
        Ok(Self { untouched, foreign_keys: Some(violated_foreign_keys(conn)?), rows })
    }

    /// The number of rows of each table.
    pub fn rows(&self) -> &BTreeMap<String, u64> {
        &self.rows
    }
}

/// The fingerprint of one table, the columns that will be changed on purpose apart from the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableDigests {
    untouched: Vec<String>,
    /// Of the columns that stay as they are.
    pub digest: Digest,
    touched: Digest,
}

impl TableDigests {
    /// The digest of all of these columns, if that is what was taken.
    pub(super) fn of_all(&self, columns: &[String]) -> Option<Digest> {
        (self.untouched == columns).then_some(self.digest)
    }
}

/// Fingerprints of tables.
pub type Digests = BTreeMap<String, TableDigests>;

/// Fingerprints all ordinary tables, generated columns left out.
///
/// # Errors
/// [`crate::Error::Sqlite`] if a table cannot be read, [`crate::Error::Interrupted`].
pub fn digests(conn: &Connection, steps: &[&Step], progress: &dyn Progress) -> Result<Digests> {
    let schema = Schema::read(conn)?;
    let is_touched: BTreeSet<_> = steps.iter().filter_map(|s| s.touches()).collect();
    let mut all = BTreeMap::new();
    for table in table_names(conn)? {
        progress.check()?;
        let columns = schema.table(&table).map(|t| t.stored()).unwrap_or_default();
        let (touched, untouched): (Vec<_>, Vec<_>) =
            columns.into_iter().partition(|c| is_touched.contains(&(table.as_str(), c.as_str())));
        let [digest, touched] = group_digests(conn, &table, [&untouched, &touched])?;
        all.insert(table, TableDigests { untouched, digest, touched });
    }
    Ok(all)
}

/// What PRAGMA integrity_check has to complain about; nothing for a sound database.
///
/// # Errors
/// [`crate::Error::Sqlite`] if the file cannot be read at all.
pub fn integrity(conn: &Connection) -> Result<Vec<String>> {
    complaints(conn, "PRAGMA integrity_check(20)")
}

/// What PRAGMA quick_check has to complain about: whether the pages hang together and each is used once, but not whether
/// the indexes hold what the tables do.
///
/// # Errors
/// As [`integrity`].
pub fn pages(conn: &Connection) -> Result<Vec<String>> {
    complaints(conn, "PRAGMA quick_check(20)")
}

fn complaints(conn: &Connection, pragma: &str) -> Result<Vec<String>> {
    let mut statement = conn.prepare(pragma).context(|| "cannot check the integrity".to_owned())?;
    let lines = statement.query_map([], |r| r.get::<_, String>(0))?.collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(lines.into_iter().filter(|line| line != "ok").collect())
}

/// The rows that PRAGMA foreign_key_check names, counted by kind: `child(column) -> parent`.
///
/// # Errors
/// [`crate::Error::Sqlite`] if a foreign key names a parent column that is no key.
pub fn violated_foreign_keys(conn: &Connection) -> Result<BTreeMap<String, u64>> {
    let mut statement = conn.prepare(
        "SELECT c.\"table\" || '(' || coalesce(f.\"from\", '') || ') -> ' || c.parent, count(*)
         FROM pragma_foreign_key_check c LEFT JOIN pragma_foreign_key_list(c.\"table\") f ON f.id = c.fkid AND f.seq = 0
         GROUP BY 1",
    )?;
    let kinds = statement.query_map([], |r| Ok((r.get(0)?, r.get::<_, i64>(1)?.unsigned_abs())))?;
    kinds.collect::<rusqlite::Result<_>>().context(|| "cannot check the foreign keys".to_owned())
}

/// Holds the database as it is now against what was measured before, and asks every rule.
///
/// # Errors
/// [`crate::Error::Sqlite`] if it cannot be read, [`crate::Error::Interrupted`].
pub fn verify(
    conn: &Connection,
    change: &Change,
    before: &Before,
    examples: usize,
    clock: &mut Clock,
    progress: &dyn Progress,
) -> Result<Vec<Check>> {
    let steps: Vec<&Step> = change.steps().map(|(_, step)| step).collect();
    let mut checks = checks_of_steps(conn, &steps)?;
    clock.lap("verified: steps");
    checks.extend(unharmed(conn, &steps, before, progress)?);
    clock.lap("verified: rows and values");
    checks.push(Check::new("integrity", "PRAGMA integrity_check", integrity(conn)?));
    clock.lap("verified: integrity");
    progress.check()?;
    if let Some(before) = &before.foreign_keys {
        checks.push(not_worse(before, &violated_foreign_keys(conn)?));
        clock.lap("verified: foreign keys");
    }
    for rule in &change.rules {
        progress.check()?;
        checks.push(rule.ask(conn, examples)?);
    }
    clock.lap("verified: rules");
    Ok(checks)
}

/// Every step has to be done, by definition and not by name.
///
/// # Errors
/// [`crate::Error::Sqlite`] if the database cannot be read.
pub fn checks_of_steps(conn: &Connection, steps: &[&Step]) -> Result<Vec<Check>> {
    let schema = Schema::read(conn)?;
    let (mut missing, mut different, mut indexes) = (vec![], vec![], vec![]);
    // Statistics can always be gathered once more.
    for step in steps.iter().filter(|step| ***step != Step::Analyze) {
        let is_index = matches!(step, Step::CreateIndex { .. });
        match step.state(conn, &schema)? {
            State::Done => {}
            State::Pending if is_index => indexes.push(step.title()),
            State::Pending => missing.push(step.title()),
            State::Differs(how) if is_index => indexes.push(format!("{}: {how}", step.title())),
            State::Differs(how) => different.push(format!("{}: {how}", step.title())),
        }
    }
    let mut types = Check::new("types", "columns have the affinity that was meant", different);
    // The step said so before it began; the values are right, only the declaration is not.
    types.accepted = types.failures > 0;
    Ok(vec![
        Check::new("steps", "columns, tables and backfills are complete", missing),
        Check::new("indexes", "indexes stand with their definition", indexes),
        types,
    ])
}

/// Row counts, and fingerprints of the columns that no step touches.
fn unharmed(
    conn: &Connection,
    steps: &[&Step],
    before: &Before,
    progress: &dyn Progress,
) -> Result<Vec<Check>> {
    let dropped: BTreeSet<&str> = steps
        .iter()
        .filter_map(|s| if let Step::DropTable { table } = s { Some(table.as_str()) } else { None })
        .collect();
    let grown: BTreeSet<&str> = steps.iter().filter_map(|s| s.resizes()).collect();
    let (mut counts, mut values) = (vec![], vec![]);
    for (table, (columns, digest)) in &before.untouched {
        progress.check()?;
        if dropped.contains(table.as_str()) {
            continue;
        }
        let Ok(now) = table_digest(conn, table, Some(columns)) else {
            values.push(format!("{table} or one of its columns is gone"));
            continue;
        };
        let grown = grown.contains(table.as_str()) && now.rows > digest.rows;
        if now.rows != digest.rows && !grown {
            counts.push(format!("{table}: {} rows before, {} after", digest.rows, now.rows));
        } else if now != *digest && !grown {
            values.push(format!("{table}: the values of {} changed", columns.join(", ")));
        }
    }
    Ok(vec![
        Check::new("rows", "no table lost or gained rows", counts),
        Check::new("values", "columns that no step touches have the same values", values),
    ])
}

fn not_worse(before: &BTreeMap<String, u64>, after: &BTreeMap<String, u64>) -> Check {
    let worse = after.iter().filter_map(|(kind, now)| {
        let then = before.get(kind).copied().unwrap_or(0);
        (*now > then).then(|| format!("{kind}: {then} before, {now} after"))
    });
    Check::new("foreign-keys", "PRAGMA foreign_key_check is not worse than before", worse.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_keys_are_worse_only_if_a_kind_grew() {
        let kinds =
            |n: &[(&str, u64)]| n.iter().map(|(k, n)| ((*k).to_owned(), *n)).collect::<BTreeMap<_, _>>();
        assert!(not_worse(&kinds(&[("a", 3), ("b", 1)]), &kinds(&[("a", 2)])).passes());
        assert_eq!(not_worse(&kinds(&[("a", 3)]), &kinds(&[("a", 2), ("b", 1)])).failures, 1);
    }
}
