//! `advisor workload FILE...`

use crate::format::{Format, Outputs};
use crate::term::Term;
use anyhow::bail;
use clap::Args;
use sqlite_advisor::render::escape::visible_lines;
use sqlite_advisor::render::workload::{json, sql, text};
use sqlite_advisor::workload::read_queries;
use std::path::PathBuf;
use std::process::ExitCode;

/// The arguments of `workload`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Logs and files of queries, folders of them, or - for standard input
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// The form of the digest: text, json or sql, which is a workload to keep; or FORM=FILE, several times
    #[arg(long, value_name = "FORM")]
    format: Vec<Format<Form>>,
}

/// The form of a digest.
#[derive(Debug, Clone, Copy, Default, PartialEq, clap::ValueEnum)]
enum Form {
    #[default]
    Text,
    Json,
    Sql,
}

/// Reads what an application sent, and tells how often it sent what.
pub fn run(arguments: &Arguments, term: &Term) -> anyhow::Result<ExitCode> {
    let outputs = Outputs::of(&arguments.format, term)?;
    let read = read_queries(&arguments.files, term)?;
    if read.queries.is_empty() {
        let said: Vec<_> = read.files.iter().map(sqlite_advisor::render::workload::file_read).collect();
        bail!(sqlite_advisor::Error::NothingToDo(said.join("; ")));
    }
    outputs.write(term, |form, style| {
        Ok(match form {
            Form::Json => json(&read)?,
            // Names that could steer a terminal go raw only to where SQL is run.
            Form::Sql if term.is_terminal() => visible_lines(&sql(&read)),
            Form::Sql => sql(&read),
            Form::Text => text(&read, style),
        })
    })?;
    Ok(ExitCode::SUCCESS)
}
