//! One file per command; each reads its arguments, calls the library and writes the result.

pub mod advise;
pub mod generate;

use crate::cli::{Cli, Command};
use crate::term::Term;
use std::process::ExitCode;

/// Runs the command that was named, or `advise`.
pub fn run(cli: Cli, term: &Term) -> anyhow::Result<ExitCode> {
    match cli.command.unwrap_or(Command::Advise(cli.advise)) {
        Command::Advise(arguments) => advise::run(&arguments, term),
        Command::Generate(arguments) => generate::run(&arguments, term),
    }
}
