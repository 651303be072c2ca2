//! The value of the report: `report.json` as it is written and read. It is only ever added to.

mod application;
mod claims;
mod ratio;

pub use application::{Advised, Judged, Query};
pub use claims::{Claim, Effects, Growth, Held, Point, Run, Scale, Verdict};
pub use ratio::{Bound, Ratio};

use serde::{Deserialize, Serialize};
use sqlite_advisor::error::{Error, Result};
use sqlite_advisor::model::report::{Machine, Sqlite, Tool};

/// How a file tells that it is this report and no advice.
pub const KIND: &str = "speedup";
/// The version of its form.
pub const VERSION: u32 = 1;

/// Everything on the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Speedup {
    /// [`KIND`]
    pub kind: String,
    /// [`VERSION`]
    pub version: u32,
    /// The command that makes it again.
    pub command: String,
    /// Who measured.
    pub tool: Tool,
    /// With which SQLite.
    pub sqlite: Sqlite,
    /// On which machine.
    pub machine: Machine,
    /// The seed of the generated rows.
    pub seed: u64,
    /// How often each statement was run.
    pub rounds: Rounds,
    /// The numbers that say most.
    pub summary: Summary,
    /// Each claim held against the largest scale.
    pub verdicts: Vec<Verdict>,
    /// What was measured of the claims, by scale.
    pub scales: Vec<Scale>,
    /// How time grows with the scale.
    pub growth: Vec<Growth>,
    /// The statements of the application at the largest scale.
    pub queries: Vec<Query>,
    /// The indexes that the migration made, judged.
    pub indexes: Vec<Judged>,
    /// The advice on the migrated database.
    pub advised: Advised,
}

/// How often each statement was run for its time, which is that of the quickest run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rounds {
    /// At least so often,
    pub least: usize,
    /// at most so often,
    pub most: usize,
    /// and from the least on not again once all points together took so long.
    pub milliseconds: u64,
    /// A statement is stopped at so many times the cost of what it is compared with,
    pub stop_times: f64,
    /// but not before so many milliseconds of cost.
    pub stop_from_milliseconds: u64,
}

/// The numbers that say most.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// The largest scale.
    pub scale: u64,
    /// Claims that hold there for the biggest fractal.
    pub claims_hold: usize,
    /// All claims.
    pub claims: usize,
    /// Statements of the application that M5 made slower than B0, by deterministic cost.
    pub slower: Vec<String>,
    /// Those that it made faster.
    pub faster: usize,
    /// Those measured at both.
    pub compared: usize,
    /// Geometric mean of the speed-ups of the application from B0 to M5, in time.
    pub application_speedup: f64,
    /// The same from M5 to M5 with the advice.
    pub advice_speedup: f64,
    /// Indexes of the migration that no statement reads.
    pub unused: Vec<String>,
    /// Bytes of the unused ones.
    pub unused_bytes: u64,
    /// Bytes that all migrations added.
    pub added_bytes: u64,
    /// Bytes before them.
    pub bytes_before: u64,
}

impl Speedup {
    /// The largest scale.
    pub fn largest(&self) -> Option<&Scale> {
        self.scales.iter().max_by_key(|s| s.scale)
    }

    /// As JSON that ends in a line break.
    ///
    /// # Errors
    /// [`Error::Invalid`] if a number cannot be written.
    pub fn to_json(&self) -> Result<String> {
        serde_json::to_string_pretty(self)
            .map(|json| json + "\n")
            .map_err(|e| Error::Invalid(format!("the report cannot be written as JSON: {e}")))
    }

    /// Reads what [`Speedup::to_json`] wrote; none if it is some other document.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a report of another version or with missing parts.
    pub fn from_json(json: &str) -> Result<Option<Self>> {
        #[derive(Deserialize)]
        struct Head {
            kind: String,
            version: u32,
        }
        match serde_json::from_str::<Head>(json) {
            Ok(head) if head.kind == KIND && head.version == VERSION => serde_json::from_str(json)
                .map(Some)
                .map_err(|e| Error::Invalid(format!("is no whole speedup report: {e}"))),
            Ok(head) if head.kind == KIND => Err(Error::Invalid(format!(
                "has version {}, and this advisor reads version {VERSION}; run the advisor that wrote it",
                head.version
            ))),
            _ => Ok(None),
        }
    }
}

/// The SQLite that is built in.
pub(super) fn sqlite() -> Result<Sqlite> {
    Ok(Sqlite { version: rusqlite::version().to_owned(), options: vec![] })
}

/// This machine.
pub(super) fn machine() -> Machine {
    Machine {
        platform: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        cpus: std::thread::available_parallelism().map_or(1, usize::from),
    }
}
