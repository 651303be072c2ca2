//! `advisor statistics export --db app.db`

use crate::term::Term;
use clap::{Args, Subcommand};
use sqlite_advisor::render::{Json, Renderer};
use sqlite_advisor::statistics::export;
use std::path::PathBuf;
use std::process::ExitCode;

/// What is done with statistics.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write the statistics of a database without its data, for `check --statistics`
    Export(Export),
}

/// The arguments of `export`.
#[derive(Debug, Args)]
pub struct Export {
    /// The database, which is only read
    #[arg(long, value_name = "FILE")]
    db: PathBuf,
}

/// Writes the statistics of a database as JSON.
pub fn run(command: &Command, term: &Term) -> anyhow::Result<ExitCode> {
    let Command::Export(arguments) = command;
    let exported = export(&arguments.db, term)?;
    exported.notes.iter().for_each(|note| term.note(note));
    term.write(&Json.to_text(&exported)?)?;
    Ok(ExitCode::SUCCESS)
}
