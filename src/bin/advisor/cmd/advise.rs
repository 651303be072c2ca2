//! `advisor --db app.db --workload queries.sql`

use crate::format::Format;
use crate::term::Term;
use anyhow::Context;
use clap::Args;
use sqlite_advisor::advise::{Request, Taste, advise};
use sqlite_advisor::workload;
use std::path::PathBuf;
use std::process::ExitCode;

/// The arguments of `advise`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The database; it is only read
    #[arg(long, value_name = "FILE")]
    pub db: Option<PathBuf>,
    /// A .sql file, a folder of them, or - for standard input; may be given several times
    #[arg(long, value_name = "PATH")]
    pub workload: Vec<PathBuf>,
    /// Enforce foreign keys, as an application does that switches them on
    #[arg(long)]
    pub foreign_keys: bool,
    /// Stop a statement after so many seconds of an ordinary machine (counted in steps, so that advice repeats)
    #[arg(long, value_name = "SECONDS", default_value_t = 10.0, value_parser = seconds)]
    pub timeout: f64,
    /// The form of the result
    #[arg(long, value_name = "FORM", default_value = "text")]
    pub format: Format,
    /// More speed for more bytes and dearer writes
    #[arg(long, conflicts_with = "frugal")]
    pub thorough: bool,
    /// Few indexes
    #[arg(long)]
    pub frugal: bool,
}

impl Arguments {
    /// True if what is advised on was named.
    pub fn are_given(&self) -> bool {
        self.db.is_some() || !self.workload.is_empty()
    }
}

/// Advises and writes the report.
pub fn run(arguments: &Arguments, term: &Term) -> anyhow::Result<ExitCode> {
    let db = arguments.db.as_deref().context("name the database with --db FILE")?;
    arguments.format.check()?;
    let texts =
        if arguments.workload.is_empty() { None } else { Some(workload::read_texts(&arguments.workload)?) };
    let mut request = Request::new(db, texts);
    request.foreign_keys = arguments.foreign_keys;
    request.timeout = arguments.timeout;
    request.taste = match (arguments.thorough, arguments.frugal) {
        (true, _) => Taste::Thorough,
        (_, true) => Taste::Frugal,
        _ => Taste::Knee,
    };
    let document = advise(&request, term)?;
    let skipped = document.workload.skipped.len();
    if skipped > 0 && arguments.format != Format::Text {
        term.note(&format!(
            "{skipped} of the workload's statements could not be planned; the result lists them"
        ));
    }
    term.write(&arguments.format.tell(&document, term)?)?;
    Ok(ExitCode::SUCCESS)
}

/// A time that a run can be given.
pub fn seconds(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(seconds) if (0.001..1e6).contains(&seconds) => Ok(seconds),
        _ => Err("is not a number of seconds from 0.001 to 1000000".to_owned()),
    }
}
