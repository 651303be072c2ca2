//! One file per command; each reads its arguments, calls the library and writes the result.

pub mod advise;
pub mod apply;
pub mod carry;
pub mod demo;
pub mod diff;
pub mod explain;
pub mod generate;
pub mod migrate;
pub mod preflight;
pub mod report;
pub mod restore;
pub mod verify;

use crate::cli::{Cli, Command};
use crate::term::Term;
use std::process::ExitCode;

/// Runs the command that was named, or `advise`.
pub fn run(cli: Cli, term: &Term) -> anyhow::Result<ExitCode> {
    term.check_out()?;
    if cli.command.is_some() && cli.advise.are_given() {
        anyhow::bail!("--db and --workload go behind the command that they are for");
    }
    match cli.command.unwrap_or(Command::Advise(cli.advise)) {
        Command::Advise(arguments) => advise::run(&arguments, term),
        Command::Explain(arguments) => explain::run(&arguments, term),
        Command::Migrate(arguments) => migrate::run(&arguments, term),
        Command::Preflight(arguments) => preflight::run(&arguments, term),
        Command::Verify(arguments) => verify::run(&arguments, term),
        Command::Restore(arguments) => restore::run(&arguments, term),
        Command::Diff(arguments) => diff::run(&arguments, term),
        Command::Apply(arguments) => apply::run(&arguments, term),
        Command::Generate(arguments) => generate::run(&arguments, term),
        Command::Demo(arguments) => demo::run(&arguments, cli.common.out, term),
        Command::Report(arguments) => report::run(&arguments, term),
    }
}
