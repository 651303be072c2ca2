//! The 26 indexes of the migration, judged: what each costs, who reads it, and what happens without it.

use crate::migrations::{Point, Style, stage};
use crate::speedup::clock;
use crate::speedup::queries::{SLOWER, prepare};
use crate::speedup::stages::{M5, M5_ADVISED, M5_ANALYZED, Timeline};
use crate::speedup::texts;
use crate::speedup::value::Judged;
use sqlite_advisor::advise::prepare::measure::measure;
use sqlite_advisor::advise::verify::write_cost;
use sqlite_advisor::change::Step;
use sqlite_advisor::error::{Error, Result};
use sqlite_advisor::model::counters::Counters;
use sqlite_advisor::model::plan::Plan;
use sqlite_advisor::model::report::WriteCost;
use sqlite_advisor::model::units;
use sqlite_advisor::progress::Progress;
use sqlite_advisor::sqlite::session::Limit;
use sqlite_advisor::sqlite::sizes::bytes_by_name;
use sqlite_advisor::sqlite::visibility::IndexVisibility;
use sqlite_advisor::sqlite::{Schema, Session};
use sqlite_advisor::workload::Statement;
use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

/// A reader that costs more than this with an index is stopped: it has long been told among the claims.
const STOP_FROM: Duration = Duration::from_millis(200);

/// Judges each index at M5 by the statements of the application and of the claims.
///
/// # Errors
/// [`Error::Sqlite`] if a copy cannot be used, [`Error::Interrupted`].
pub fn judge(timeline: &Timeline, application: &[Statement], progress: &dyn Progress) -> Result<Vec<Judged>> {
    let made: Vec<(String, String)> = stage(Point::M2Indexes, Style::default())
        .steps
        .into_iter()
        .filter_map(|step| match step {
            Step::CreateIndex { index, sql } => Some((index, sql)),
            _ => None,
        })
        .collect();
    let cancel = progress.cancel_token();
    let whole = timeline.open(M5, cancel)?;
    let hidden = Session::open(&timeline.copy(M5, "M5-hidden", cancel)?, cancel)?;
    let (analyzed, advised) = (timeline.open(M5_ANALYZED, cancel)?, timeline.open(M5_ADVISED, cancel)?);
    let schema = Schema::read(whole.connection())?;
    let mut statements = application.to_vec();
    statements.extend(prepare(&texts::claims(), &whole)?);
    let bytes = bytes_by_name(&whole)?;
    let mut visibility =
        IndexVisibility::new(&hidden, made.iter().map(|(name, _)| name.as_str()).enumerate())?;
    let all: BTreeSet<usize> = (0..made.len()).collect();
    let of = |session: &Session| statements.iter().map(|s| plans(session, s)).collect::<Result<Vec<_>>>();
    let (found, with_statistics, with_advice) = (of(&whole)?, of(&analyzed)?, of(&advised)?);

    progress.start("Judging the indexes", Some(made.len() as u64));
    let (mut judged, mut gone, mut measurements) = (vec![], BTreeSet::new(), Measurements::default());
    for (i, (name, sql)) in made.iter().enumerate() {
        progress.check()?;
        let reads = |plans: &Vec<Plan>| plans.iter().any(|p| p.uses(name));
        let readers: Vec<usize> = (0..statements.len())
            .filter(|s| [&found, &with_statistics].iter().any(|all| all.get(*s).is_some_and(reads)))
            .collect();
        // Two that stand in for each other must not both be dropped: what was dropped before stays away.
        let left: BTreeSet<usize> = all.difference(&gone).copied().collect();
        visibility.show(&hidden, &left)?;
        let mut readings = vec![];
        for (statement, with) in statements.iter().zip(of(&hidden)?).filter(|(_, with)| reads(with)) {
            let before = measurements.cost(
                &hidden,
                statement,
                &with,
                clock::limit(&Counters::default(), STOP_FROM),
                progress,
            )?;
            readings.push((statement, with, before));
        }
        visibility.show(&hidden, &left.into_iter().filter(|other| *other != i).collect())?;
        let mut without = Without::default();
        for (statement, with, before) in readings {
            let after = plans(&hidden, statement)?;
            // What was stopped with the index need only be slower than that without it.
            let compared = if before.timed_out { Counters::default() } else { before };
            let cost = measurements.cost(
                &hidden,
                statement,
                &after,
                clock::limit(&compared, STOP_FROM),
                progress,
            )?;
            without.take(statement, (&with, &before), (&after, &cost));
        }
        visibility.show(&hidden, &all.iter().copied().filter(|other| *other != i).collect())?;
        let table = schema.tables.iter().find(|t| sql.contains(&format!(" ON {} (", t.name)));
        let table = table.map(|t| t.name.clone()).unwrap_or_default();
        let cost =
            write_cost::inserts(&schema, &[table.as_str()].into(), &hidden, &whole)?.into_iter().next();
        let per_row = |pick: fn(&Counters) -> u64| {
            let added = |c: &WriteCost| pick(&c.after) as f64 - pick(&c.before) as f64;
            cost.as_ref().map_or(0.0, |c| added(c) / c.rows.max(1) as f64)
        };
        let named = |claim: bool| -> Vec<String> {
            let chosen = readers.iter().filter_map(|s| statements.get(*s));
            chosen.filter(|s| s.labels.contains_key("pair") == claim).map(|s| s.id.clone()).collect()
        };
        let (application, claims) = (named(false), named(true));
        let still = readers.iter().any(|s| with_advice.get(*s).is_some_and(reads));
        let (verdict, evidence) = conclude(&application, &claims, &without, still);
        if verdict == "drop" {
            gone.insert(i);
        }
        judged.push(Judged {
            name: name.clone(),
            table,
            sql: sql.clone(),
            bytes: bytes.get(name).copied().unwrap_or(0),
            insert_vm_steps: per_row(|c| c.vm_steps),
            insert_ns: per_row(|c| c.time_ns),
            application,
            claims,
            verdict: verdict.to_owned(),
            evidence,
            needs_it: without.worst.clone(),
            without: without.worst.is_some().then_some(without.ratio),
        });
        progress.advance(i as u64 + 1);
    }
    visibility.show(&hidden, &all)?;
    progress.finish();
    Ok(judged)
}

fn plans(session: &Session, statement: &Statement) -> Result<Vec<Plan>> {
    session.plans(&statement.sql, &statement.bindings).map_err(Error::from)
}

/// What reads cost under a plan. Two sets of indexes under which the plan is the same cost the same.
#[derive(Default)]
struct Measurements {
    known: HashMap<(String, String), Counters>,
}

impl Measurements {
    fn cost(
        &mut self,
        session: &Session,
        statement: &Statement,
        plans: &[Plan],
        limit: Limit,
        progress: &dyn Progress,
    ) -> Result<Counters> {
        let key =
            (statement.id.clone(), plans.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n--\n"));
        // What a write costs hangs on indexes that its plan does not name.
        if let Some(known) =
            self.known.get(&key).filter(|c| !statement.writes && (!c.timed_out || c.cost() >= limit.cost))
        {
            return Ok(*known);
        }
        let counters = measure(session, statement, limit, progress)?.counters;
        self.known.insert(key, counters);
        Ok(counters)
    }
}

/// What happens to the readers of an index when it is hidden.
#[derive(Default)]
struct Without {
    worst: Option<String>,
    ratio: f64,
    /// The worst was stopped: its ratio is at least that.
    stopped: bool,
    /// Readers that were stopped with the index and without it.
    unknown: Vec<String>,
    /// The indexes that stand in for it.
    others: BTreeSet<String>,
}

impl Without {
    fn take(
        &mut self,
        statement: &Statement,
        (with, before): (&[Plan], &Counters),
        (without, after): (&[Plan], &Counters),
    ) {
        if before.timed_out && after.timed_out {
            self.unknown.push(statement.id.clone());
            return;
        }
        let ratio = after.cost().max(1.0) / before.cost().max(1.0);
        if self.worst.is_none() || ratio > self.ratio {
            (self.worst, self.ratio, self.stopped) = (Some(statement.id.clone()), ratio, after.timed_out);
        }
        for node in without.iter().flat_map(|p| &p.nodes) {
            let name = node.detail.split(" INDEX ").nth(1).and_then(|rest| rest.split(' ').next());
            let new = |n: &&str| n.starts_with("idx_") && !with.iter().any(|p| p.uses(n));
            self.others.extend(name.filter(new).map(str::to_owned));
        }
    }
}

fn conclude(
    application: &[String],
    claims: &[String],
    without: &Without,
    still: bool,
) -> (&'static str, String) {
    if application.is_empty() && claims.is_empty() {
        return ("drop", "no statement reads it".to_owned());
    }
    if without.ratio <= SLOWER && !without.unknown.is_empty() {
        let stopped = without.unknown.join(", ");
        return ("keep", format!("not known: {stopped} was stopped with it and without it"));
    }
    let worst = without.worst.as_deref().unwrap_or_default();
    let others: Vec<&str> = without.others.iter().map(String::as_str).collect();
    if without.worst.is_none() || without.ratio <= SLOWER {
        let by = if others.is_empty() { String::new() } else { format!("; {} stands in", others.join(", ")) };
        return ("drop", format!("no reader gets slower without it{by}"));
    }
    let least = if without.stopped { "at least " } else { "" };
    let slower = format!("{worst} costs {least}{} without it", units::ratio(without.ratio));
    if !still {
        return ("replace", format!("{slower}, but with the advice nobody reads it"));
    }
    let only = if application.is_empty() { "; no statement of the application reads it" } else { "" };
    ("keep", format!("{slower}{only}"))
}
