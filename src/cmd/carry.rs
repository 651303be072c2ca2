//! What `migrate`, `apply` and `undo` share: the options, the plan, the question, the run.

use crate::cmd::database::Database;
use crate::confirm::confirm;
use crate::term::Term;
use anyhow::bail;
use clap::Args;
use sqlite_advisor::change::backup::default_folder;
use sqlite_advisor::change::{Change, Options, Outcome, State, carry_out, open, plan, rehearse, report};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

/// How the result is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// The whole report, for people.
    Markdown,
    /// The whole report, for programs.
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
    /// Tolerate failed checks of this kind (null-root, foreign-keys, ...), or all; may be given several times
    #[arg(long, value_name = "KIND")]
    pub accept: Vec<String>,
    /// How many backups stay
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..))]
    pub keep: u16,
    #[command(flatten)]
    pub agreed: Agreed,
}

/// What every command that writes into a database is told.
#[derive(Debug, Args)]
pub struct Agreed {
    /// Do not ask before writing
    #[arg(long)]
    pub yes: bool,
    /// The folder of the backups and receipts [default: backups/ beside the database]
    #[arg(long, value_name = "FOLDER")]
    pub backups: Option<PathBuf>,
    /// How long a lock of another process is waited for, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 5)]
    pub wait: u64,
}

impl Agreed {
    /// The folder of the backups of a database.
    pub fn folder(&self, db: &Path) -> PathBuf {
        self.backups.clone().unwrap_or_else(|| default_folder(db))
    }

    /// Asks unless `--yes` was given. What is not agreed to is said not to have happened.
    pub fn ask(&self, question: &str, term: &Term) -> anyhow::Result<bool> {
        let agreed = self.yes || confirm(question)?;
        if !agreed {
            term.note("Nothing was changed.");
        }
        Ok(agreed)
    }
}

/// The most characters of a statement that is shown before the question.
const LONG: usize = 300;

impl Carry {
    /// How a change is to be carried out.
    pub fn options(&self) -> Options {
        Options {
            backups: self.agreed.folder(self.database.path()),
            keep: usize::from(self.keep),
            accept: self.accept.iter().cloned().collect(),
            wait: Duration::from_secs(self.agreed.wait),
            receipt: true,
        }
    }

    /// Shows what is going to be done, in the order of doing, and asks. A rehearsal needs no answer.
    pub fn agree(&self, change: &Change, term: &Term) -> anyhow::Result<bool> {
        if self.dry_run {
            return Ok(true);
        }
        let db = self.database.path();
        let planned = plan(&open(db, self.options().wait)?, change)?;
        let pending = change.steps().zip(planned).filter(|(_, planned)| planned.state == State::Pending);
        // Statements that fill no screen are shown as they are.
        let shown =
            |sql: String, title: String| if sql.len() > LONG || sql.contains('\n') { title } else { sql };
        let pending: Vec<String> = pending.map(|((_, step), _)| shown(step.sql(), step.title())).collect();
        if pending.is_empty() {
            return Ok(true);
        }
        let db = db.display();
        term.note(&format!("{db}: {}, in this order, after a backup:", change.name));
        for (n, sql) in (1..).zip(&pending) {
            term.note(&format!("{n:>3}. {sql}"));
        }
        self.agreed.ask(&format!("{db}: go on?"), term)
    }

    /// Carries out or rehearses; the whole report stays beside the backup.
    pub fn run(&self, change: &Change, term: &Term) -> anyhow::Result<Outcome> {
        let db = self.database.path();
        let run = if self.dry_run { rehearse } else { carry_out };
        let outcome = run(db, change, &self.options(), term)?;
        if let Some(receipt) = &outcome.receipt {
            write_new(&receipt.with_extension("md"), &report::markdown(db, &outcome, self.dry_run))?;
        }
        Ok(outcome)
    }

    /// Writes the whole report in a form.
    pub fn tell(&self, outcome: &Outcome, format: Format, term: &Term) -> anyhow::Result<()> {
        term.write(&match format {
            Format::Markdown => report::markdown(self.database.path(), outcome, self.dry_run),
            Format::Json => serde_json::to_string_pretty(outcome)? + "\n",
        })
    }
}

/// 0, or 1 where a check failed and everything was taken back.
pub fn exit_code(outcome: &Outcome) -> ExitCode {
    if outcome.verified() { ExitCode::SUCCESS } else { ExitCode::from(1) }
}

/// Writes a file that is not there yet: nothing is ever overwritten, and no link is followed.
fn write_new(path: &Path, text: &str) -> anyhow::Result<()> {
    match std::fs::File::create_new(path).and_then(|mut file| file.write_all(text.as_bytes())) {
        Err(e) => bail!("{}: cannot write: {e}", path.display()),
        Ok(()) => Ok(()),
    }
}
