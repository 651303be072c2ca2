//! `advisor apply app.db --from advice.json`

use crate::cmd::carry::{Carry, carry, write_new};
use crate::term::Term;
use clap::Args;
use sqlite_advisor::change::script::{forward_and_rollback, read};
use std::path::PathBuf;
use std::process::ExitCode;

/// The arguments of `apply`.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    carry: Carry,
    /// advice.json, or a .sql file with CREATE INDEX, DROP INDEX and ANALYZE
    #[arg(long, value_name = "FILE")]
    pub from: PathBuf,
}

/// Applies the indexes of an advice, all or nothing; the scripts of both directions are written beside it.
pub fn run(arguments: &Arguments, term: &Term) -> anyhow::Result<ExitCode> {
    let Arguments { carry, from } = arguments;
    let script = read(from)?;
    for left in &script.left {
        term.note(&format!("left to you: {left}"));
    }
    self::carry(carry, &script.change, term, |conn| {
        let (forward, rollback) = forward_and_rollback(conn, &script.change)?;
        for (direction, sql) in [("forward", forward), ("rollback", rollback)] {
            let path = write_new(from, &format!("{direction}.sql"), &sql)?;
            term.note(&format!("{direction} script: {}", path.display()));
        }
        Ok(())
    })
}
