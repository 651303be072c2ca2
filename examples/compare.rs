//! Puts sets of indexes side by side, each on a copy of its own, all measured by the same SQLite:
//!
//! ```text
//! cargo run --release --example compare -- app.db queries.sql one.sql another.sql
//! ```
//!
//! Of a set's file the CREATE INDEX statements count; ANALYZE follows them. A statement runs on all copies in turn.

use anyhow::{Context, bail};
use clap::Parser;
use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, Table};
use indicatif::{ProgressIterator, ProgressStyle};
use rusqlite::config::DbConfig;
use sqlite_advisor::CancelToken;
use sqlite_advisor::advise::prepare::measure;
use sqlite_advisor::advise::verify::write_cost;
use sqlite_advisor::model::counters::Counters;
use sqlite_advisor::model::plan::Plan;
use sqlite_advisor::model::units::{count, geometric_mean, significant};
use sqlite_advisor::progress::Silent;
use sqlite_advisor::sql::lexer::tokens;
use sqlite_advisor::sqlite::session::Limit;
use sqlite_advisor::sqlite::{Schema, Session, Snapshot};
use sqlite_advisor::workload::{Statement, Workload, read_queries, script::pieces};
use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

/// Puts sets of indexes side by side, each on a copy of its own.
#[derive(Parser)]
struct Arguments {
    /// A database; it is only read.
    db: PathBuf,
    /// A file of SQL statements or a folder of .sql files; a line `-- name: LABEL` names the next statement.
    queries: PathBuf,
    /// Files of CREATE INDEX statements; other statements in them are passed over.
    #[arg(required = true)]
    sets: Vec<PathBuf>,
    /// Seconds after which a statement is stopped, and the time it is counted with.
    #[arg(long, default_value_t = 20)]
    timeout: u64,
}

/// A copy of the database with a set of indexes.
struct Set {
    name: String,
    indexes: BTreeSet<String>,
    bytes: u64,
    session: Session,
}

/// What a set came to: its statements in the order of the workload, none for one that failed.
struct Measured {
    set: Set,
    runs: Vec<Option<Counters>>,
    plans: Vec<Plan>,
    /// What inserts cost without the set and with it.
    inserts: (Counters, Counters),
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(table) => {
            // Nothing is left to do if stdout is closed.
            let _ = write!(std::io::stdout(), "{table}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            say(&format!("{error:#}"));
            ExitCode::from(2)
        }
    }
}

fn say(sentence: &str) {
    let _ = writeln!(std::io::stderr(), "compare: {sentence}");
}

fn run(arguments: &Arguments) -> anyhow::Result<String> {
    let queries = read_queries(std::slice::from_ref(&arguments.queries), &Silent)?.queries;
    let copies = 1 + u64::try_from(arguments.sets.len())?;
    let snapshot = Snapshot::take(&arguments.db, copies * 2, &Silent)?;
    let mut sets = vec![set(&snapshot.duplicate("none.db")?, "none".to_owned(), "")?];
    for (i, file) in arguments.sets.iter().enumerate() {
        let sql = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        let name = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        sets.push(set(&snapshot.duplicate(&format!("set-{i}.db"))?, name, &sql)?);
    }
    let none = sets.first().context("no set")?;
    let schema = Schema::read(none.session.connection())?;
    let workload = Workload::prepare(&queries, &none.session, &schema)?;
    for skipped in &workload.skipped {
        say(&format!("{}: {}", skipped.source, skipped.error));
    }
    if workload.statements.is_empty() {
        bail!("{}: {}", arguments.queries.display(), workload.why_nothing());
    }
    let limit = Limit { cost: f64::INFINITY, time: Duration::from_secs(arguments.timeout) };
    Ok(table(&measure(sets, &workload, &schema, limit)?, &workload))
}

/// Builds the indexes of `sql` on the copy and gathers statistics.
fn set(copy: &Path, name: String, sql: &str) -> anyhow::Result<Set> {
    let session = Session::open(copy, CancelToken::never())?;
    let existing = index_names(&session)?;
    let mut seen = BTreeSet::new();
    for piece in pieces(sql).into_iter().filter(|piece| makes_index(&piece.sql)) {
        if seen.insert(piece.sql.clone())
            && let Err(error) = session.connection().execute_batch(&piece.sql)
        {
            say(&format!("{name}: line {}: {error}", piece.line));
        }
    }
    let indexes: BTreeSet<_> = index_names(&session)?.difference(&existing).cloned().collect();
    let sizes = sqlite_advisor::sqlite::sizes::bytes_by_name(&session)?;
    let bytes = indexes.iter().filter_map(|index| sizes.get(index)).sum();
    session.connection().execute_batch("ANALYZE").context("cannot gather statistics")?;
    drop(session);
    // A fresh connection reads the statistics.
    let session = Session::open(copy, CancelToken::never())?;
    session.connection().set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    Ok(Set { name, indexes, bytes, session })
}

fn index_names(session: &Session) -> anyhow::Result<BTreeSet<String>> {
    Ok(Schema::read(session.connection())?.indexes.into_iter().map(|index| index.name).collect())
}

fn makes_index(sql: &str) -> bool {
    let words = tokens(sql);
    let mut words = words.iter().filter(|word| !word.is("unique"));
    words.next().is_some_and(|word| word.is("create")) && words.next().is_some_and(|word| word.is("index"))
}

/// Inserts into all tables of each copy, then runs each statement on all copies in turn.
fn measure(
    sets: Vec<Set>,
    workload: &Workload,
    schema: &Schema,
    limit: Limit,
) -> anyhow::Result<Vec<Measured>> {
    let tables: BTreeSet<_> = schema.tables.iter().map(|table| table.name.as_str()).collect();
    let none = sets.first().map(|set| &set.session).context("no set")?;
    let inserts = |set: &Set| -> anyhow::Result<_> {
        workload.stand_ins.install(set.session.connection())?;
        let costs = write_cost::inserts(schema, &tables, none, &set.session)?;
        Ok((sum(costs.iter().map(|cost| cost.before)), sum(costs.iter().map(|cost| cost.after))))
    };
    let inserts: Vec<_> = sets.iter().map(inserts).collect::<anyhow::Result<_>>()?;
    let measured = |(set, inserts)| Measured { set, runs: vec![], plans: vec![], inserts };
    let mut measured: Vec<_> = sets.into_iter().zip(inserts).map(measured).collect();
    let style = ProgressStyle::with_template("Comparing {bar:24} {pos}/{len} {elapsed} left {eta}")?;
    for statement in workload.statements.iter().progress_with_style(style) {
        measured.iter_mut().for_each(|m| m.ask(statement, limit));
    }
    Ok(measured)
}

/// The quickest of three runs; one where it takes long. A stopped one counts with the time of the limit.
fn best(session: &Session, statement: &Statement, limit: Limit) -> sqlite_advisor::Result<Counters> {
    let run = || measure::measure(session, statement, limit, &Silent).map(|measured| measured.counters);
    let mut best = run()?;
    let nanos = |time: Duration| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
    if best.timed_out {
        best.time_ns = nanos(limit.time);
    } else if best.time_ns < nanos(limit.time / 8) {
        for _ in 0..2 {
            best.time_ns = best.time_ns.min(run()?.time_ns);
        }
    }
    Ok(best)
}

fn sum(counters: impl IntoIterator<Item = Counters>) -> Counters {
    counters.into_iter().fold(Counters::default(), |mut sum, run| {
        sum.vm_steps += run.vm_steps;
        sum.time_ns += run.time_ns;
        sum
    })
}

/// Over 10 % more VM steps, and over a thousand: a yardstick of its own, apart from the one that the advice keeps to.
fn is_slower(before: &Counters, after: &Counters) -> bool {
    after.vm_steps as f64 > 1.1 * before.vm_steps as f64 && after.vm_steps > before.vm_steps + 1_000
}

impl Measured {
    fn ask(&mut self, statement: &Statement, limit: Limit) {
        let session = &self.set.session;
        let best = best(session, statement, limit);
        if let Err(error) = &best {
            say(&format!("{}: {}: {error}", self.set.name, statement.id));
        }
        self.runs.push(best.ok());
        self.plans.extend(statement.bindings.iter().flat_map(|values| session.plan(&statement.sql, values)));
    }

    /// How many indexes no plan uses.
    fn unused(&self) -> usize {
        let unused = |index: &&String| !self.plans.iter().any(|plan| plan.uses(index));
        self.set.indexes.iter().filter(unused).count()
    }

    /// What each statement cost in `none` and in this set, where it ran in both.
    fn beside<'a>(&'a self, none: &'a Self) -> impl Iterator<Item = (usize, &'a Counters, &'a Counters)> {
        let both = none.runs.iter().zip(&self.runs).enumerate();
        both.filter_map(|(i, (before, after))| Some((i, before.as_ref()?, after.as_ref()?)))
    }

    /// The places of the statements that are slower than in `none`.
    fn slower(&self, none: &Self) -> Vec<usize> {
        let slower = self.beside(none).filter(|(_, before, after)| is_slower(before, after));
        slower.map(|(i, ..)| i).collect()
    }

    /// How many times less all statements take than in `none`.
    fn times_faster(&self, none: &Self) -> String {
        let (before, after): (Vec<_>, Vec<_>) =
            self.beside(none).map(|(_, before, after)| (*before, *after)).unzip();
        times(sum(before).time_ns, sum(after).time_ns)
    }

    /// The geometric mean of how many times less of something the statements take than in `none`.
    fn mean(&self, none: &Self, of: fn(&Counters) -> f64) -> String {
        significant(geometric_mean(self.beside(none).map(|(_, before, after)| of(before) / of(after))))
    }
}

fn times(more: u64, less: u64) -> String {
    significant(more as f64 / less.max(1) as f64)
}

/// What takes less than 10 µs is noise.
fn time(run: &Counters) -> f64 {
    run.time_ns.max(10_000) as f64
}

fn steps(run: &Counters) -> f64 {
    run.vm_steps.max(1) as f64
}

/// The sets beside one another; each is compared with the first.
fn table(measured: &[Measured], workload: &Workload) -> String {
    let Some(none) = measured.first() else { return String::new() };
    let mut table = Table::new();
    table.load_style(NOTHING).force_no_tty();
    let engine = format!("SQLite {}", rusqlite::version());
    table.set_header([engine.as_str()].into_iter().chain(measured.iter().map(|m| m.set.name.as_str())));
    let mut row = |title: &str, tell: &dyn Fn(&Measured) -> String| {
        table.add_row([title.to_owned()].into_iter().chain(measured.iter().map(tell)));
    };
    let all = |m: &Measured| sum(m.runs.iter().flatten().copied());
    let failed = |m: &Measured| workload.skipped.len() + m.runs.iter().filter(|run| run.is_none()).count();
    let stopped = |m: &Measured| m.runs.iter().flatten().filter(|run| run.timed_out).count();
    let newly = |m: &Measured| m.beside(none).filter(|(_, a, b)| !a.timed_out && b.timed_out).count();
    let seconds = |ns: u64| format!("{:.4}", ns as f64 / 1e9);

    row("indexes", &|m| m.set.indexes.len().to_string());
    row("  used by no statement", &|m| m.unused().to_string());
    row("  MiB", &|m| format!("{:.2}", m.set.bytes as f64 / 1_048_576.0));
    row("statements that failed", &|m| failed(m).to_string());
    row("statements timed out", &|m| stopped(m).to_string());
    row("  not so without indexes", &|m| newly(m).to_string());
    row("statements slower in VM steps", &|m| m.slower(none).len().to_string());
    row("total seconds", &|m| seconds(all(m).time_ns));
    row("  times faster", &|m| m.times_faster(none));
    row("  geometric mean", &|m| m.mean(none, time));
    row("total VM steps", &|m| count(all(m).vm_steps));
    row("  geometric mean, times fewer", &|m| m.mean(none, steps));
    row("VM steps of inserts", &|m| count(m.inserts.1.vm_steps));
    row("  times more", &|m| times(m.inserts.1.vm_steps, m.inserts.0.vm_steps));
    row("seconds of inserts", &|m| seconds(m.inserts.1.time_ns));
    row("  times slower", &|m| times(m.inserts.1.time_ns, m.inserts.0.time_ns));
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    let lines = table.lines().map(|line| format!("{}\n", line.strip_prefix(' ').unwrap_or(&line).trim_end()));
    let named = measured.iter().map(|m| (m, m.slower(none))).filter(|(_, slower)| !slower.is_empty());
    let slower = named.map(|(m, slower)| {
        let ids: Vec<_> =
            slower.iter().filter_map(|i| workload.statements.get(*i)).map(|s| s.id.as_str()).collect();
        format!("\nslower with {}: {}\n", m.set.name, ids.join(", "))
    });
    lines.chain(slower).collect()
}
