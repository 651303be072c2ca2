//! What is known where the search ends, and that it ends the same way every time.

use crate::advise::select::problem::Score;
use crate::advise::select::table::Table;
use crate::advise::select::tests::{ANALYZED, FOUND, WITH_STAT4, WITHOUT_STAT4, helped};
use crate::error::Result;
use crate::model::configuration::StatisticsAction;
use crate::model::report::WhyBehind;

#[test]
fn where_candidates_are_few_all_sets_are_tried() -> Result<()> {
    let mut table = Table::new();
    for key in ["a", "b", "c"] {
        helped(&mut table, key);
    }
    assert_eq!(table.search()?.enumerated.map(|all| all.sets), Some(8));
    Ok(())
}

#[test]
fn a_set_that_cannot_be_the_best_is_not_run_to_its_end() -> Result<()> {
    let mut table = Table::new();
    let (good, bad) = (table.index("a", 0.05), table.index("b", 0.05));
    let query = table.query(100_000_000);
    table.plan(query, &[bad], 60_000_000);
    table.plan(query, &[good], 100_000);
    assert_eq!(table.found()?, ["a"]);
    assert!(!table.runs.contains(&(query, 60_000_000)));
    Ok(())
}

#[test]
fn a_set_that_a_single_step_gives_up_too_early_is_found_among_all() -> Result<()> {
    let mut table = Table::new();
    let (one, other) = (table.index("a", 0.05), table.index("b", 0.05));
    let query = table.query(100_000_000);
    table.plan_with(query, &[one], 100_000, Some(WITH_STAT4));
    table.plan_with(query, &[other], 110_000, Some(WITH_STAT4));
    // Twenty times the least known, and a fiftieth of what it costs there with the first.
    table.plan_with(query, &[other], 2_000_000, Some(WITHOUT_STAT4));
    assert_eq!(table.found()?, ["b"]);
    Ok(())
}

#[test]
fn where_candidates_are_many_not_all_sets_are_tried() -> Result<()> {
    let mut table = Table::new();
    for at in 0..9 {
        helped(&mut table, &format!("c{at}"));
    }
    assert_eq!(table.search()?.enumerated.map(|all| all.sets), None);
    assert_eq!(table.found()?.len(), 9);
    Ok(())
}

#[test]
fn no_single_step_from_the_end_is_better() -> Result<()> {
    let mut table = Table::new();
    for at in 0..8 {
        let (one, two) = (table.index(&format!("a{at}"), 0.04), table.index(&format!("b{at}"), 0.06));
        let (first, second) = (table.query(1_000_000), table.query(1_000_000 + at));
        table.plan(first, &[one], 30_000 - 1_000 * at);
        table.plan(first, &[two], 20_000 + 1_000 * at);
        table.plan(second, &[two], 9_000);
    }
    let (once, twice) = (table.found()?, table.found()?);
    assert_eq!(once, twice);
    Ok(())
}

#[test]
fn a_plan_is_found_that_is_better_than_all_that_the_search_began_with() -> Result<()> {
    let mut table = Table::new();
    for at in 0..8 {
        helped(&mut table, &format!("c{at}"));
    }
    // ANALYZE, with which the search begins, does harm; without it an index helps more than the one that helped with it.
    let (old, index, other) = (table.existing("a", 0.1), table.index("b", 0.05), table.index("d", 0.05));
    let (spoilt, gains) = (table.query(1_000), table.query(1_000_000));
    table.plan_with(spoilt, &[old], 900_000, Some(ANALYZED));
    table.plan(gains, &[other], 500_000);
    table.plan_with(gains, &[index], 1_000, Some(FOUND));
    let found = table.search()?.position.configuration;
    assert_eq!(found.statistics, StatisticsAction::Leave);
    assert!(found.indexes.contains(&index));
    Ok(())
}

#[test]
fn the_bound_is_never_below_what_was_found() -> Result<()> {
    let mut table = Table::new();
    for at in 0..8 {
        let index = table.index(&format!("a{at}"), 0.1 * at as f64);
        let query = table.query(1_000_000);
        table.plan(query, &[index], 500_000 / (at + 1));
    }
    let found = table.search()?;
    assert!(found.bound >= found.position.score.worth, "{} {:?}", found.bound, found.position.score);
    Ok(())
}

#[test]
fn a_statement_behind_is_told_with_what_would_make_another_slower() -> Result<()> {
    let mut table = Table::new();
    let index = table.index("a", 0.05);
    let (helped, harmed) = (table.query(1_000_000), table.query(1_000_000));
    table.plan(helped, &[index], 1_000);
    table.plan(harmed, &[index], 5_000_000);
    let found = table.search()?;
    let told: Vec<_> = found.behind.iter().map(|b| (b.query, b.indexes.contains(&index), b.why)).collect();
    assert_eq!(told, [(helped, true, WhyBehind::Slower)]);
    Ok(())
}

#[test]
fn a_statement_behind_for_a_limit_is_told_so() -> Result<()> {
    let mut table = Table::new();
    table.max_indexes = Some(0);
    helped(&mut table, "a");
    let found = table.search()?;
    assert_eq!(found.behind.iter().map(|b| b.why).collect::<Vec<_>>(), [WhyBehind::Limits]);
    assert!(found.behind.iter().all(|b| b.times > 100.0), "{:?}", found.behind);
    Ok(())
}

#[test]
fn who_stays_behind_is_told_of_the_position_that_is_asked_about() -> Result<()> {
    let mut table = Table::new();
    let (one, two) = (table.index("a", 0.05), table.index("b", 0.05));
    let (first, second) = (table.query(1_000_000), table.query(1_000_000));
    table.plan(first, &[one], 1_000);
    table.plan(second, &[two], 1_000);
    assert_eq!(table.behind(&[])?, [first, second]);
    assert_eq!(table.behind(&[one])?, [second]);
    assert_eq!(table.behind(&[one, two])?, []);
    Ok(())
}

#[test]
fn no_statement_is_behind_where_each_has_its_index() -> Result<()> {
    let mut table = Table::new();
    helped(&mut table, "a");
    helped(&mut table, "b");
    assert_eq!(table.search()?.behind, []);
    Ok(())
}

#[test]
fn scores_that_differ_by_little_can_be_sorted() {
    // Neighbours are equal to `compare` and the ends are not; a sort by that panics.
    let mut scores: Vec<Score> = (0..2_000_u32)
        .map(|at| Score { violation: 0.0, behind: 0.0, worth: f64::from(at * 7_919 % 2_000) * 4e-5 })
        .collect();
    scores.sort_by_key(Score::rank);
    assert!(scores.windows(2).all(|pair| matches!(pair, [a, b] if a.worth > b.worth - 1e-4)));
    let worse = Score { violation: 0.0, behind: 1.0, worth: 9.0 };
    assert!(scores.iter().all(|score| score.rank() < worse.rank()));
}

#[test]
fn the_gap_is_the_share_of_worth_that_was_missed() {
    let score = |violation, worth| Score { violation, behind: 0.0, worth };
    assert_eq!(score(0.0, 4.0).gap_above(&score(0.0, 4.0)), 0.0);
    assert_eq!(score(0.0, 4.0).gap_above(&score(0.0, 3.0)), 0.25);
    assert_eq!(score(0.0, 1.0).gap_above(&score(1.0, 3.0)), 1.0);
}

#[test]
fn of_equal_indexes_the_first_is_chosen_every_time() -> Result<()> {
    for _ in 0..3 {
        let mut table = Table::new();
        let (one, two) = (table.index("a", 0.05), table.index("b", 0.05));
        let query = table.query(1_000_000);
        table.plan(query, &[two], 1_000);
        table.plan(query, &[one], 1_000);
        assert_eq!(table.found()?, ["a"]);
    }
    Ok(())
}

#[test]
fn a_plan_is_run_once() -> Result<()> {
    let mut table = Table::new();
    for at in 0..8 {
        helped(&mut table, &format!("c{at}"));
    }
    table.found()?;
    // Each query has two plans: that of today, which is known, and that with its index.
    assert!(table.runs.len() <= 2 * 8, "{:?}", table.runs);
    Ok(())
}

#[test]
fn scores_are_ordered_by_violation_then_by_what_is_behind_then_by_worth() {
    let score = |violation, behind, worth| Score { violation, behind, worth };
    assert!(score(0.0, 5.0, 0.0).beats(&score(1.0, 0.0, 9.0)));
    assert!(score(0.0, 0.0, 0.0).beats(&score(0.0, 1.0, 9.0)));
    assert!(score(0.0, 0.0, 1.0).beats(&score(0.0, 0.0, 0.5)));
    assert!(!score(0.0, 0.0, 1.0).beats(&score(0.0, 0.0, 1.0)));
    assert!(!score(0.0, 1e-6, 1.0).beats(&score(0.0, 0.0, 1.0)));
}
