//! `advisor report advice.json`

use crate::format::Format;
use crate::term::Term;
use anyhow::Context;
use clap::Args;
use goals::speedup::value::Speedup;
use sqlite_advisor::render::json;
use std::path::PathBuf;
use std::process::ExitCode;

/// The arguments of `report`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Results that were saved with --format json, or the report.json of `demo`
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// The form of the result
    #[arg(long, value_name = "FORM", default_value = "text")]
    pub format: Format,
}

/// Tells saved results again; no database is opened.
pub fn run(arguments: &Arguments, term: &Term) -> anyhow::Result<ExitCode> {
    let mut told = vec![];
    for path in &arguments.files {
        let bytes = std::fs::read(path).with_context(|| format!("{}: cannot read", path.display()))?;
        let text = String::from_utf8_lossy(&bytes);
        if let Some(found) = Speedup::from_json(&text).with_context(|| path.display().to_string())? {
            told.push(arguments.format.tell_speedup(&found)?);
            continue;
        }
        let document = json::read(&text).with_context(|| path.display().to_string())?;
        told.push(arguments.format.tell(&document, term)?);
    }
    term.write(&told.join("\n"))?;
    Ok(ExitCode::SUCCESS)
}
