//! `advisor explain --db app.db "SELECT ..."`

use crate::format::Format;
use crate::term::Term;
use anyhow::bail;
use clap::Args;
use sqlite_advisor::advise::{Request, explain};
use sqlite_advisor::render::explanation::{json, markdown, text};
use sqlite_advisor::render::style::Style;
use sqlite_advisor::workload::Text;
use std::path::PathBuf;
use std::process::ExitCode;

/// The arguments of `explain`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The database; it is only read
    #[arg(long, value_name = "FILE")]
    db: PathBuf,
    /// A value for a parameter, as ?1=7 or :name='text'; may be given several times
    #[arg(long, value_name = "NAME=VALUE")]
    param: Vec<String>,
    /// Enforce foreign keys, as an application does that switches them on
    #[arg(long)]
    foreign_keys: bool,
    /// Stop the statement after so many seconds of an ordinary machine
    #[arg(long, value_name = "SECONDS", default_value_t = 10.0, value_parser = super::advise::seconds)]
    timeout: f64,
    /// The form of the result: text, json or markdown
    #[arg(long, value_name = "FORM", default_value = "text")]
    format: Format,
    /// The statement
    #[arg(value_name = "SQL")]
    sql: String,
}

/// Explains one statement.
pub fn run(arguments: &Arguments, term: &Term) -> anyhow::Result<ExitCode> {
    if matches!(arguments.format, Format::Sql | Format::Html) {
        bail!("an explanation has no such form; use text, json or markdown");
    }
    let mut headers = "-- name: statement\n".to_owned();
    for param in &arguments.param {
        match param.split_once('=') {
            Some((name, value)) if !param.contains(['\n', '\r']) => {
                headers.push_str(&format!("-- param: {name} = {value}\n"));
            }
            _ => bail!("--param {param:?} is not NAME=VALUE on one line"),
        }
    }
    let sql = Text { source: "statement".to_owned(), sql: headers + &arguments.sql };
    let mut request = Request::new(&arguments.db, Some(vec![sql]));
    request.foreign_keys = arguments.foreign_keys;
    request.timeout = arguments.timeout;
    let found = explain(&request, term)?;
    term.write(&match arguments.format {
        Format::Json => json(&found)?,
        Format::Markdown => markdown(&found),
        _ => text(&found, Style { width: term.width(), color: term.color() }),
    })?;
    Ok(ExitCode::SUCCESS)
}
