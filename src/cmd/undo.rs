//! `advisor undo app.db`

use crate::cmd::carry::Agreed;
use crate::cmd::database::Database;
use crate::term::Term;
use clap::Args;
use sqlite_advisor::change::Options;
use sqlite_advisor::change::undo::{Undo, find, undo};
use sqlite_advisor::render::escape::visible_lines;
use std::process::ExitCode;
use std::time::Duration;

/// The arguments of `undo`.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    database: Database,
    #[command(flatten)]
    agreed: Agreed,
}

/// The backups that stay beside one made by an undo in place: as many as there are.
const ALL: usize = usize::MAX;

/// Shows what is taken back, asks, and takes it back.
pub fn run(arguments: &Arguments, term: &Term) -> anyhow::Result<ExitCode> {
    let Arguments { database, agreed } = arguments;
    let (db, folder) = (database.path(), agreed.folder(database.path()));
    let name = db.display();
    let Some(found) = find(db, &folder, term)? else {
        let folder = folder.display();
        term.write(&visible_lines(&format!("{name}: nothing to take back: no change of {folder} stands\n")))?;
        return Ok(ExitCode::SUCCESS);
    };
    for line in plan(&found) {
        term.note(&line);
    }
    if !agreed.ask(&format!("{name}: go on?"), term)? {
        return Ok(ExitCode::SUCCESS);
    }
    let wait = Duration::from_secs(agreed.wait);
    let options = Options { backups: folder, keep: ALL, accept: Default::default(), wait, receipt: false };
    undo(db, &found, &options, term)?;
    let how = match &found.in_place {
        None => "schema, statistics and rows are as they were before",
        Some(_) => "its indexes and statistics are as they were before; what was written since stays",
    };
    term.write(&visible_lines(&format!("{name}: took back {}: {how}\n", found.receipt.name)))?;
    Ok(ExitCode::SUCCESS)
}

/// What is taken back, step by step in the order of doing, and what was changed since.
fn plan(found: &Undo) -> Vec<String> {
    let receipt = &found.receipt;
    let mut lines = vec![format!("taking back {} of {}:", receipt.name, receipt.at)];
    match &found.in_place {
        None => {
            lines.extend(receipt.steps.iter().rev().map(|step| format!("  undo  {}", step.sql)));
            lines
                .push(format!("nothing else was changed since; {} comes back whole", found.backup.display()));
        }
        Some(change) => {
            lines.extend((1..).zip(change.steps()).map(|(n, (_, step))| format!("{n:>3}. {}", step.sql())));
            lines.push(format!("changed since, and left as it is: {}", found.since.join(", ")));
        }
    }
    lines
}
