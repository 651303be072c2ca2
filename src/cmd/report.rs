//! `advisor report advice.json`

use crate::format::{Format, Found, Outputs};
use crate::term::Term;
use anyhow::Context;
use clap::Args;
use goals::speedup::value::Speedup;
use sqlite_advisor::render::anonymize::anonymize;
use sqlite_advisor::render::json;
use std::path::PathBuf;
use std::process::ExitCode;

/// The arguments of `report`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Results that were saved with --format json, or the report.json of `demo`
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// The form of the result: text, json, sql, markdown or html, or FORM=FILE; may be given several times
    #[arg(long, value_name = "FORM")]
    pub format: Vec<Format>,
    /// Replace names and values, so that the result can be shown to strangers
    #[arg(long)]
    pub anonymize: bool,
}

/// Tells saved results again; no database is opened.
pub fn run(arguments: &Arguments, term: &Term) -> anyhow::Result<ExitCode> {
    let outputs = Outputs::of(&arguments.format, term)?;
    let mut results = vec![];
    for path in &arguments.files {
        let bytes = std::fs::read(path).with_context(|| format!("{}: cannot read", path.display()))?;
        let text = String::from_utf8_lossy(&bytes);
        let speedup = Speedup::from_json(&text).with_context(|| path.display().to_string())?;
        results.push(match speedup {
            Some(found) => Found::Speedup(Box::new(found)),
            None => {
                let report = json::read(&text).with_context(|| path.display().to_string())?;
                Found::Advice(Box::new(if arguments.anonymize { anonymize(report) } else { report }))
            }
        });
    }
    outputs.write_found(&results, term)?;
    Ok(ExitCode::SUCCESS)
}
