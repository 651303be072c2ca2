//! The report of `advisor demo`: equal counters in every run, ratios that can be computed again, and names that cannot
//! break a page.

use goals::report::{files, html, markdown, terminal};
use goals::speedup::claims::Times;
use goals::speedup::value::{Bound, Ratio, Run, Speedup};
use goals::speedup::{Options, Timelines, measure, stages};
use sqlite_advisor::model::counters::Counters;
use sqlite_advisor::progress::Silent;
use std::sync::LazyLock;

#[expect(clippy::unwrap_used, reason = "without what was measured there is nothing to test")]
fn measured() -> Speedup {
    let folder = tempfile::tempdir().unwrap();
    let options = Options {
        scales: vec![1, 2],
        advise_up_to: 1,
        seed: 1,
        command: "advisor demo --scale 2".to_owned(),
    };
    let timelines = Timelines::open(folder.path(), &options, None, &Silent).unwrap();
    measure(timelines, &options, &Times::new(), &Silent).unwrap()
}

/// One for all tests.
static FOUND: LazyLock<Speedup> = LazyLock::new(measured);

/// What must repeat: everything but times and what is computed from them.
fn counters(report: &Speedup) -> Vec<String> {
    let of = |runs: &[Run]| -> Vec<String> {
        let told = runs.iter();
        told.map(|r| format!("{} {} {:?} {}", r.point, r.form, Counters { time_ns: 0, ..r.cost }, r.plan))
            .collect()
    };
    let claims = report.scales.iter().flat_map(|s| &s.claims).flat_map(|c| of(&c.runs));
    let queries = report.queries.iter().flat_map(|q| of(&q.runs));
    let indexes =
        report.indexes.iter().map(|j| format!("{} {} {} {}", j.name, j.bytes, j.insert_vm_steps, j.evidence));
    let points = report.scales.iter().flat_map(|s| &s.points).map(|p| format!("{} {}", p.name, p.bytes));
    claims.chain(queries).chain(indexes).chain(points).collect()
}

#[test]
fn two_runs_agree_on_all_counters() {
    let again = measured();
    let (one, two) = (counters(&FOUND), counters(&again));
    assert_eq!(one.len(), two.len());
    for (one, two) in one.iter().zip(two) {
        assert_eq!(*one, two);
    }
    assert_eq!(FOUND.advised.sql, again.advised.sql);
}

#[test]
fn every_ratio_follows_from_the_costs_beside_it() {
    for claim in FOUND.scales.iter().flat_map(|s| &s.claims) {
        let cost = |point: &str, form: &str| {
            claim.runs.iter().find(|r| r.point == point && r.form == form).map(|r| r.cost).unwrap()
        };
        let join = cost(stages::B0, "join");
        let e = &claim.effects;
        assert_eq!(e.analyze, Ratio::of(&join, &cost(stages::B0_ANALYZED, "join")));
        assert_eq!(e.indexes, Ratio::of(&join, &cost(stages::M2_INDEXES, "join")));
        assert_eq!(e.total, Ratio::of(&join, &cost(stages::M2_INDEXES, "root_id")));
        assert!((e.indexes.vm_steps * e.denormalised.vm_steps / e.total.vm_steps - 1.0).abs() < 1e-9);
        assert!((e.indexes.time * e.denormalised.time / e.total.time - 1.0).abs() < 1e-9);
    }
    for held in FOUND.verdicts.iter().flat_map(|v| v.at.iter().map(move |h| (v, h))) {
        let (verdict, held) = held;
        let claim = FOUND.scales.iter().find(|s| s.scale == held.scale).unwrap().claims.iter();
        let claim = claim.clone().find(|c| c.claim == verdict.claim && c.fractal == held.fractal).unwrap();
        assert_eq!((held.measured, held.bound), (claim.effects.total.time, claim.effects.total.bound));
        assert_eq!(held.holds, held.measured >= verdict.low);
    }
    for query in &FOUND.queries {
        let cost = |point: &str| query.runs.iter().find(|r| r.point == point).map(|r| r.cost);
        let (before, after) = (cost(stages::B0), cost(stages::M5));
        let times = |(a, b): (Counters, Counters)| Ratio::of(&a, &b).time;
        assert_eq!(query.speedup_time, before.zip(after).map(times), "{}", query.id);
        let steps = |(a, b): (Counters, Counters)| a.cost().max(1.0) / b.cost().max(1.0);
        assert_eq!(query.speedup, before.zip(after).map(steps), "{}", query.id);
    }
    assert_eq!(FOUND.summary.slower.len(), FOUND.queries.iter().filter(|q| q.slower).count());
    assert_eq!(FOUND.indexes.len(), 26);
    let unused: u64 =
        FOUND.indexes.iter().filter(|j| FOUND.summary.unused.contains(&j.name)).map(|j| j.bytes).sum();
    assert_eq!(FOUND.summary.unused_bytes, unused);
}

#[test]
fn a_form_that_was_stopped_is_told_as_a_bound_everywhere() {
    let mut report = FOUND.clone();
    let stopped = Counters { timed_out: true, time_ns: 7_000_000_000, ..Counters::default() };
    let ran = Counters { time_ns: 70_000_000, ..Counters::default() };
    let claim = &mut report.scales[1].claims[0];
    claim.effects.total = Ratio::of(&ran, &stopped);
    claim.runs[0].cost = stopped;
    let last = report.growth[0].times.pop().unwrap();
    report.growth[0].stopped.push(last);
    assert_eq!(Ratio::of(&ran, &stopped).bound, Bound::AtMost);
    assert_eq!(Ratio::of(&stopped, &ran).bound, Bound::AtLeast);
    assert_eq!(Ratio::of(&stopped, &stopped).bound, Bound::Unknown);
    let page = html(&report).unwrap();
    assert!(page.contains("&#60;= 0.01x"), "the ratio");
    assert!(page.matches("&#62;= ").count() >= 1, "the time");
    assert_eq!(Speedup::from_json(&report.to_json().unwrap()).unwrap(), Some(report));
}

#[test]
fn each_statement_was_run_at_least_three_times_and_the_page_tells_who_made_it() {
    assert!(FOUND.rounds.least >= 3);
    let page = html(&FOUND).unwrap();
    let second = page.lines().nth(1).unwrap();
    assert_eq!(second, "<!-- made by: advisor demo --scale 2 -->");
}

#[test]
fn times_that_were_measured_elsewhere_are_taken_over() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { scales: vec![1], advise_up_to: 1, seed: 1, command: String::new() };
    let known = Times::from([("progress/median/1/join/B0".to_owned(), 123_456_789)]);
    let key = || Some("this program".to_owned());
    let timelines = Timelines::open(folder.path(), &options, key(), &Silent).unwrap();
    let found = measure(timelines, &options, &known, &Silent).unwrap();
    let claim = found.scales[0].claims.iter().find(|c| c.claim == "progress" && c.fractal == "median");
    assert_eq!(claim.unwrap().runs[0].cost.time_ns, 123_456_789);
    assert_eq!(found.scales[0].timed_by, "criterion, median");
    // What is kept serves the same program again and no other.
    let kept = |key: &str| stages::Timeline::kept(folder.path(), 1, key);
    let timeline = kept("this program").unwrap();
    assert!(timeline.path(stages::M5_ADVISED).unwrap().is_file());
    assert!(kept("this program").is_none(), "while it is in use nobody else may have it");
    timeline.keep("this program").unwrap();
    assert!(kept("another").is_none());
}

#[test]
fn the_report_is_the_same_again_from_its_json() {
    let json = FOUND.to_json().unwrap();
    let read = Speedup::from_json(&json).unwrap().unwrap();
    assert!(files(&read).unwrap() == files(&FOUND).unwrap());
    assert!(read == *FOUND);
    assert!(Speedup::from_json(r#"{"version": 1}"#).unwrap().is_none());
    let other = json.replace("\"version\": 1,", "\"version\": 9,");
    assert!(Speedup::from_json(&other).unwrap_err().to_string().contains("version 9"));
    assert_eq!(terminal::ten_lines(&FOUND, "reports/index.html").lines().count(), 10);
}

#[test]
fn names_cannot_script_or_break_the_page() {
    let mut hostile = FOUND.clone();
    let name =
        format!("<script>alert(1)</script>\"'&--><img onerror=x>|`\u{202e}\u{5d0}😀{}", "x".repeat(10_000));
    hostile.command.clone_from(&name);
    hostile.indexes[0].name.clone_from(&name);
    hostile.indexes[0].evidence.clone_from(&name);
    hostile.queries[0].id.clone_from(&name);
    hostile.summary.slower.push(name.clone());
    hostile.verdicts[0].says.clone_from(&name);
    hostile.scales[0].claims[0].runs[0].plan.clone_from(&name);
    hostile.growth[0].form.clone_from(&name);
    hostile.verdicts[0].claim.clone_from(&name);
    hostile.scales[0].points[0].name.clone_from(&name);
    hostile.summary.unused.push(name.clone());
    hostile.indexes[0].application.push(name.clone());
    hostile.advised.sql.push(name);
    let page = html(&hostile).unwrap();
    for broken in ["<script", "<img", "\u{202e}"] {
        assert!(!page.contains(broken), "{broken}");
    }
    assert_eq!(page.matches("-->").count(), 1);
    assert!(page.contains('😀') && page.contains('\u{5d0}'));
    let told = markdown::markdown(&hostile);
    // In Markdown a `<` behind a backslash is text.
    assert!(!told.replace("\\<", "").contains('<') && !told.contains('\u{202e}'));
}

#[test]
fn the_page_needs_no_network_and_no_script() {
    let page = html(&FOUND).unwrap();
    for outside in ["<script", "@import", "url(", " src="] {
        assert!(!page.contains(outside), "{outside}");
    }
    // SVG's namespace is a name, not an address that is fetched.
    let addresses = page.matches("http").count();
    assert_eq!(addresses, page.matches("http://www.w3.org/2000/svg").count());
}
