//! `advisor goals ...`: the commands of the reference case, a goal tracker.

pub mod generate;
pub mod migrate;
pub mod preflight;
pub mod verify;

use crate::term::Term;
use anyhow::bail;
use clap::Subcommand;
use sqlite_advisor::sqlite::Reader;
use std::path::Path;
use std::process::ExitCode;

/// One word, one file in `cmd/goals/`.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a database of the reference application, of any size
    Generate(generate::Arguments),
    /// Tell whether a database is ready to be migrated
    Preflight(preflight::Arguments),
    /// Carry out the reference migrations, all or nothing, after a backup
    Migrate(migrate::Arguments),
    /// Tell whether a migrated database holds what was promised
    Verify(verify::Arguments),
}

/// Runs the command that was named.
pub fn run(command: &Command, term: &Term) -> anyhow::Result<ExitCode> {
    match command {
        Command::Generate(arguments) => generate::run(arguments, term),
        Command::Preflight(arguments) => preflight::run(arguments, term),
        Command::Migrate(arguments) => migrate::run(arguments, term),
        Command::Verify(arguments) => verify::run(arguments, term),
    }
}

/// Refuses the database of another application.
fn check(db: &Path, term: &Term) -> anyhow::Result<()> {
    let own =
        "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN ('goals', 'activity_instances')";
    let tables: u64 = Reader::look_at(db, term)?.connect()?.query_row(own, [], |r| r.get(0))?;
    if tables < 2 {
        let db = db.display();
        bail!(
            "{db}: is no database of the reference case, a goal tracker; `advisor {db}` advises on any other"
        );
    }
    Ok(())
}
