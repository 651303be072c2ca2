//! `advisor diff A.db B.db`

use crate::term::Term;
use clap::Args;
use sqlite_advisor::change::diff::{compare, script, to_sql};
use sqlite_advisor::change::script::schema_of;
use sqlite_advisor::render::escape::visible;
use std::path::PathBuf;
use std::process::ExitCode;

/// The arguments of `diff`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// A database, or a .sql file of CREATE statements
    #[arg(value_name = "A")]
    pub a: PathBuf,
    /// What it is compared with
    #[arg(value_name = "B")]
    pub b: PathBuf,
    /// text: in words; json: for programs; sql: the statements that bring B to A
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Format {
    Text,
    Json,
    Sql,
}

/// Compares two schemas; exit code 1 if they differ.
pub fn run(arguments: &Arguments, term: &Term) -> anyhow::Result<ExitCode> {
    let (a, b) = (schema_of(&arguments.a, term)?, schema_of(&arguments.b, term)?);
    let found = compare(&a, &b);
    term.write(&match arguments.format {
        Format::Json => serde_json::to_string_pretty(&found)? + "\n",
        Format::Sql => script(&to_sql(&a, &b)?),
        Format::Text if found.is_empty() => "equal\n".to_owned(),
        Format::Text => found.iter().map(|d| visible(&d.to_string()) + "\n").collect(),
    })?;
    Ok(if found.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
