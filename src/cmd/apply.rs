//! `advisor apply app.db --from advice.json`

use crate::cmd::carry::{Carry, Format, exit_code};
use crate::term::Term;
use anyhow::bail;
use clap::Args;
use sqlite_advisor::Report;
use sqlite_advisor::advise::timing::{Timing, compare, time};
use sqlite_advisor::change::report::status;
use sqlite_advisor::change::script::read;
use sqlite_advisor::change::{Change, Outcome, State, Step, open, plan};
use sqlite_advisor::model::units;
use sqlite_advisor::render::escape::visible_lines;
use sqlite_advisor::render::phrases::{counted, faster};
use std::path::PathBuf;
use std::process::ExitCode;

/// The arguments of `apply`.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    carry: Carry,
    /// advice.json, or a .sql file with CREATE INDEX, DROP INDEX and ANALYZE
    #[arg(long, value_name = "FILE")]
    pub from: PathBuf,
    /// Write the whole report instead of one line
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<Format>,
}

/// Applies indexes and statistics, all or nothing, and tells what the statements take now.
pub fn run(arguments: &Arguments, term: &Term) -> anyhow::Result<ExitCode> {
    let Arguments { carry, from, format } = arguments;
    let script = read(from)?;
    for left in &script.left {
        term.note(&format!("left to you: {left}"));
    }
    refuse_taken_names(carry, &script.change)?;
    if !carry.agree(&script.change, term)? {
        return Ok(ExitCode::SUCCESS);
    }
    let (outcome, gain) = match &script.report {
        Some(report) if !carry.dry_run => timed(carry, &script.change, report, term)?,
        _ => (carry.run(&script.change, term)?, None),
    };
    match format {
        Some(format) => carry.tell(&outcome, *format, term)?,
        None => term.write(&visible_lines(&line(carry, &outcome, gain)))?,
    }
    Ok(exit_code(&outcome))
}

/// An index that stands with another definition under a new one's name is somebody else's: nothing is applied beside it.
fn refuse_taken_names(carry: &Carry, change: &Change) -> anyhow::Result<()> {
    let db = carry.database.path();
    let planned = plan(&open(db, carry.options().wait)?, change)?;
    for ((_, step), planned) in change.steps().zip(planned) {
        if let (Step::CreateIndex { index, .. }, State::Differs(how)) = (step, planned.state) {
            bail!(
                "{}: the name {index} is taken: it {how}; nothing was changed; give the new index another name, \
                 or drop the old one first",
                db.display()
            );
        }
    }
    Ok(())
}

/// Carries out, and times the statements of the advice on the database before and after.
fn timed(
    carry: &Carry,
    change: &Change,
    report: &Report,
    term: &Term,
) -> anyhow::Result<(Outcome, Option<String>)> {
    let db = carry.database.path();
    let before = time(db, report, term)?;
    let outcome = carry.run(change, term)?;
    // The change is made: that its gain cannot be measured does not make it a failure.
    let after =
        if outcome.committed { time(db, report, term).unwrap_or_default() } else { Timing::default() };
    let gain = compare(report, &before, &after).map(|(n, [one, two])| {
        let change = faster(one, two);
        format!("{} now {change}, measured on this file", counted(n, "statement"))
    });
    Ok((outcome, gain))
}

/// What was done, in one line, and how to take it back.
fn line(carry: &Carry, outcome: &Outcome, gain: Option<String>) -> String {
    let db = carry.database.path().display();
    if !outcome.committed || carry.dry_run {
        let failed = outcome.checks.iter().filter(|c| !c.passes());
        let failed: String = failed.map(|c| format!("  {}: {}\n", c.says, c.examples.join("; "))).collect();
        return format!("{db}: {}\n{failed}", status(outcome, carry.dry_run));
    }
    let gain = gain.map(|gain| format!("; {gain}")).unwrap_or_default();
    let backup =
        outcome.backup.as_ref().map(|b| format!("; backup {}", b.path.display())).unwrap_or_default();
    let differs: String =
        outcome.differs.iter().map(|(step, how)| format!("  left as it is: {step}: {how}\n")).collect();
    let done = counted(outcome.done.len() as u64, "step");
    let size = units::bytes(outcome.bytes_after);
    let folder =
        carry.agreed.backups.as_ref().map(|f| format!(" --backups {}", f.display())).unwrap_or_default();
    format!(
        "{db}: done: {done}, now {size}{gain}{backup}; take it back: advisor undo {db}{folder}\n{differs}"
    )
}
