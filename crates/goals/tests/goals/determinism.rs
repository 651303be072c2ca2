//! The same database and workload give the same advice, however often they are asked and whatever else the machine does.

use crate::support::{Result, World};
use goals::schema::Variant;
use sqlite_advisor::advise::{Request, advise};
use sqlite_advisor::model::report::Report;
use sqlite_advisor::progress::Silent;
use sqlite_advisor::workload::read_queries;
use std::path::Path;

/// All that must be equal: what is advised, what is not and why, and every counter; times are not in it.
fn told(document: &Report) -> Vec<String> {
    let advice = document.recommendations.iter().map(|r| {
        let bytes = r.index().map(|index| index.bytes);
        format!("{:?}: {} ({bytes:?})", r.sql(), r.common().reason)
    });
    let rejected =
        document.rejected.iter().map(|r| format!("{}: {:?} {} {}", r.sql, r.why, r.bytes, r.statements));
    let counters = document.statements.iter().map(|s| {
        let (before, after) = (&s.before, &s.after);
        format!("{}: {} {} -> {} {}", s.id, before.vm_steps, before.pages, after.vm_steps, after.pages)
    });
    let curve = document.curve.iter().map(|p| format!("{:?} {} {}", p.indexes, p.bytes, p.speedup_geomean));
    advice.chain(rejected).chain(counters).chain(curve).collect()
}

/// Ten runs: alone, two at once, three and four, so that each is a load to the others.
#[test]
fn ten_runs_at_different_loads_give_the_same_advice() -> Result {
    let world = World::new(10.0, Variant::Production, 0.0)?;
    let workload = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../workloads/goals-before");
    let request = Request::new(&world.db).queries(read_queries(&[workload], &Silent)?.queries);
    let mut first = None;
    for at_once in 1..=4 {
        let documents = std::thread::scope(|scope| {
            let runs: Vec<_> = (0..at_once).map(|_| scope.spawn(|| advise(&request, &Silent))).collect();
            runs.into_iter().map(|run| run.join().map_err(|_| "a run panicked")).collect::<Vec<_>>()
        });
        for document in documents {
            let document = document??;
            let told = told(&document);
            assert!(document.recommendations.len() > 2);
            assert_eq!(first.get_or_insert_with(|| told.clone()), &told, "{at_once} at once");
        }
    }
    Ok(())
}
