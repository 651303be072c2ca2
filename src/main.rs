//! `advisor`: reads the arguments, runs one command, prints an error once and ends with its exit code.

mod cli;
mod cmd;
mod confirm;
mod format;
mod rules;
mod settings;
mod term;

use clap::Parser;
use cli::{Cli, Command};
use sqlite_advisor::Error;
use sqlite_advisor::render::escape::visible;
use std::io::Write;
use std::process::ExitCode;
use term::Term;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(e) => e.exit(),
    };
    let term = Term::new(cli.common.color, cli.common.quiet, cli.out_file(), cli.texts(), cli.only_reads());
    match run(cli, &term) {
        Ok(code) => code,
        Err(error) => {
            sqlite_advisor::progress::Progress::finish(&term);
            // Nothing is left to do if stderr is closed.
            let _ = writeln!(std::io::stderr(), "advisor: {}", sentence(&error));
            ExitCode::from(match error.downcast_ref::<Error>() {
                Some(Error::Interrupted) => term::INTERRUPTED,
                Some(Error::NothingToDo(_)) => 3,
                _ => term::FAILED,
            })
        }
    }
}

/// Runs the command that was named, or `advise`.
fn run(cli: Cli, term: &Term) -> anyhow::Result<ExitCode> {
    cli.common.bounds().set();
    term.check_out()?;
    if cli.command.is_some() && cli.advise.are_given() {
        anyhow::bail!("the database and --workload go behind the command that they are for");
    }
    match cli.command.unwrap_or(Command::Advise(cli.advise)) {
        Command::Advise(arguments) => cmd::advise::run(&arguments, term),
        Command::Check(arguments) => cmd::check::run(&arguments, term),
        Command::Explain(arguments) => cmd::explain::run(&arguments, term),
        Command::Restore(arguments) => cmd::restore::run(&arguments, term),
        Command::Diff(arguments) => cmd::diff::run(&arguments, term),
        Command::Apply(arguments) => cmd::apply::run(&arguments, term),
        Command::Undo(arguments) => cmd::undo::run(&arguments, term),
        Command::Goals(command) => cmd::goals::run(&command, term),
        Command::Statistics(arguments) => cmd::statistics::run(&arguments, term),
        Command::Completions(arguments) => cmd::completions::run(&arguments, term),
        Command::Man => cmd::completions::manual(term),
        Command::Workload(arguments) => cmd::workload::run(&arguments, term),
        Command::Demo(arguments) => cmd::demo::run(&arguments, cli.common.out, term),
        Command::Report(arguments) => cmd::report::run(&arguments, term),
    }
}

/// The error and its causes on one line; a cause that the text before it already tells is not told twice.
fn sentence(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if !text.ends_with(&cause) {
            text.push_str(if text.is_empty() { "" } else { ": " });
            text.push_str(&cause);
        }
    }
    visible(&text)
}
