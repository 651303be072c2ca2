//! What the stages of the advisor cost by themselves: plans, probing, statistics, what-if, selection, a whole advise, and a check.
//!
//! On the reference case before any migration, at scale 10. It ends by telling how many what-if evaluations are made
//! in a second: one is the plan of one statement for one set of values under one set of indexes, the showing of the set
//! included.

#![expect(clippy::print_stdout, reason = "a bench tells what it found on the terminal")]

use criterion::{Criterion, Throughput};
use goals::generate::{Options, generate};
use goals::speedup::texts;
use sqlite_advisor::CancelToken;
use sqlite_advisor::advise::candidates::what_if::WhatIf;
use sqlite_advisor::advise::candidates::{Candidates, Catalog};
use sqlite_advisor::advise::prepare::Prepared;
use sqlite_advisor::advise::prepare::probe::Probe;
use sqlite_advisor::advise::prepare::profile::Profile;
use sqlite_advisor::advise::prepare::statistics::gather;
use sqlite_advisor::advise::select::measured::MeasuredCost;
use sqlite_advisor::advise::select::selection::select;
use sqlite_advisor::advise::{Request, advise};
use sqlite_advisor::model::candidate::Candidate;
use sqlite_advisor::model::configuration::StatisticsKind;
use sqlite_advisor::model::ids::IndexSet;
use sqlite_advisor::model::plan::Plan;
use sqlite_advisor::model::units::count;
use sqlite_advisor::progress::Silent;
use sqlite_advisor::sqlite::Session;
use sqlite_advisor::workload::Workload;
use sqlite_advisor::workload::touched::planned_with;
use sqlite_advisor::{Check, check};
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

fn main() -> anyhow::Result<()> {
    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_secs(1))
        .without_plots()
        .configure_from_args();
    let folder = tempfile::tempdir()?;
    let db = folder.path().join("goals.db");
    generate(&db, &Options { scale: 10.0, ..Options::default() }, &Silent)?;
    let request = Request::new(&db).queries(texts::before());
    let prepared = Prepared::read(&request, &Silent)?;
    let (schema, statements) = (&prepared.schema, &prepared.workload.statements);
    let analyzed = folder.path().join("analyzed.db");
    std::fs::copy(&db, &analyzed)?;
    let session = Session::open(&analyzed, CancelToken::never())?;
    session.connection().execute_batch("ANALYZE")?;
    let first = statements.iter().find(|s| !s.writes).ok_or_else(|| anyhow::anyhow!("no statement"))?;

    let lines = || {
        let details =
            ["CO-ROUTINE i", "SCAN g", "SEARCH v USING INDEX a (b=?)", "USE TEMP B-TREE FOR GROUP BY"];
        (1..).zip(details).map(|(i, detail)| (i, i - 1, detail.to_owned()))
    };
    criterion.bench_function("plan/parse", |b| b.iter(|| Plan::from_rows(black_box(lines()))));
    criterion.bench_function("plan/ask", |b| {
        b.iter(|| session.plan(&first.sql, first.bindings.first().map_or(&[][..], Vec::as_slice)));
    });
    criterion.bench_function("workload/prepare", |b| {
        b.iter(|| Workload::prepare(&texts::before(), &session, schema).map(|w| w.statements.len()));
    });
    let texts: Vec<&str> = statements.iter().map(|s| s.sql.as_str()).collect();
    let probe = Probe::new(schema, &texts, &prepared.workload.stand_ins)?;
    criterion.bench_function("probe/workload", |b| {
        b.iter(|| statements.iter().map(|s| probe.requests(&s.sql).len()).sum::<usize>());
    });
    let analyzed = prepared.analyzed(&Silent)?;
    let catalog = Catalog::found(&prepared, analyzed.session());
    let find = |profile: &mut Profile| {
        Candidates::find(&prepared, &catalog, profile, &Candidates::default(), &Silent)
    };
    criterion.bench_function("candidates/find", |b| {
        b.iter(|| find(&mut Profile::of(&prepared, analyzed.session())?).map(|found| found.all.len()));
    });
    let candidates = find(&mut Profile::of(&prepared, analyzed.session())?)?;
    let new: Vec<Candidate> = candidates.new_ones().map(|(_, candidate)| candidate.clone()).collect();
    criterion.bench_function("statistics/scan", |b| {
        b.iter(|| gather(&session, &new, None, &Silent).map(|g| g.statistics(&new).stat1.len()));
    });
    let known = candidates.statistics.get(&StatisticsKind::Analyzed).cloned().unwrap_or_default();
    let stand_ins = &prepared.workload.stand_ins;
    let clone = || WhatIf::of_each(schema, &candidates.all, std::iter::once(((), &known)), stand_ins, false);
    criterion.bench_function("what-if/clone", |b| b.iter(|| clone().is_ok()));

    let ((), mut what_if) = clone()?.pop().ok_or_else(|| anyhow::anyhow!("no clone"))?;
    // All statements are asked about under each index before the next, as the advisor does it.
    let sets: Vec<IndexSet> = candidates.all.ids().map(|i| IndexSet::from([i])).collect();
    let tables: Vec<_> = statements.iter().map(|s| planned_with(schema, &s.sql, false)).collect();
    let asked = || statements.iter().zip(&tables);
    let round: Vec<_> = sets
        .iter()
        .flat_map(|set| asked().map(move |(statement, tables)| (statement, tables, set)))
        .collect();
    let mut evaluations = round.iter().cycle();
    let mut group = criterion.benchmark_group("what-if");
    let plans: usize = statements.iter().map(|s| s.bindings.len()).sum();
    group.throughput(Throughput::Elements((plans / statements.len().max(1)).max(1) as u64));
    group.bench_function("evaluation", |b| {
        b.iter(|| {
            let (statement, tables, set) = evaluations.next()?;
            what_if.used(tables, statement, set).ok()
        });
    });
    group.finish();
    criterion.bench_function("select/scale-10", |b| {
        b.iter(|| {
            let mut model = MeasuredCost::open(&prepared, &candidates, &Silent)?;
            let selection = select(&prepared, &candidates, &mut model, None, &Silent)?;
            Ok::<usize, sqlite_advisor::Error>(selection.position.configuration.indexes.len())
        });
    });
    criterion.bench_function("advise/scale-10", |b| {
        b.iter(|| advise(&request, &Silent).map(|d| d.recommendations.len()))
    });
    let request = check_of(&folder.path().join("schema.sql"))?;
    criterion.bench_function("check/1000-statements-200-tables", |b| {
        b.iter(|| check(&request, &Silent).map(|checked| checked.planned()));
    });
    criterion.final_summary();

    let (began, mut asked) = (Instant::now(), 0);
    for (statement, tables, set) in round {
        what_if.used(tables, statement, set)?;
        asked += statement.bindings.len();
    }
    let second = asked as f64 / began.elapsed().as_secs_f64();
    println!("what-if evaluations per second: {} ({} asked)", count(second as u64), count(asked as u64));
    Ok(())
}

/// A check of a schema of 200 tables with statistics, and of five statements for each.
fn check_of(schema: &Path) -> anyhow::Result<Check> {
    let tables = (0..200).map(|i| {
        format!(
            "CREATE TABLE t{i}(id INTEGER PRIMARY KEY, a INT, b TEXT, c REAL, d TEXT);
             CREATE INDEX t{i}_ab ON t{i}(a, b); CREATE INDEX t{i}_c ON t{i}(c);
             INSERT INTO sqlite_stat1 VALUES ('t{i}', 't{i}_ab', '50000 50 2'), ('t{i}', 't{i}_c', '50000 3');"
        )
    });
    std::fs::write(schema, tables.collect::<String>())?;
    let statements = (0..200).flat_map(|i| {
        let other = (i * 7 + 3) % 200;
        [
            format!("SELECT d FROM t{i} WHERE a = ? AND b = ?"),
            format!("SELECT d FROM t{i} WHERE c > ? ORDER BY c LIMIT 20"),
            format!("SELECT x.d, y.b FROM t{i} x JOIN t{other} y ON y.id = x.a WHERE x.c = ?"),
            format!("SELECT count(*), a FROM t{i} WHERE a IN (?, ?) GROUP BY a"),
            format!("UPDATE t{i} SET d = ? WHERE id = ?"),
        ]
    });
    Ok(Check::new(schema, statements))
}
