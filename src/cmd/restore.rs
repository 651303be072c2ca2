//! `advisor restore goals.db --from backups/goals_20260101_155103.db`

use crate::cmd::database::Database;
use crate::confirm::confirm;
use crate::term::Term;
use clap::Args;
use sqlite_advisor::change::backup::default_folder;
use sqlite_advisor::change::restore::{check, restore};
use sqlite_advisor::model::units;
use sqlite_advisor::render::escape::visible_lines;
use std::path::PathBuf;
use std::process::ExitCode;

/// The arguments of `restore`.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    database: Database,
    /// The backup
    #[arg(long, value_name = "BACKUP")]
    from: PathBuf,
    /// Do not ask before writing
    #[arg(long)]
    yes: bool,
    /// Where the replaced database is kept [default: backups/ beside the database]
    #[arg(long, value_name = "FOLDER")]
    backups: Option<PathBuf>,
}

/// Checks the backup, asks, restores, and checks again.
pub fn run(arguments: &Arguments, term: &Term) -> anyhow::Result<ExitCode> {
    let Arguments { database, from, yes, backups } = arguments;
    let db = database.path();
    let tables = check(from, term)?;
    let rows: u64 = tables.values().map(|d| d.digest.rows).sum();
    let (db_name, rows) = (db.display(), units::count(rows));
    if !yes && !confirm(&format!("{db_name}: replace it by a backup of {rows} rows? It is kept aside."))? {
        term.note("Nothing was changed.");
        return Ok(ExitCode::SUCCESS);
    }
    let folder = backups.clone().unwrap_or_else(|| default_folder(db));
    let done = restore(db, from, &folder, term)?;
    let mut out = format!(
        "{db_name}: restored from {}: {} tables, {rows} rows, {}; integrity_check ok, digests equal\n",
        from.display(),
        done.tables,
        units::bytes(done.bytes)
    );
    if let Some(aside) = &done.aside {
        out += &format!("the replaced database is {}\n", aside.display());
    }
    term.write(&visible_lines(&out))?;
    Ok(ExitCode::SUCCESS)
}
