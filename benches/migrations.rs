//! Both forms of every claim by criterion, at every point of the timeline, for the median and the biggest fractal.
//!
//! `cargo bench --bench migrations -- activities` picks groups by name; `ADVISOR_BENCH_SCALE=100,1000` (the default) the
//! scales. The rows of all forms must be equal, or the bench fails. A form that takes far longer than the join before all
//! migrations is stopped, told, and not timed. The databases stay in `target/bench-databases` for as long as the program
//! that made them does not change. After a whole run the report is written to `reports/`, with criterion's times.

#![expect(clippy::print_stdout, reason = "a bench tells what it found on the terminal")]

use anyhow::Context;
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion};
use goals::report;
use goals::speedup::claims::{Bench, Pair, Times};
use goals::speedup::{ADVISE_UP_TO, Options, Timelines, measure};
use sqlite_advisor::CancelToken;
use sqlite_advisor::model::units::{count, duration};
use sqlite_advisor::progress::Silent;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Too small to time with patience, but the growth begins there.
const SMALL: [u64; 2] = [1, 10];
const SEED: u64 = 1;

fn main() -> anyhow::Result<()> {
    let given = std::env::var("ADVISOR_BENCH_SCALE");
    let given = given.unwrap_or_else(|_| "100,1000".to_owned());
    let read =
        |s: &str| s.trim().parse::<u64>().with_context(|| format!("ADVISOR_BENCH_SCALE: {s:?} is no scale"));
    let scales = given.split(',').map(read).collect::<anyhow::Result<Vec<u64>>>()?;
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // A filter, a test run or a list asks for less than the whole, and the report is about the whole.
    let whole = arguments.iter().all(|a| a == "--bench" || a == "--quick");
    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(100))
        .measurement_time(Duration::from_millis(500))
        .without_plots()
        .configure_from_args();

    let folder = target()?.join("bench-databases");
    fs::create_dir_all(&folder).with_context(|| format!("{}: cannot make", folder.display()))?;
    let command = format!(
        "ADVISOR_BENCH_SCALE={given} cargo bench --bench migrations{}",
        if arguments.iter().any(|a| a == "--quick") { " -- --quick" } else { "" }
    );
    let options = Options {
        scales: SMALL.into_iter().chain(scales.iter().copied()).collect(),
        advise_up_to: ADVISE_UP_TO,
        seed: SEED,
        command,
    };
    let mut timelines = Timelines::open(&folder, &options, Some(this_program()?), &Silent)?;
    let mut timed = vec![];
    for scale in scales {
        let timeline = timelines.at(scale, &Silent)?;
        let bench = Bench::open(&timeline, CancelToken::never())?;
        for (claim, fractal) in bench.pairs() {
            let mut group = criterion.benchmark_group(format!("{claim}/{fractal}/{scale}"));
            time(&mut group, &bench.pair(claim, fractal)?, &mut timed)?;
            group.finish();
        }
        drop(bench);
        timelines.done(timeline)?;
    }
    criterion.final_summary();
    if !whole {
        return Ok(());
    }
    let times = estimates(&target()?.join("criterion"), &timed)?;
    let found = measure(timelines, &options, &times, &Silent)?;
    let reports = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports");
    fs::create_dir_all(&reports)?;
    for (name, text) in report::files(&found)? {
        fs::write(reports.join(name), text)?;
    }
    let page = reports.join("index.html").display().to_string();
    print!("{}", report::terminal::ten_lines(&found, &page));
    Ok(())
}

/// One group: the forms at the points, each beside its counters.
fn time(
    group: &mut BenchmarkGroup<'_, WallTime>,
    pair: &Pair<'_>,
    timed: &mut Vec<String>,
) -> anyhow::Result<()> {
    for turn in &pair.turns {
        let counted = turn.counted;
        let (steps, pages) = (count(counted.vm_steps), count(counted.pages));
        if counted.timed_out {
            let time = duration(counted.time_ns);
            println!("{}: stopped after {time}, {steps} steps, {pages} pages; not timed", turn.name);
            continue;
        }
        let mut prepared = turn.prepare()?;
        let mut ran = false;
        group.bench_function(BenchmarkId::new(turn.form, turn.point), |bencher| {
            ran = true;
            bencher.iter(|| prepared.run());
        });
        if ran {
            println!("{:24}counters: {steps} steps, {pages} pages, {} rows", "", count(counted.rows));
            timed.push(turn.name.clone());
        }
    }
    Ok(())
}

/// Criterion's medians of what was timed in this run, in nanoseconds.
fn estimates(folder: &Path, timed: &[String]) -> anyhow::Result<Times> {
    let mut times = Times::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("{}: cannot read", folder.display()))? {
            let path = entry?.path();
            if path.ends_with("new") {
                let name = json(&path.join("benchmark.json"))?;
                let name = name.get("full_id").and_then(|v| v.as_str()).unwrap_or_default().to_owned();
                let median = json(&path.join("estimates.json"))?;
                let median = median.pointer("/median/point_estimate").and_then(serde_json::Value::as_f64);
                if let Some(median) = median.filter(|_| timed.contains(&name)) {
                    times.insert(name, median as u64);
                }
            } else if path.is_dir() {
                folders.push(path);
            }
        }
    }
    anyhow::ensure!(
        times.len() == timed.len(),
        "criterion left {} estimates of {} in {}",
        times.len(),
        timed.len(),
        folder.display()
    );
    Ok(times)
}

fn json(file: &Path) -> anyhow::Result<serde_json::Value> {
    let text = fs::read_to_string(file).with_context(|| format!("{}: cannot read", file.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{}: is no JSON", file.display()))
}

/// Cargo's target folder, in which this program lies at `release/deps/`.
fn target() -> anyhow::Result<PathBuf> {
    let program = std::env::current_exe()?;
    let folder = program.ancestors().nth(3).context("this program lies in no target folder")?;
    Ok(folder.to_owned())
}

/// A name that changes whenever the generator, the migrations or the advice may have changed.
fn this_program() -> anyhow::Result<String> {
    let program = fs::read(std::env::current_exe()?)?;
    Ok(blake3::hash(&program).to_hex().to_string())
}
