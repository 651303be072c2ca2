//! The search on tables of costs: every move, every limit, ties and determinism, without SQLite.

use crate::advise::select::problem::{Objective, Score};
use crate::advise::select::table::Table;
use crate::error::Result;
use crate::model::configuration::{StatisticsAction, StatisticsKind};
use crate::model::ids::QueryId;
use crate::model::report::WhyBehind;

const WITH_STAT4: &[StatisticsKind] = &[StatisticsKind::Analyzed];
const WITHOUT_STAT4: &[StatisticsKind] =
    &[StatisticsKind::AnalyzedWithoutStat4, StatisticsKind::FoundWithoutStat4];
const ANALYZED: &[StatisticsKind] = &[StatisticsKind::Analyzed, StatisticsKind::AnalyzedWithoutStat4];
const FOUND: &[StatisticsKind] = &[StatisticsKind::Found, StatisticsKind::FoundWithoutStat4];

/// A query of a million steps that an index brings down to a thousand.
fn helped(table: &mut Table, key: &str) -> QueryId {
    let index = table.index(key, 0.05);
    let query = table.query(1_000_000);
    table.plan(query, &[index], 1_000);
    query
}

#[test]
fn an_index_that_helps_is_chosen() -> Result<()> {
    let mut table = Table::new();
    helped(&mut table, "a");
    assert_eq!(table.found()?, ["a"]);
    Ok(())
}

#[test]
fn nothing_is_chosen_where_nothing_helps() -> Result<()> {
    let mut table = Table::new();
    table.index("a", 0.05);
    table.query(1_000_000);
    let found = table.search()?;
    assert!(found.position.configuration.indexes.is_empty());
    assert_eq!(found.position.configuration.statistics, StatisticsAction::Leave);
    Ok(())
}

#[test]
fn without_queries_nothing_is_chosen() -> Result<()> {
    let mut table = Table::new();
    table.index("a", 0.05);
    assert!(table.found()?.is_empty());
    Ok(())
}

#[test]
fn an_index_for_each_of_two_queries_is_chosen() -> Result<()> {
    let mut table = Table::new();
    helped(&mut table, "a");
    helped(&mut table, "b");
    assert_eq!(table.found()?, ["a", "b"]);
    Ok(())
}

// ---- removals

#[test]
fn an_index_that_is_not_missed_is_removed() -> Result<()> {
    let mut table = Table::new();
    let (narrow, wide) = (table.index("a", 0.05), table.index("a b", 0.10));
    let (one, two) = (table.query(1_000_000), table.query(1_000_000));
    table.plan(one, &[narrow], 1_000);
    table.plan(one, &[wide], 1_050);
    table.plan(two, &[wide], 1_000);
    assert_eq!(table.found()?, ["a b"]);
    Ok(())
}

#[test]
fn one_index_for_two_queries_is_preferred_to_two() -> Result<()> {
    let mut table = Table::new();
    let (a, b, both) = (table.index("a x", 0.2), table.index("b x", 0.2), table.index("c x", 0.2));
    for own in [a, b] {
        let query = table.query(1_000_000);
        table.plan(query, &[both], 1_420);
        table.plan(query, &[own], 1_400);
    }
    assert_eq!(table.found()?, ["c x"]);
    Ok(())
}

#[test]
fn what_no_plan_reads_is_never_chosen() -> Result<()> {
    let mut table = Table::new();
    let query = helped(&mut table, "a");
    let shadowed = table.index("b", 0.01);
    table.plan(query, &[shadowed], 900_000);
    let better = table.index("c", 0.02);
    table.plan(query, &[better], 900);
    assert_eq!(table.found()?, ["c"]);
    Ok(())
}

// ---- additions and exchanges

#[test]
fn two_indexes_that_only_help_together_are_added_together() -> Result<()> {
    let mut table = Table::new();
    let (a, b) = (table.index("a", 0.05), table.index("b", 0.05));
    let query = table.query(10_000_000);
    table.plan(query, &[a, b], 3_000);
    assert_eq!(table.found()?, ["a", "b"]);
    Ok(())
}

#[test]
fn a_pair_is_added_under_a_limit_as_well() -> Result<()> {
    let mut table = Table::new();
    let (a, b) = (table.index("a", 0.05), table.index("b", 0.05));
    let query = table.query(10_000_000);
    table.plan(query, &[a, b], 3_000);
    table.max_indexes = Some(2);
    assert_eq!(table.found()?, ["a", "b"]);
    Ok(())
}

#[test]
fn an_index_of_less_cost_takes_the_place_of_one_that_does_little_more() -> Result<()> {
    let mut table = Table::new();
    let (small, large) = (table.index("a", 0.02), table.index("a b", 1.5));
    let query = table.query(1_000_000);
    table.plan(query, &[small], 3_000);
    table.plan(query, &[large], 2_500);
    assert_eq!(table.found()?, ["a"]);
    Ok(())
}

#[test]
fn a_costly_index_is_taken_where_the_statement_would_stay_behind() -> Result<()> {
    let mut table = Table::new();
    let (small, large) = (table.index("a", 0.02), table.index("a b", 1.5));
    let query = table.query(1_000_000);
    table.plan(query, &[small], 100_000);
    table.plan(query, &[large], 2_500);
    assert_eq!(table.found()?, ["a b"]);
    Ok(())
}

#[test]
fn a_write_that_searches_is_not_left_behind_either() -> Result<()> {
    let mut table = Table::new();
    let index = table.index("a", 1.5);
    let (write, _other) = (table.query(1_000_000), table.query(1_000_000));
    table.write(write);
    table.weigh(write, 0.001);
    table.plan(write, &[index], 2_500);
    assert_eq!(table.found()?, ["a"]);
    Ok(())
}

#[test]
fn a_statement_of_few_steps_is_never_behind() -> Result<()> {
    let mut table = Table::new();
    let index = table.index("a", 50.0);
    let query = table.query(15_000);
    table.plan(query, &[index], 100);
    assert!(table.found()?.is_empty());
    Ok(())
}

#[test]
fn within_says_how_far_behind_is_too_far() -> Result<()> {
    for (within, wanted) in [(2.0, "a b"), (5.0, "a")] {
        let mut table = Table::new();
        let (small, large) = (table.index("a", 0.02), table.index("a b", 10.0));
        let query = table.query(10_000_000);
        table.plan(query, &[small], 120_000);
        table.plan(query, &[large], 40_000);
        table.within = within;
        assert_eq!(table.found()?, [wanted], "{within}");
    }
    Ok(())
}

#[test]
fn what_pays_is_added_beyond_what_must_be() -> Result<()> {
    let mut table = Table::new();
    let (small, large) = (table.index("a", 0.02), table.index("a b", 0.03));
    let query = table.query(1_000_000);
    table.plan(query, &[small], 15_000);
    table.plan(query, &[large], 8_000);
    assert_eq!(table.found()?, ["a b"]);
    Ok(())
}

#[test]
fn a_gain_that_is_not_worth_its_price_is_left_out() -> Result<()> {
    let mut table = Table::new();
    let index = table.index("a", 1.0);
    let query = table.query(19_000);
    table.plan(query, &[index], 18_000);
    assert!(table.found()?.is_empty());
    Ok(())
}

#[test]
fn of_a_costly_statement_a_smaller_share_is_noticed() -> Result<()> {
    for (steps, saved, chosen) in
        [(100_000, 14_000, false), (1_000_000, 140_000, true), (1_000_000, 70_000, false)]
    {
        let mut table = Table::new();
        let index = table.index("a", 0.01);
        let query = table.query(steps);
        table.plan(query, &[index], steps - saved);
        assert_eq!(!table.found()?.is_empty(), chosen, "{steps} less {saved}");
    }
    Ok(())
}

#[test]
fn an_index_that_writes_make_costlier_than_all_it_could_save_is_left_out() -> Result<()> {
    let mut table = Table::new();
    helped(&mut table, "a");
    let index = table.index("b", 0.05);
    let rare = table.query(1_000_000);
    table.plan(rare, &[index], 1_000);
    table.weigh(rare, 0.001);
    table.upkeep.insert(index, 1e6);
    assert_eq!(table.found()?, ["a"]);
    Ok(())
}

#[test]
fn a_higher_rate_asks_for_more() -> Result<()> {
    for (rate, chosen) in [(0.01, 1), (3.0, 0)] {
        let mut table = Table::new();
        let index = table.index("a", 0.3);
        let query = table.query(19_000);
        table.plan(query, &[index], 10_000);
        table.rate = rate;
        assert_eq!(table.found()?.len(), chosen, "{rate}");
    }
    Ok(())
}

// ---- no read gets slower

#[test]
fn an_index_that_makes_a_read_slower_is_refused() -> Result<()> {
    let mut table = Table::new();
    let index = table.index("a", 0.05);
    let (gains, loses) = (table.query(60_000), table.query(10_000_000));
    table.plan(gains, &[index], 1_000);
    table.plan(loses, &[index], 20_000_000);
    assert!(table.found()?.is_empty());
    Ok(())
}

#[test]
fn a_harmful_index_is_replaced_by_one_that_harms_nobody() -> Result<()> {
    let mut table = Table::new();
    let (harmful, harmless) = (table.index("a", 0.05), table.index("a b", 0.30));
    let (gains, loses) = (table.query(1_000_000), table.query(1_000_000));
    table.plan(gains, &[harmless], 1_200);
    table.plan(gains, &[harmful], 1_000);
    table.plan(loses, &[harmful], 5_000_000);
    assert_eq!(table.found()?, ["a b"]);
    Ok(())
}

#[test]
fn an_index_that_harms_without_stat4_is_refused() -> Result<()> {
    let mut table = Table::new();
    let index = table.index("a", 0.05);
    let (gains, loses) = (table.query(60_000), table.query(1_000_000));
    table.plan(gains, &[index], 1_000);
    table.plan_with(loses, &[index], 9_000_000, Some(WITHOUT_STAT4));
    assert!(table.found()?.is_empty());
    Ok(())
}

#[test]
fn an_index_that_harms_where_analyze_is_never_run_is_refused() -> Result<()> {
    let mut table = Table::new();
    let index = table.index("a", 0.05);
    let (gains, loses) = (table.query(60_000), table.query(1_000_000));
    table.plan(gains, &[index], 1_000);
    table.plan_with(loses, &[index], 9_000_000, Some(FOUND));
    assert!(table.found()?.is_empty());
    Ok(())
}

#[test]
fn a_slow_down_within_the_tolerance_is_none() -> Result<()> {
    let mut table = Table::new();
    let index = table.index("a", 0.05);
    let (gains, loses) = (table.query(1_000_000), table.query(1_000_000));
    table.plan(gains, &[index], 1_000);
    table.plan(loses, &[index], 1_050_000);
    assert_eq!(table.found()?, ["a"]);
    Ok(())
}

#[test]
fn a_few_hundred_steps_more_are_no_slow_down() -> Result<()> {
    let mut table = Table::new();
    let index = table.index("a", 0.05);
    let (gains, loses) = (table.query(1_000_000), table.query(500));
    table.plan(gains, &[index], 1_000);
    table.plan(loses, &[index], 1_400);
    assert_eq!(table.found()?, ["a"]);
    Ok(())
}

#[test]
fn a_cheap_statement_does_not_veto_an_index_worth_a_thousand_times_more() -> Result<()> {
    let mut table = Table::new();
    let index = table.index("a", 0.05);
    let (gains, count) = (table.query(10_000_000), table.query(5_000));
    table.plan(gains, &[index], 1_000);
    table.plan(count, &[index], 9_000);
    assert_eq!(table.found()?, ["a"]);
    Ok(())
}

#[test]
fn the_same_harm_for_a_small_gain_is_refused() -> Result<()> {
    let mut table = Table::new();
    let index = table.index("a", 0.05);
    let (gains, count) = (table.query(19_000), table.query(5_000));
    table.plan(gains, &[index], 1_000);
    table.plan(count, &[index], 9_000);
    assert!(table.found()?.is_empty());
    Ok(())
}

#[test]
fn a_cure_for_the_harm_is_preferred_to_the_harm() -> Result<()> {
    let mut table = Table::new();
    let (index, cure) = (table.index("a", 0.05), table.index("b", 0.05));
    let (gains, count) = (table.query(10_000_000), table.query(5_000));
    table.plan(gains, &[index], 1_000);
    table.plan(count, &[index], 9_000);
    table.plan(count, &[cure], 4_900);
    assert_eq!(table.found()?, ["a", "b"]);
    Ok(())
}

#[test]
fn a_write_may_cost_half_as_much_again() -> Result<()> {
    for (steps, chosen) in [(1_400_000, 1), (9_000_000, 0)] {
        let mut table = Table::new();
        let index = table.index("a", 0.05);
        let (gains, write) = (table.query(2_000_000), table.query(1_000_000));
        table.write(write);
        table.plan(gains, &[index], 1_000);
        table.plan(write, &[index], steps);
        assert_eq!(table.found()?.len(), chosen, "{steps}");
    }
    Ok(())
}

// ---- existing indexes

#[test]
fn an_existing_index_that_a_statement_needs_stays() -> Result<()> {
    let mut table = Table::new();
    let old = table.existing("a", 0.5);
    let query = table.query(1_000_000);
    table.plan(query, &[old], 1_000);
    assert_eq!(table.found()?, ["a"]);
    Ok(())
}

#[test]
fn an_existing_index_that_nobody_reads_is_left_to_the_user() -> Result<()> {
    let mut table = Table::new();
    table.existing("a", 0.5);
    table.query(1_000_000);
    assert_eq!(table.found()?, ["a"]);
    Ok(())
}

#[test]
fn a_harmful_existing_index_is_dropped() -> Result<()> {
    let mut table = Table::new();
    let old = table.existing("flag", 0.05);
    let query = table.query(10_000);
    table.plan(query, &[old], 1_000_000);
    assert!(table.found()?.is_empty());
    Ok(())
}

#[test]
fn an_existing_index_that_a_new_one_repeats_is_dropped() -> Result<()> {
    let mut table = Table::new();
    let (old, new) = (table.existing("a", 0.1), table.index("a b", 0.1));
    let query = table.query(1_000_000);
    table.plan(query, &[old], 500_000);
    table.plan(query, &[new], 1_000);
    assert_eq!(table.found()?, ["a b"]);
    Ok(())
}

#[test]
fn an_existing_index_that_a_new_one_made_needless_is_dropped() -> Result<()> {
    let mut table = Table::new();
    let (old, new) = (table.existing("a", 0.1), table.index("b", 0.1));
    let query = table.query(2_000_000);
    table.plan(query, &[old], 1_000_000);
    table.plan(query, &[new], 1_000);
    assert_eq!(table.found()?, ["b"]);
    Ok(())
}

#[test]
fn an_existing_index_stays_where_the_new_one_serves_a_statement_worse() -> Result<()> {
    let mut table = Table::new();
    let (old, new) = (table.existing("a", 0.1), table.index("a b", 0.1));
    let (one, two) = (table.query(1_000_000), table.query(1_000_000));
    table.plan(two, &[new], 1_000);
    table.plan(one, &[new], 200_000);
    table.plan(one, &[old], 100_000);
    assert_eq!(table.found()?, ["a", "a b"]);
    Ok(())
}

#[test]
fn an_existing_index_is_not_exchanged_for_a_little() -> Result<()> {
    let mut table = Table::new();
    let (old, new) = (table.existing("a", 0.3), table.index("b", 0.3));
    let query = table.query(1_000_000);
    table.plan(query, &[old], 10_000);
    table.plan(query, &[new], 9_900);
    assert_eq!(table.found()?, ["a"]);
    Ok(())
}

#[test]
fn an_existing_index_that_serves_after_analyze_only_is_preferred_to_a_new_one() -> Result<()> {
    let mut table = Table::new();
    let (old, new) = (table.existing("a", 0.05), table.index("a b", 0.1));
    let query = table.query(35_000);
    table.plan_with(query, &[old], 170, Some(ANALYZED));
    table.plan(query, &[new], 17_000);
    table.candidates[old].used_by.clear(); // as found it is not used
    let found = table.search()?;
    assert_eq!(found.position.configuration.indexes, [old].into());
    assert_eq!(found.position.configuration.statistics, StatisticsAction::Analyze);
    Ok(())
}

// ---- statistics

#[test]
fn analyze_is_chosen_where_it_alone_helps() -> Result<()> {
    let mut table = Table::new();
    let old = table.existing("a", 0.1);
    let query = table.query(1_000_000);
    table.plan_with(query, &[old], 1_000, Some(ANALYZED));
    let found = table.search()?;
    assert_eq!(found.position.configuration.statistics, StatisticsAction::Analyze);
    Ok(())
}

#[test]
fn analyze_is_left_out_where_it_makes_a_statement_slower() -> Result<()> {
    let mut table = Table::new();
    let old = table.existing("a", 0.1);
    let index = table.index("b", 0.05);
    let (spoilt, gains) = (table.query(1_000), table.query(1_000_000));
    table.plan_with(spoilt, &[old], 900_000, Some(ANALYZED));
    table.plan(gains, &[index], 1_000);
    let found = table.search()?;
    assert_eq!(found.position.configuration.statistics, StatisticsAction::Leave);
    assert!(found.position.configuration.indexes.contains(&index));
    Ok(())
}

#[test]
fn analyze_is_not_advised_where_it_changes_nothing() -> Result<()> {
    let mut table = Table::new();
    helped(&mut table, "a");
    assert_eq!(table.search()?.position.configuration.statistics, StatisticsAction::Leave);
    Ok(())
}

#[test]
fn an_analyze_that_nobody_notices_is_left_out() -> Result<()> {
    for (steps, chosen) in [(930_000, StatisticsAction::Leave), (800_000, StatisticsAction::Analyze)] {
        let mut table = Table::new();
        let old = table.existing("a", 0.1);
        let query = table.query(1_000_000);
        table.plan_with(query, &[old], steps, Some(ANALYZED));
        assert_eq!(table.search()?.position.configuration.statistics, chosen, "{steps}");
    }
    Ok(())
}

#[test]
fn once_analyze_was_run_the_old_statistics_bind_no_more() -> Result<()> {
    let mut table = Table::new();
    let index = table.index("a", 0.05);
    let (gains, harmed) = (table.query(1_000_000), table.query(100_000));
    table.plan(gains, &[index], 1_000);
    table.plan_with(harmed, &[index], 900_000, Some(&[StatisticsKind::Found]));
    assert!(!table.search()?.position.configuration.indexes.contains(&index));
    table.followed = StatisticsAction::Analyze;
    let next = table.search()?.position.configuration;
    assert!(next.indexes.contains(&index));
    assert_eq!(next.statistics, StatisticsAction::Analyze);
    Ok(())
}

#[test]
fn a_gain_that_survives_without_stat4_is_preferred() -> Result<()> {
    let mut table = Table::new();
    let (fragile, robust) = (table.index("a", 0.05), table.index("b", 0.06));
    let query = table.query(1_000_000);
    table.plan(query, &[robust], 1_200);
    table.plan_with(query, &[fragile], 1_000, Some(WITH_STAT4));
    let indexes = table.search()?.position.configuration.indexes;
    assert!(indexes.contains(&robust));
    Ok(())
}

// ---- limits

#[test]
fn no_more_indexes_are_chosen_than_asked() -> Result<()> {
    let mut table = Table::new();
    for key in ["a", "b", "c"] {
        helped(&mut table, key);
    }
    table.max_indexes = Some(2);
    assert_eq!(table.found()?.len(), 2);
    Ok(())
}

#[test]
fn the_new_indexes_fit_into_the_budget() -> Result<()> {
    let mut table = Table::new();
    let (large, small) = (table.index("a", 0.9), table.index("b", 0.1));
    for index in [large, small] {
        let query = table.query(1_000_000);
        table.plan(query, &[index], 1_000);
    }
    table.budget = Some(200);
    assert_eq!(table.found()?, ["b"]);
    Ok(())
}

#[test]
fn existing_indexes_do_not_count_against_the_limits() -> Result<()> {
    let mut table = Table::new();
    let old = table.existing("z", 0.9);
    let query = table.query(1_000_000);
    table.plan(query, &[old], 1_000);
    helped(&mut table, "a");
    (table.budget, table.max_indexes) = (Some(100), Some(1));
    assert_eq!(table.found()?, ["z", "a"]);
    Ok(())
}

#[test]
fn a_limit_of_none_leaves_everything_as_it_is() -> Result<()> {
    let mut table = Table::new();
    helped(&mut table, "a");
    table.max_indexes = Some(0);
    assert!(table.found()?.is_empty());
    Ok(())
}

#[test]
fn of_two_indexes_under_a_limit_the_more_useful_is_chosen() -> Result<()> {
    let mut table = Table::new();
    let (little, much) = (table.index("a", 0.05), table.index("b", 0.05));
    let (one, two) = (table.query(1_000_000), table.query(1_000_000));
    table.plan(one, &[little], 400_000);
    table.plan(two, &[much], 1_000);
    table.max_indexes = Some(1);
    assert_eq!(table.found()?, ["b"]);
    Ok(())
}

// ---- objectives and weights

#[test]
fn a_heavy_statement_decides_under_a_limit() -> Result<()> {
    let mut table = Table::new();
    let light = helped(&mut table, "a");
    let heavy = helped(&mut table, "b");
    table.weigh(light, 1.0);
    table.weigh(heavy, 100.0);
    table.max_indexes = Some(1);
    assert_eq!(table.found()?, ["b"]);
    Ok(())
}

#[test]
fn each_objective_prefers_another_index_under_a_limit() -> Result<()> {
    let choice = |objective| -> Result<Vec<String>> {
        let mut table = Table::new();
        let (whole, each) = (table.index("whole", 0.05), table.index("each", 0.05));
        let slow = table.query(100_000_000);
        table.plan(slow, &[whole], 70_000_000);
        for _ in 0..3 {
            let fast = table.query(18_000);
            table.plan(fast, &[each], 500);
        }
        (table.objective, table.max_indexes, table.within) = (objective, Some(1), 1_000.0);
        table.found()
    };
    assert_eq!(choice(Objective::Total)?, ["whole"]);
    assert_eq!(choice(Objective::Worst)?, ["whole"]);
    assert_eq!(choice(Objective::Geomean)?, ["each"]);
    Ok(())
}

// ---- all sets

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

// ---- ties, determinism, questions

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
