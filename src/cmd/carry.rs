//! What `migrate` and `apply` share: the options, the question, the report.

use crate::cmd::database::Database;
use crate::confirm::confirm;
use crate::term::Term;
use anyhow::bail;
use clap::Args;
use sqlite_advisor::change::backup::default_folder;
use sqlite_advisor::change::{Change, Options, State, carry_out, open, plan, rehearse, report};
use sqlite_advisor::model::units;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

/// How the result is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people.
    Markdown,
    /// For programs.
    Json,
}

/// The options of a command that changes a database.
#[derive(Debug, Args)]
pub struct Carry {
    #[command(flatten)]
    pub database: Database,
    /// Carry everything out on a copy, and show what would change
    #[arg(long)]
    pub dry_run: bool,
    /// Do not ask before writing
    #[arg(long)]
    pub yes: bool,
    /// Tolerate failed checks of this kind (null-root, foreign-keys, ...), or all; may be given several times
    #[arg(long, value_name = "KIND")]
    pub accept: Vec<String>,
    /// The folder of the backups [default: backups/ beside the database]
    #[arg(long, value_name = "FOLDER")]
    pub backups: Option<PathBuf>,
    /// How many backups stay
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..))]
    pub keep: u16,
    /// How long a lock of another process is waited for, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 5)]
    pub wait: u64,
    /// How the report is written
    #[arg(long, value_name = "FORMAT", default_value = "markdown")]
    pub format: Format,
}

/// Writes a file beside another, under its name with another ending, and numbered where that is taken: what an earlier
/// run left is never overwritten, and no link is followed.
pub fn write_new(beside: &Path, ending: &str, text: &str) -> anyhow::Result<PathBuf> {
    let plain = beside.with_extension(ending);
    let numbered = (2..10_000_u32).map(|n| beside.with_extension(format!("{n}.{ending}")));
    for path in std::iter::once(plain).chain(numbered) {
        match std::fs::File::create_new(&path).and_then(|mut file| file.write_all(text.as_bytes())) {
            Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(e) => bail!("{}: cannot write: {e}", path.display()),
            Ok(()) => return Ok(path),
        }
    }
    bail!("{}: there are too many files of that name; move the old ones away", beside.display())
}

/// Asks, carries out or rehearses, and reports; `last` runs just before the first write.
pub fn carry(
    options: &Carry,
    change: &Change,
    term: &Term,
    last: impl FnOnce(&rusqlite::Connection) -> anyhow::Result<()>,
) -> anyhow::Result<ExitCode> {
    let db = options.database.path();
    let how = Options {
        backups: options.backups.clone().unwrap_or_else(|| default_folder(db)),
        keep: usize::from(options.keep),
        accept: options.accept.iter().cloned().collect(),
        wait: Duration::from_secs(options.wait),
    };
    if !options.dry_run {
        let conn = open(db, how.wait)?;
        let pending = plan(&conn, change)?.iter().filter(|p| p.state == State::Pending).count();
        if pending > 0 {
            let db = db.display();
            let steps = units::count(pending as u64);
            if !options.yes
                && !confirm(&format!("{db}: {}: {steps} steps, after a backup. Go on?", change.name))?
            {
                term.note("Nothing was changed.");
                return Ok(ExitCode::SUCCESS);
            }
            last(&conn)?;
        }
    }
    let run = if options.dry_run { rehearse } else { carry_out };
    let outcome = run(db, change, &how, term)?;
    let markdown = report::markdown(db, &outcome, options.dry_run);
    if let Some(backup) = &outcome.backup {
        // Beside the backup, so that the two are found together.
        write_new(&backup.path, "md", &markdown)?;
    }
    term.write(&match options.format {
        Format::Markdown => markdown,
        Format::Json => serde_json::to_string_pretty(&outcome)? + "\n",
    })?;
    Ok(if outcome.verified() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
