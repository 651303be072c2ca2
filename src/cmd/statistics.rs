//! `advisor statistics app.db`, and `advisor statistics export --db app.db`

use crate::format::{Format, Outputs};
use crate::term::Term;
use clap::{Args, Subcommand, ValueEnum};
use sqlite_advisor::Request;
use sqlite_advisor::model::assessment::Assessment;
use sqlite_advisor::render::{Json, Renderer, Text};
use sqlite_advisor::statistics::{assess, export};
use sqlite_advisor::workload::read_queries;
use std::path::PathBuf;
use std::process::ExitCode;

/// The arguments of `statistics`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// The database, which is only read
    #[arg(value_name = "DATABASE", required = true)]
    database: Option<PathBuf>,
    /// A .sql file or a log of what the application sends, a folder of them, or - for standard input; may be given several times
    #[arg(long, value_name = "PATH")]
    pub workload: Vec<PathBuf>,
    /// Enforce foreign keys, as an application does that switches them on
    #[arg(long)]
    foreign_keys: bool,
    /// Stop a statement after so many seconds of an ordinary machine
    #[arg(long, value_name = "SECONDS", default_value_t = 10.0, value_parser = super::advise::seconds)]
    timeout: f64,
    /// The form of the result: text or json, or FORM=FILE; may be given several times
    #[arg(long, value_name = "FORM")]
    format: Vec<Format<Form>>,
}

/// What else is done with statistics.
#[derive(Debug, Subcommand)]
enum Command {
    /// Write the statistics of a database without its data, for `check --statistics`
    Export(Export),
}

#[derive(Debug, Args)]
struct Export {
    /// The database, which is only read
    #[arg(long, value_name = "FILE")]
    db: PathBuf,
}

/// The form of what statistics are worth.
#[derive(Debug, Clone, Copy, Default, PartialEq, ValueEnum)]
enum Form {
    #[default]
    Text,
    Json,
}

/// Tells what the statistics of a database are worth, or writes them as JSON.
pub fn run(arguments: &Arguments, term: &Term) -> anyhow::Result<ExitCode> {
    if let Some(Command::Export(arguments)) = &arguments.command {
        let exported = export(&arguments.db, term)?;
        exported.notes.iter().for_each(|note| term.note(note));
        term.write(&Json.to_text(&exported)?)?;
        return Ok(ExitCode::SUCCESS);
    }
    let outputs = Outputs::of(&arguments.format, term)?;
    let mut request = Request::new(arguments.database.clone().unwrap_or_default());
    if !arguments.workload.is_empty() {
        request = request.queries(read_queries(&arguments.workload, term)?.queries);
    }
    request.foreign_keys = arguments.foreign_keys;
    request.timeout = arguments.timeout;
    let found = assess(&request, term)?;
    outputs.write(term, |form, style| {
        let renderer: &dyn Renderer<Assessment> = match form {
            Form::Text => &Text(style),
            Form::Json => &Json,
        };
        Ok(renderer.to_text(&found)?)
    })?;
    Ok(ExitCode::SUCCESS)
}
