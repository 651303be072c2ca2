//! What was found before a migration, and whether it can begin.

use serde::Serialize;
use sqlite_advisor::change::Check;
use sqlite_advisor::change::diff::Difference;
use std::collections::BTreeMap;

/// What was found before a migration.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Health {
    /// What PRAGMA integrity_check complains about.
    pub integrity: Vec<String>,
    /// Rows that break a foreign key, by kind.
    pub foreign_keys: BTreeMap<String, u64>,
    /// NULL root_ids of goals that the migration will fill.
    pub fillable: u64,
    /// Rows that are wrong, by kind; the migration does not repair them.
    pub faults: Vec<Check>,
    /// The last stage that is complete, `B0` for none.
    pub stage: String,
    /// How many steps of each later stage are done all the same.
    pub ahead: Vec<(String, usize, usize)>,
    /// How many steps are still to be done.
    pub pending: usize,
    /// Columns and indexes that stand otherwise than the steps want them.
    pub differs: Vec<(String, String)>,
    /// Which of the two real schemas it is nearest to at that stage.
    pub variant: String,
    /// Where it is not that schema.
    pub drift: Vec<Difference>,
    /// Rows by table.
    pub rows: BTreeMap<String, u64>,
    /// Bytes of the database.
    pub bytes: u64,
    /// Bytes that the pending steps are expected to add.
    pub growth: u64,
    /// Seconds that they are expected to take on this machine.
    pub seconds: f64,
    /// Other processes that have the database open; none where that cannot be told.
    pub processes: Option<Vec<String>>,
}

impl Health {
    /// The findings that the migration would stumble over.
    pub fn faults(&self) -> u64 {
        self.faults.iter().map(|f| f.failures).sum()
    }

    /// One sentence.
    pub fn verdict(&self) -> String {
        let others = self.processes.as_ref().map_or(0, Vec::len);
        if !self.integrity.is_empty() {
            "not ready: the file is damaged; restore a backup".to_owned()
        } else if self.faults() > 0 {
            let kinds: std::collections::BTreeSet<_> =
                self.faults.iter().filter(|f| f.failures > 0).map(|f| f.kind.as_str()).collect();
            let kinds: Vec<_> = kinds.into_iter().collect();
            format!(
                "{} rows have faults that stay ({}); repair them, or accept what verify says of them",
                self.faults(),
                kinds.join(", ")
            )
        } else if others > 0 {
            format!("ready, but {others} other processes have the database open; they will have to wait")
        } else {
            "ready".to_owned()
        }
    }

    /// True if nothing was found.
    pub fn is_clean(&self) -> bool {
        self.integrity.is_empty() && self.faults() == 0
    }
}
