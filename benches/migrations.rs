//! The claims and the heaviest statements of the application, by criterion, at every point of the road.
//!
//! `cargo bench --bench migrations -- activities` picks one group; `ADVISOR_BENCH_SCALE=1000` picks the scales
//! (default `100`). After the groups the report is written to `reports/`, as `advisor demo` does it.

use criterion::{BenchmarkId, Criterion};
use rusqlite::types::Value;
use sqlite_advisor::database::session::Limit;
use sqlite_advisor::database::{Schema, Session};
use sqlite_advisor::progress::Silent;
use sqlite_advisor::speedup::stages::{self, Road};
use sqlite_advisor::speedup::{Options, claims, texts};
use sqlite_advisor::workload::Workload;
use sqlite_advisor::{Error, Result, report};
use std::path::Path;
use std::time::Duration;

/// The points at which every form that is possible there is timed.
const POINTS: [&str; 7] = [
    stages::B0,
    stages::B0_ANALYZED,
    stages::M1,
    stages::M2_ROOTS,
    stages::M2_INDEXES,
    stages::M5,
    stages::M5_ANALYZED,
];
const SEED: u64 = 1;

fn main() -> anyhow::Result<()> {
    let scales = std::env::var("ADVISOR_BENCH_SCALE").unwrap_or_else(|_| "100".to_owned());
    let scales = scales.split(',').map(|s| s.trim().parse()).collect::<Result<Vec<u64>, _>>()?;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/bench-databases");
    std::fs::create_dir_all(&folder)?;
    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(100))
        .measurement_time(Duration::from_millis(400))
        .without_plots()
        .configure_from_args();
    for scale in &scales {
        let road = stages::build(&folder, *scale, SEED, &Silent)?;
        pairs(&mut criterion, &road)?;
        road.remove()?;
    }
    criterion.final_summary();
    // A test run or a filter asks for less than the whole, and the report is about the whole.
    if std::env::args().skip(1).all(|a| a == "--bench" || a == "--quick") {
        let options = Options {
            command: "cargo bench --bench migrations".to_owned(),
            seed: SEED,
            advise_up_to: 100,
            scales: [1, 10].into_iter().chain(scales).collect(),
        };
        let found = sqlite_advisor::speedup::tell(&folder, &options, &Silent)?;
        let reports = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports");
        std::fs::create_dir_all(&reports)?;
        for (name, text) in report::speedup::files(&found)? {
            std::fs::write(reports.join(name), text)?;
        }
    }
    Ok(())
}

/// One group for each claim, fractal and scale; the points and forms are its benchmarks.
fn pairs(criterion: &mut Criterion, road: &Road) -> Result<()> {
    let sessions: Vec<(&str, Session)> =
        POINTS.iter().map(|name| Ok((*name, road.open(name)?))).collect::<Result<_>>()?;
    let Some((_, last)) = sessions.last() else { return Ok(()) };
    let schema = Schema::read(last.connection())?;
    let statements = Workload::prepare(&texts::claims(), last, &schema)?.statements;
    for (fractal, values) in claims::fractals(last)? {
        for pair in statements.iter().filter(|s| s.labels.get("form").is_some_and(|f| f == claims::JOIN)) {
            let label =
                |s: &sqlite_advisor::workload::Statement| s.labels.get("pair").cloned().unwrap_or_default();
            let name = label(pair);
            let mut group = criterion.benchmark_group(format!("{name}/{fractal}/{}", road.scale));
            let mut count = None;
            for statement in statements.iter().filter(|s| label(s) == name) {
                for (point, session) in &sessions {
                    // Before M2.1 there is no root_id to read.
                    let Ok(run) = session.run(&statement.sql, &values, Limit::NONE) else { continue };
                    let rows = run.rows.count();
                    if *count.get_or_insert(rows) != rows {
                        return Err(Error::Invalid(format!("{}: other rows at {point}", statement.id)));
                    }
                    let id = BenchmarkId::new(statement.labels.get("form").map_or("", String::as_str), point);
                    let mut prepared = session.prepare(&statement.sql)?;
                    bind(&mut prepared, &values)?;
                    group.bench_function(id, |b| b.iter(|| rows_of(&mut prepared)));
                }
            }
            group.finish();
        }
    }
    Ok(())
}

fn bind(statement: &mut rusqlite::Statement<'_>, values: &[Value]) -> rusqlite::Result<()> {
    for (i, value) in (1..).zip(values).take(statement.parameter_count()) {
        statement.raw_bind_parameter(i, value)?;
    }
    Ok(())
}

/// Steps through all rows and reads all columns.
fn rows_of(statement: &mut rusqlite::Statement<'_>) -> rusqlite::Result<u64> {
    let columns = statement.column_count();
    let (mut rows, mut n) = (statement.raw_query(), 0);
    while let Some(row) = rows.next()? {
        for i in 0..columns {
            std::hint::black_box(row.get_ref(i)?);
        }
        n += 1;
    }
    Ok(n)
}
