//! The arguments: one struct for what all commands share, one per command in `cmd/`.

use crate::cmd;
use crate::term::Color;
use bytesize::ByteSize;
use clap::{Args, CommandFactory, Parser, Subcommand};
use sqlite_advisor::sqlite::Bounds;
use std::path::{Path, PathBuf};

const EXIT_CODES: &str = "\
Exit codes:
  0    done, or nothing found
  1    something found (check, diff, preflight, verify), or a change did not pass its checks
  2    error or wrong usage
  3    nothing to look at: no statement could be planned
  130  interrupted";

const SHORT: &str = "advisor app.db --workload queries.sql advises; --help tells every option and exit code.";

/// Tells which indexes a SQLite database should gain or lose, and verifies each on a copy of the data.
#[derive(Debug, Parser)]
#[command(name = "advisor", version, after_long_help = EXIT_CODES, after_help = SHORT)]
#[command(subcommand_negates_reqs = true, arg_required_else_help = true)]
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

impl Common {
    /// What this process may take, and how far it trusts files.
    pub fn bounds(&self) -> Bounds {
        let bytes = |size: ByteSize| size.as_u64();
        Bounds {
            paranoid: self.paranoid,
            skip_check: self.skip_check,
            memory: self.memory.map(bytes),
            temporary: self.temp_space.map(bytes),
        }
    }
}

impl Cli {
    /// The file that `--out` names; to `demo` it names a folder.
    pub fn out_file(&self) -> Option<PathBuf> {
        self.common.out.clone().filter(|_| !matches!(self.command, Some(Command::Demo(_))))
    }

    /// True for a command that leaves nothing half done wherever it is ended.
    pub fn only_reads(&self) -> bool {
        match &self.command {
            None | Some(Command::Advise(_) | Command::Explain(_) | Command::Diff(_)) => true,
            Some(Command::Workload(_) | Command::Report(_) | Command::Statistics(_)) => true,
            Some(Command::Check(check)) => !check.update,
            Some(_) => false,
        }
    }

    /// The files of text that the command reads.
    pub fn texts(&self) -> Vec<PathBuf> {
        match &self.command {
            None => self.advise.workload.clone(),
            Some(Command::Advise(advise)) => advise.workload.clone(),
            Some(Command::Check(check)) => {
                [check.workload.clone(), check.statistics.iter().cloned().collect()].concat()
            }
            Some(Command::Statistics(statistics)) => statistics.workload.clone(),
            Some(Command::Workload(read)) => read.files.clone(),
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
    /// Hold the plans of all statements by a lock file, for CI and tests
    ///
    /// What no option and no ADVISOR_ variable says is taken from .sqlite-advisor.toml, in the folder of work or above it.
    Check(cmd::check::Arguments),
    /// Tell what the statistics of a database are worth, or write them without its data
    Statistics(cmd::statistics::Arguments),
    /// Show the reference case in a minute, on a database of its own
    Demo(cmd::demo::Arguments),
    /// Tell saved results again, in any form; opens no database
    Report(cmd::report::Arguments),
    /// Put a backup in the place of a database
    Restore(cmd::restore::Arguments),
    /// Compare two schemas
    Diff(cmd::diff::Arguments),
    /// Tell what logs hold: each statement once, how often, with values
    Workload(cmd::workload::Arguments),
    /// Carry out advice: create and drop indexes, gather statistics
    Apply(cmd::apply::Arguments),
    /// Take the last change back: schema and statistics as they were, and no row lost
    Undo(cmd::undo::Arguments),
    /// The commands of the reference case: generate, preflight, migrate, verify
    #[command(subcommand)]
    Goals(cmd::goals::Command),
    /// Write what a shell reads to complete words
    Completions(cmd::completions::Arguments),
    /// Write the manual, for man
    Man,
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
    /// For a file that an enemy may have made: the strict limits of sqlite.org/security.html
    #[arg(long, global = true, hide_short_help = true)]
    pub paranoid: bool,
    /// Advise on a database whose pages are damaged as well, as far as it can be read
    #[arg(long, global = true, hide_short_help = true)]
    pub skip_check: bool,
    /// The most memory that SQLite may take, as 500MB; what needs more fails alone
    #[arg(long, value_name = "SIZE", global = true, hide_short_help = true)]
    pub memory: Option<ByteSize>,
    /// The most that the copies of a database may take of the temporary folder, as 5GB
    #[arg(long, value_name = "SIZE", global = true, hide_short_help = true)]
    pub temp_space: Option<ByteSize>,
    /// When to use colour
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true)]
    pub color: Color,
}

/// Words that are as alike as a slip makes them.
const ALIKE: f64 = 0.85;

/// The command that a word may be meant for which was taken for a database and is no file.
pub fn similar(word: &Path) -> Option<String> {
    if word.exists() {
        return None;
    }
    let (word, cli) = (word.to_string_lossy(), Cli::command());
    let own = cli.get_subcommands().map(|c| c.get_name().to_owned());
    let goals = cli.find_subcommand("goals").into_iter().flat_map(|c| c.get_subcommands());
    let below = goals.map(|c| format!("goals {}", c.get_name()));
    let likeness = |name: &str| strsim::jaro_winkler(&word, name.trim_start_matches("goals "));
    own.chain(below).filter(|name| likeness(name) > ALIKE).max_by(|a, b| likeness(a).total_cmp(&likeness(b)))
}
