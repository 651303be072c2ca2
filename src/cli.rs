//! The arguments: one struct for what all commands share, one per command in `cmd/`.

use crate::cmd;
use crate::term::Color;
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

const EXIT_CODES: &str = "\
Exit codes:
  0    done, or nothing found
  1    something found (check, diff, verify, preflight)
  2    error or wrong usage
  3    nothing to look at: no statement could be planned
  130  interrupted";

/// Tells which indexes a SQLite database should gain or lose, and proves each on a copy of the data.
#[derive(Debug, Parser)]
#[command(name = "advisor", version, after_help = EXIT_CODES)]
pub struct Cli {
    /// Without a command the arguments are those of `advise`.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The arguments of the default command.
    #[command(flatten)]
    pub advise: cmd::advise::Arguments,
    /// The options of every command.
    #[command(flatten)]
    pub common: Common,
}

impl Cli {
    /// The file that `--out` names; to `demo` it names a folder.
    pub fn out_file(&self) -> Option<PathBuf> {
        self.common.out.clone().filter(|_| !matches!(self.command, Some(Command::Demo(_))))
    }

    /// The files of text that the command reads.
    pub fn texts(&self) -> Vec<PathBuf> {
        match &self.command {
            None => self.advise.workload.clone(),
            Some(Command::Advise(advise)) => advise.workload.clone(),
            Some(Command::Report(report)) => report.files.clone(),
            Some(Command::Apply(apply)) => vec![apply.from.clone()],
            Some(Command::Diff(diff)) => vec![diff.a.clone(), diff.b.clone()],
            Some(_) => vec![],
        }
    }
}

/// One word, one file in `cmd/`.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Advise indexes for a workload (the default command)
    Advise(cmd::advise::Arguments),
    /// Tell what one statement does, before and after advice, and with each rejected index
    Explain(cmd::explain::Arguments),
    /// Make a database of the reference application, of any size
    Generate(cmd::generate::Arguments),
    /// Migrate, measure and advise on a database of its own, and report
    Demo(cmd::demo::Arguments),
    /// Tell saved results again, in any form; opens no database
    Report(cmd::report::Arguments),
    /// Carry out the reference migrations, all or nothing, after a backup
    Migrate(cmd::migrate::Arguments),
    /// Tell whether a database is ready to be migrated
    Preflight(cmd::preflight::Arguments),
    /// Tell whether a migrated database holds what was promised
    Verify(cmd::verify::Arguments),
    /// Put a backup in the place of a database
    Restore(cmd::restore::Arguments),
    /// Compare two schemas
    Diff(cmd::diff::Arguments),
    /// Carry out advice: create and drop indexes, gather statistics
    Apply(cmd::apply::Arguments),
}

/// The options of every command.
#[derive(Debug, Args)]
pub struct Common {
    /// Write the result to a file instead of stdout
    #[arg(long, value_name = "FILE", global = true)]
    pub out: Option<PathBuf>,
    /// No progress and no remarks on stderr
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// When to use colour
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true)]
    pub color: Color,
}
