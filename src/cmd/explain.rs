//! `advisor explain app.db "SELECT ..."`

use crate::format::{Format, Outputs};
use crate::term::Term;
use anyhow::bail;
use clap::Args;
use sqlite_advisor::advise::{Request, explain};
use sqlite_advisor::render::explanation::{json, markdown, text};
use sqlite_advisor::workload::QuerySource;
use sqlite_advisor::workload::readers::sql::queries;
use sqlite_advisor::workload::source::written_value;
use std::path::PathBuf;
use std::process::ExitCode;

/// The arguments of `explain`.
#[derive(Debug, Args)]
#[command(override_usage = "advisor explain [OPTIONS] DATABASE SQL")]
pub struct Arguments {
    /// The database and the statement; the statement alone where --db names the database
    #[arg(value_name = "DATABASE SQL", required = true, num_args = 1..=2)]
    words: Vec<String>,
    /// The database, behind an option
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    db: Option<PathBuf>,
    /// A value for a parameter, as ?1=7 or :name='text'; may be given several times
    #[arg(long, value_name = "NAME=VALUE")]
    param: Vec<String>,
    /// Enforce foreign keys, as an application does that switches them on
    #[arg(long)]
    foreign_keys: bool,
    /// Stop the statement after so many seconds of an ordinary machine
    #[arg(long, value_name = "SECONDS", default_value_t = 10.0, value_parser = super::advise::seconds)]
    timeout: f64,
    /// The form of the result: text, json or markdown, or FORM=FILE; may be given several times
    #[arg(long, value_name = "FORM")]
    format: Vec<Format<Form>>,
}

/// The form of an explanation.
#[derive(Debug, Clone, Copy, Default, PartialEq, clap::ValueEnum)]
enum Form {
    #[default]
    Text,
    Json,
    Markdown,
}

/// Explains one statement.
pub fn run(arguments: &Arguments, term: &Term) -> anyhow::Result<ExitCode> {
    let outputs = Outputs::of(&arguments.format, term)?;
    let (db, statement) = match (&arguments.words[..], &arguments.db) {
        ([statement], Some(db)) => (db.clone(), statement),
        ([db, statement], None) => (PathBuf::from(db), statement),
        ([_, _], Some(_)) => bail!("the database is named twice; leave --db away"),
        _ => bail!("name the database and the statement, as advisor explain app.db \"SELECT ...\""),
    };
    let mut values = vec![];
    for param in &arguments.param {
        let Some((name, value)) = param.split_once('=') else { bail!("--param {param:?} is not NAME=VALUE") };
        values.push((name.trim().to_owned(), written_value(value.trim())));
    }
    let named =
        |query: QuerySource| QuerySource { name: Some("statement".to_owned()), ..query.with(values.clone()) };
    let mut request = Request::new(&db).queries(queries("statement", statement).into_iter().map(named));
    request.foreign_keys = arguments.foreign_keys;
    request.timeout = arguments.timeout;
    let found = explain(&request, term)?;
    outputs.write(term, |form, style| {
        Ok(match form {
            Form::Json => json(&found)?,
            Form::Markdown => markdown(&found),
            Form::Text => text(&found, style),
        })
    })?;
    Ok(ExitCode::SUCCESS)
}
