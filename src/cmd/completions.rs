//! `advisor completions SHELL` and `advisor man`, both from the definitions of the arguments.

use crate::cli::Cli;
use crate::term::Term;
use clap::{Args, CommandFactory};
use clap_complete::Shell;
use std::process::ExitCode;

/// The arguments of `completions`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The shell
    shell: Shell,
}

/// Writes what the shell reads to complete words.
pub fn run(arguments: &Arguments, term: &Term) -> anyhow::Result<ExitCode> {
    let mut script = vec![];
    clap_complete::generate(arguments.shell, &mut Cli::command(), "advisor", &mut script);
    term.write(&String::from_utf8(script)?)?;
    Ok(ExitCode::SUCCESS)
}

/// Writes the manual: a page of the whole, then one for each command.
pub fn manual(term: &Term) -> anyhow::Result<ExitCode> {
    let mut command = Cli::command();
    command.build();
    let mut pages = vec![];
    clap_mangen::Man::new(command.clone()).render(&mut pages)?;
    for one in command.get_subcommands().filter(|c| !c.is_hide_set() && c.get_name() != "help") {
        clap_mangen::Man::new(one.clone()).render(&mut pages)?;
    }
    term.write(&String::from_utf8(pages)?)?;
    Ok(ExitCode::SUCCESS)
}
