//! `advisor --db app.db --workload queries.sql`

use crate::term::Term;
use clap::Args;
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
}

/// Advises and writes the report.
pub fn run(_arguments: &Arguments, _term: &Term) -> anyhow::Result<ExitCode> {
    Ok(ExitCode::SUCCESS)
}
