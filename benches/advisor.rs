//! What the stages of the advisor cost by themselves: plans, workload, and a whole advise on a small database.

use criterion::Criterion;
use sqlite_advisor::advise::{Request, advise};
use sqlite_advisor::database::{Schema, Session, StandIns};
use sqlite_advisor::goals::generate::{Options, generate};
use sqlite_advisor::plan::Plan;
use sqlite_advisor::progress::Silent;
use sqlite_advisor::speedup::texts;
use sqlite_advisor::workload::Workload;
use sqlite_advisor::{advise::probe::Probe, advise::whatif::WhatIf};
use std::hint::black_box;
use std::time::Duration;

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
    let session = Session::open(&db)?;
    let schema = Schema::read(session.connection())?;
    let workload = Workload::prepare(&texts::before(), &session, &schema)?;
    let first =
        workload.statements.iter().find(|s| !s.writes).ok_or_else(|| anyhow::anyhow!("no statement"))?;

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
        b.iter(|| Workload::prepare(&texts::before(), &session, &schema).map(|w| w.statements.len()));
    });
    let probe = Probe::new(&schema, &workload.statements, &workload.stand_ins)?;
    criterion.bench_function("probe/one-statement", |b| b.iter(|| probe.hear(&first.sql).len()));
    criterion.bench_function("whatif/fresh-clone", |b| {
        b.iter(|| WhatIf::new(&schema, &[], &[], &StandIns::default()).is_ok());
    });
    drop(session);
    let request = Request::new(&db, Some(texts::before()));
    criterion
        .bench_function("advise/scale-10", |b| b.iter(|| advise(&request, &Silent).map(|d| d.advice.len())));
    criterion.final_summary();
    Ok(())
}
