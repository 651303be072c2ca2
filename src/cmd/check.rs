//! `advisor check app.db --workload PATH --lock FILE`

use crate::format::{Format, Outputs};
use crate::settings::Settings;
use crate::term::Term;
use anyhow::{Context, bail};
use clap::Args;
use sqlite_advisor::check::USUAL_ROWS;
use sqlite_advisor::model::exported::ExportedStatistics;
use sqlite_advisor::render::check::{Github, Gitlab, Junit, Sarif};
use sqlite_advisor::render::{Json, Markdown, Renderer, Text};
use sqlite_advisor::workload::read_queries;
use sqlite_advisor::{Check, Checked, Lock, check};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The arguments of `check`; `.sqlite-advisor.toml` says what neither an option nor the environment does.
#[derive(Debug, Args)]
pub struct Arguments {
    /// A database, a .sql file of its schema, or a folder of migrations
    #[arg(value_name = "SCHEMA", env = "ADVISOR_SCHEMA")]
    pub schema: Option<PathBuf>,
    /// A .sql file or a log of what the application sends, a folder of them, or - for standard input; may be given several times
    #[arg(long, value_name = "PATH", env = "ADVISOR_WORKLOAD")]
    pub workload: Vec<PathBuf>,
    /// The file that holds the plans; what is worse than it is told
    #[arg(long, value_name = "FILE", env = "ADVISOR_LOCK")]
    pub lock: Option<PathBuf>,
    /// Write the lock as the plans are now, and so accept what is told
    #[arg(long)]
    pub update: bool,
    /// A table of at most so many rows may be scanned (1000)
    #[arg(long, value_name = "N", env = "ADVISOR_ROWS")]
    rows: Option<u64>,
    /// Enforce foreign keys, as an application does that switches them on
    #[arg(long)]
    foreign_keys: bool,
    /// Plan with the statistics of another database, as `advisor statistics export` writes them
    #[arg(long, value_name = "FILE", env = "ADVISOR_STATISTICS")]
    pub statistics: Option<PathBuf>,
    /// A sqlite3 shell (3.37 or later) or a python3: tell which statements its SQLite plans otherwise
    #[arg(long, value_name = "PROGRAM")]
    engine: Option<PathBuf>,
    /// The form of the result: text, json, github, gitlab, sarif, junit or markdown, or FORM=FILE; may be given several times
    #[arg(long, value_name = "FORM")]
    format: Vec<Format<Form>>,
}

/// The form of what is found.
#[derive(Debug, Clone, Copy, Default, PartialEq, clap::ValueEnum)]
enum Form {
    #[default]
    Text,
    Json,
    Github,
    Gitlab,
    Sarif,
    Junit,
    Markdown,
}

/// Plans every statement; exit code 1 if one is worse than the lock, 3 if none could be planned.
pub fn run(arguments: &Arguments, term: &Term) -> anyhow::Result<ExitCode> {
    let outputs = Outputs::of(&arguments.format, term)?;
    let settings = Settings::find()?;
    let Some(schema) = arguments.schema.as_ref().or(settings.schema.as_ref()) else {
        bail!("name a database, a .sql file of its schema or a folder of migrations");
    };
    let given = !arguments.workload.is_empty();
    let workload = if given { &arguments.workload } else { &settings.workload };
    if workload.is_empty() {
        bail!("name what the application sends with --workload");
    }
    let lock_file = arguments.lock.as_deref().or(settings.lock.as_deref());
    let statistics = arguments.statistics.as_deref().or(settings.statistics.as_deref());
    let updated = lock_file.filter(|_| arguments.update);
    match updated {
        Some(path) => {
            let others = [schema].into_iter().chain(workload).cloned().chain(statistics.map(Path::to_owned));
            term.check_beside(path, &others.collect::<Vec<_>>())?;
        }
        None if arguments.update => bail!("name the lock to be written with --lock"),
        None => {}
    }
    let lock = match lock_file {
        Some(path) => read_lock(path, arguments.update)?,
        None => None,
    };
    let queries = read_queries(workload, term)?.queries;
    let request = Check {
        lock,
        rows: arguments.rows.or(settings.rows).unwrap_or(USUAL_ROWS),
        foreign_keys: arguments.foreign_keys || settings.foreign_keys,
        statistics: statistics.map(read_statistics).transpose()?,
        ignore: settings.ignored(),
        engine: arguments.engine.clone(),
        ..Check::new(schema, queries)
    };
    let checked = check(&request, term)?;
    outputs.write(term, |form, style| {
        let renderer: &dyn Renderer<Checked> = match form {
            Form::Text => &Text(style),
            Form::Json => &Json,
            Form::Github => &Github,
            Form::Gitlab => &Gitlab,
            Form::Sarif => &Sarif,
            Form::Junit => &Junit,
            Form::Markdown => &Markdown,
        };
        Ok(renderer.to_text(&checked)?)
    })?;
    if checked.planned() == 0 {
        return Ok(ExitCode::from(3));
    }
    if let Some(path) = updated {
        term.write_to(Some(path), &checked.statements.to_string())?;
        term.note(&format!("{}: written", path.display()));
        return Ok(ExitCode::SUCCESS);
    }
    Ok(if checked.passed() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn read_statistics(path: &Path) -> anyhow::Result<ExportedStatistics> {
    let text = std::fs::read_to_string(path).with_context(|| format!("{}: cannot read", path.display()))?;
    ExportedStatistics::parse(&text).with_context(|| path.display().to_string())
}

/// The lock; none where it is still to be written.
fn read_lock(path: &Path, update: bool) -> anyhow::Result<Option<Lock>> {
    match std::fs::read_to_string(path) {
        Ok(text) => Lock::parse(&text).map(Some).with_context(|| path.display().to_string()),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound && update => Ok(None),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            bail!("{}: there is no such lock; --update writes it", path.display())
        }
        Err(e) => Err(e).with_context(|| format!("{}: cannot read", path.display())),
    }
}
