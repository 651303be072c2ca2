//! The value of the report: `report.json` as it is written and read. It is only ever added to.

use crate::counters::Counters;
use crate::document::{Machine, Sqlite, Tool};
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};

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

/// A claim held against what was measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// The pair's name.
    pub claim: String,
    /// The claim in words.
    pub says: String,
    /// The least that was claimed, as a ratio.
    pub low: f64,
    /// The most.
    pub high: f64,
    /// At which scales and fractals it holds.
    pub at: Vec<Held>,
    /// The verdict.
    pub words: String,
}

/// A claim at one scale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Held {
    /// The scale.
    pub scale: u64,
    /// `median` or `biggest`.
    pub fractal: String,
    /// Measured: the join at B0 over root_id after the indexes, in time.
    pub measured: f64,
    /// How sure that is.
    #[serde(default, skip_serializing_if = "Bound::is_exact")]
    pub bound: Bound,
    /// It is at least the least that was claimed.
    pub holds: bool,
}

/// One scale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scale {
    /// How many times the real development file.
    pub scale: u64,
    /// Rows at B0.
    pub rows: u64,
    /// Fractals.
    pub fractals: u64,
    /// Who measured the times here, and which of them is told.
    pub timed_by: String,
    /// The points of the road.
    pub points: Vec<Point>,
    /// The claims here.
    pub claims: Vec<Claim>,
}

/// A point of the road.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Its name.
    pub name: String,
    /// What it brings.
    pub about: String,
    /// The file's bytes.
    pub bytes: u64,
    /// Bytes more than at the point it was made from.
    pub added: i64,
    /// Nanoseconds to get there from that point.
    pub time_ns: u64,
}

/// A claim at a scale, for a fractal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// The pair's name.
    pub claim: String,
    /// `median` or `biggest`.
    pub fractal: String,
    /// Rows of the answer, the same in every run.
    pub rows: u64,
    /// Each point and form.
    pub runs: Vec<Run>,
    /// The effects, separated.
    pub effects: Effects,
}

/// A statement at a point.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// The point's name.
    pub point: String,
    /// `join` or `root_id`.
    pub form: String,
    /// What it cost.
    pub cost: Counters,
    /// Its plan.
    pub plan: String,
}

/// How many times less, each step on top of the one before it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Effects {
    /// ANALYZE alone: the join at B0, without and with it.
    pub analyze: Ratio,
    /// Indexes alone: the join at B0 and at M2.3.
    pub indexes: Ratio,
    /// root_id without an index: the join at B0, root_id at M2.1.
    pub copy_alone: Ratio,
    /// root_id on top of the indexes: the join and root_id at M2.3.
    pub denormalised: Ratio,
    /// All that was claimed: the join at B0, root_id at M2.3.
    pub total: Ratio,
    /// The advice on top: root_id at M5 without and with it.
    pub advised: Ratio,
}

/// How many times less.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Ratio {
    /// Time.
    pub time: f64,
    /// Virtual-machine steps.
    pub vm_steps: f64,
    /// How sure both are.
    #[serde(default, skip_serializing_if = "Bound::is_exact")]
    pub bound: Bound,
}

/// What is known of a ratio when a run was stopped at the limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// Both runs came to their end.
    #[default]
    Exact,
    /// The first was stopped.
    AtLeast,
    /// The second was stopped.
    AtMost,
    /// Both were stopped.
    Unknown,
}

impl Bound {
    /// Of the cost before over the cost after.
    pub fn of(before: &Counters, after: &Counters) -> Self {
        match (before.timed_out, after.timed_out) {
            (false, false) => Bound::Exact,
            (true, false) => Bound::AtLeast,
            (false, true) => Bound::AtMost,
            (true, true) => Bound::Unknown,
        }
    }

    fn is_exact(&self) -> bool {
        *self == Bound::Exact
    }

    /// What stands before the number.
    pub fn sign(self) -> &'static str {
        match self {
            Bound::Exact => "",
            Bound::AtLeast => ">= ",
            Bound::AtMost => "<= ",
            Bound::Unknown => "? ",
        }
    }
}

impl Ratio {
    /// The cost before over the cost after.
    pub fn of(before: &Counters, after: &Counters) -> Self {
        let over = |a: u64, b: u64| a.max(1) as f64 / b.max(1) as f64;
        Self {
            time: over(before.time_ns, after.time_ns),
            vm_steps: over(before.vm_steps, after.vm_steps),
            bound: Bound::of(before, after),
        }
    }
}

/// How the time of a form grows with the scale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Growth {
    /// The pair's name.
    pub claim: String,
    /// `join`, `indexed join` or `root_id`.
    pub form: String,
    /// The exponent: time is about scale to this power, for the biggest fractal.
    pub exponent: f64,
    /// The smallest measured scale from which it is quicker than the join at B0 in steps and in time; none if at none.
    pub pays_from: Option<u64>,
    /// Scale and nanoseconds.
    pub times: Vec<(u64, u64)>,
    /// The same where it was stopped: it takes longer than that, and the exponent leaves it out.
    pub stopped: Vec<(u64, u64)>,
}

/// A statement of the application on the road.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Query {
    /// Its name.
    pub id: String,
    /// It changes rows.
    pub writes: bool,
    /// The points at which it was run; the form is empty.
    pub runs: Vec<Run>,
    /// B0 over M5, in deterministic cost; none if one of them lacks it.
    pub speedup: Option<f64>,
    /// B0 over M5, in time.
    pub speedup_time: Option<f64>,
    /// M5 over M5 with the advice, in time.
    pub advised_time: Option<f64>,
    /// M5 needs more than a twentieth more than B0, in deterministic cost.
    pub slower: bool,
}

/// An index of the migration, judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// Its name.
    pub name: String,
    /// Its table.
    pub table: String,
    /// The statement that made it.
    pub sql: String,
    /// Its bytes at M5.
    pub bytes: u64,
    /// Virtual-machine steps that it adds to one insert.
    pub insert_vm_steps: f64,
    /// Nanoseconds that it adds to one insert; below zero is noise.
    pub insert_ns: f64,
    /// Statements of the application that read it at M5, as found or after ANALYZE.
    pub application: Vec<String>,
    /// Statements of the claims that read it.
    pub claims: Vec<String>,
    /// `keep`, `drop` or `replace`.
    pub verdict: String,
    /// Why.
    pub evidence: String,
    /// The statement that suffers most when it is taken away.
    pub needs_it: Option<String>,
    /// How many times dearer that one gets, in deterministic cost.
    pub without: Option<f64>,
}

/// The advice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Advised {
    /// The scale at which it was asked for.
    pub scale: u64,
    /// Its statements.
    pub sql: Vec<String>,
    /// Its reasons, in the same order.
    pub reasons: Vec<String>,
    /// Bytes of the advised indexes.
    pub index_bytes: u64,
    /// Geometric mean of speed-ups that the trial measured, in time.
    pub speedup_geomean: f64,
    /// The same in virtual-machine steps.
    pub speedup_geomean_vm_steps: f64,
    /// How much dearer inserts get, in virtual-machine steps.
    pub insert_vm_steps: f64,
}

impl Query {
    /// How sure the ratio of two points is.
    pub fn bound(&self, before: &str, after: &str) -> Bound {
        let stopped = |point: &str| {
            self.runs.iter().find(|r| r.point == point).map_or_else(Counters::default, |r| r.cost)
        };
        Bound::of(&stopped(before), &stopped(after))
    }
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
