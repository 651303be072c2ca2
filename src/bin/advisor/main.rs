//! `advisor`: reads the arguments, runs one command, prints an error once and ends with its exit code.

mod cli;
mod cmd;
mod confirm;
mod format;
mod term;

use clap::Parser;
use sqlite_advisor::Error;
use sqlite_advisor::report::escape::visible;
use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = match cli::Cli::try_parse() {
        Ok(cli) => cli,
        Err(e) => e.exit(),
    };
    let term = term::Term::new(cli.common.color, cli.common.quiet, cli.out_file());
    match cmd::run(cli, &term) {
        Ok(code) => code,
        Err(error) => {
            sqlite_advisor::progress::Progress::finish(&term);
            // Nothing is left to do if stderr is closed.
            let _ = writeln!(std::io::stderr(), "advisor: {}", sentence(&error));
            ExitCode::from(match error.downcast_ref::<Error>() {
                Some(Error::Interrupted) => 130,
                Some(Error::NothingToDo(_)) => 3,
                _ => 2,
            })
        }
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
