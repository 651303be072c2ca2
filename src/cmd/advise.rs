//! `advisor app.db --workload queries.sql`

use crate::cmd::database::Database;
use crate::format::{Format, Found, Outputs};
use crate::term::Term;
use anyhow::bail;
use bytesize::ByteSize;
use clap::{Args, ValueEnum};
use sqlite_advisor::advise::{Objective, Preference, Request, USUAL_SAMPLE_ABOVE, USUAL_WRITES, advise};
use sqlite_advisor::render::anonymize::anonymize;
use sqlite_advisor::render::workload::file_read;
use sqlite_advisor::workload::{self, FileRead};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// The arguments of `advise`.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    pub database: Database,
    /// A .sql file or a log of what the application sent, a folder of them, or - for standard input; may be given several times
    #[arg(long, value_name = "PATH")]
    pub workload: Vec<PathBuf>,
    /// Enforce foreign keys, as an application does that switches them on
    #[arg(long, hide_short_help = true)]
    pub foreign_keys: bool,
    /// Stop a statement after so many seconds of an ordinary machine (counted in steps, so that advice repeats)
    #[arg(long, hide_short_help = true, value_name = "SECONDS", default_value_t = 10.0, value_parser = seconds)]
    pub timeout: f64,
    /// The form of the result: text, json, sql, markdown or html, or FORM=FILE; may be given several times
    #[arg(long, value_name = "FORM")]
    pub format: Vec<Format>,
    /// Replace names and values, so that the result can be shown to strangers
    #[arg(long, hide_short_help = true)]
    pub anonymize: bool,
    /// More speed, for more bytes and writes that cost more
    #[arg(long, conflicts_with = "frugal")]
    pub thorough: bool,
    /// Few indexes
    #[arg(long)]
    pub frugal: bool,
    /// The most that all new indexes may take, as 50MB or 20MiB
    #[arg(long, value_name = "SIZE")]
    pub budget: Option<ByteSize>,
    /// The most new indexes
    #[arg(long, hide_short_help = true, value_name = "N")]
    pub max_indexes: Option<usize>,
    /// Rows inserted, updated or deleted for each statement read; the more, the more an index costs
    #[arg(long, hide_short_help = true, value_name = "R", default_value_t = USUAL_WRITES, value_parser = ratio)]
    pub writes: f64,
    /// What the indexes are to make fast
    #[arg(long, hide_short_help = true, value_name = "WHAT", default_value = "both")]
    pub objective: Goal,
    /// End the search after so long with the best set so far, as 90s or 5m
    #[arg(long, hide_short_help = true, value_name = "TIME", value_parser = duration)]
    pub time_limit: Option<Duration>,
    /// Above this size try only on the tables that the workload names
    #[arg(long, hide_short_help = true, value_name = "SIZE", default_value_t = ByteSize::b(USUAL_SAMPLE_ABOVE))]
    pub sample_above: ByteSize,
}

/// What the indexes are to make fast.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Goal {
    /// Each statement alike, and half as much the whole
    Both,
    /// The time of the whole workload
    Total,
    /// Each statement alike, by the factor that it gains
    Geomean,
    /// The statement that takes longest
    Worst,
}

impl From<Goal> for Objective {
    fn from(goal: Goal) -> Self {
        match goal {
            Goal::Both => Self::Both,
            Goal::Total => Self::Total,
            Goal::Geomean => Self::Geomean,
            Goal::Worst => Self::Worst,
        }
    }
}

impl Arguments {
    /// True if what is advised on was named.
    pub fn are_given(&self) -> bool {
        self.database.is_given() || !self.workload.is_empty()
    }
}

/// Advises and writes the report.
pub fn run(arguments: &Arguments, term: &Term) -> anyhow::Result<ExitCode> {
    let db = arguments.database.path();
    if let Some(command) = crate::cli::similar(db) {
        bail!("{}: there is no such file; did you mean `advisor {command}`?", db.display());
    }
    let outputs = Outputs::of(&arguments.format, term)?;
    let mut request = Request::new(db);
    if !arguments.workload.is_empty() {
        let read = workload::read_queries(&arguments.workload, term)?;
        let plain =
            |file: &FileRead| file.format == "SQL" && file.passed_over.is_empty() && file.unread.lines == 0;
        for file in read.files.iter().filter(|file| !plain(file)) {
            term.note(&file_read(file));
        }
        request = request.queries(read.queries);
    }
    request.foreign_keys = arguments.foreign_keys;
    request.timeout = arguments.timeout;
    request.preference = match (arguments.thorough, arguments.frugal) {
        (true, _) => Preference::Thorough,
        (_, true) => Preference::Frugal,
        _ => Preference::Balanced,
    };
    request.objective = arguments.objective.into();
    request.budget = arguments.budget.map(|size| size.as_u64());
    request.max_indexes = arguments.max_indexes;
    request.writes = arguments.writes;
    request.time_limit = arguments.time_limit;
    request.sample_above = arguments.sample_above.as_u64();
    let report = advise(&request, term)?;
    let skipped = report.workload.skipped.len();
    if skipped > 0 && !outputs.has_text() {
        term.note(&format!(
            "{skipped} of the workload's statements could not be planned; the result lists them"
        ));
    }
    let report = if arguments.anonymize { anonymize(report) } else { report };
    outputs.write_found(&[Found::Advice(Box::new(report))], term)?;
    Ok(ExitCode::SUCCESS)
}

/// A share of writes that makes sense.
fn ratio(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(ratio) if (0.0..=1e6).contains(&ratio) => Ok(ratio),
        _ => Err("is not a number from 0 to 1000000".to_owned()),
    }
}

/// A span of time as people write it.
fn duration(text: &str) -> Result<Duration, String> {
    let span: jiff::SignedDuration =
        text.parse().map_err(|_| "is not a time such as 90s or 5m".to_owned())?;
    Duration::try_from(span).map_err(|_| "is before now".to_owned())
}

/// A time that a run can be given.
pub fn seconds(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(seconds) if (0.001..1e6).contains(&seconds) => Ok(seconds),
        _ => Err("is not a number of seconds from 0.001 to 1000000".to_owned()),
    }
}
