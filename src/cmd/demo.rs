//! `advisor demo`: the reference case before and after each migration, in one command

use crate::term::Term;
use anyhow::Context;
use clap::Args;
use goals::report;
use goals::speedup::claims::Times;
use goals::speedup::{ADVISE_UP_TO, Options, Timelines, measure};
use std::path::PathBuf;
use std::process::ExitCode;

/// The arguments of `demo`. `--out` names a folder.
#[derive(Debug, Args)]
pub struct Arguments {
    /// How many times the real database of the reference case; 1,000 is 329,000 rows
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub scale: u64,
    /// Another seed gives other names, ids and values
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
}

/// Where the report goes unless `--out` names another folder.
const FOLDER: &str = "reports";

/// Makes the databases in a temporary folder, measures, and writes the report.
pub fn run(arguments: &Arguments, out: Option<PathBuf>, term: &Term) -> anyhow::Result<ExitCode> {
    let reports = out.unwrap_or_else(|| FOLDER.into());
    std::fs::create_dir_all(&reports).with_context(|| format!("{}: cannot make", reports.display()))?;
    let work = tempfile::Builder::new().prefix("sqlite-advisor-").tempdir().context("no temporary folder")?;
    let scales = [1, 10, 100, 1_000, 10_000, 100_000].into_iter().filter(|s| *s < arguments.scale);
    let options = Options {
        scales: scales.chain([arguments.scale]).collect(),
        advise_up_to: ADVISE_UP_TO,
        seed: arguments.seed,
        command: format!("advisor demo --scale {} --seed {}", arguments.scale, arguments.seed),
    };
    let timelines = Timelines::open(work.path(), &options, None, term)?;
    let found = measure(timelines, &options, &Times::new(), term)?;
    for (name, text) in report::files(&found)? {
        let path = reports.join(name);
        std::fs::write(&path, text).with_context(|| format!("{}: cannot write", path.display()))?;
    }
    let page = reports.join("index.html");
    term.write(&report::terminal::ten_lines(&found, &page.display().to_string()))?;
    Ok(ExitCode::SUCCESS)
}
