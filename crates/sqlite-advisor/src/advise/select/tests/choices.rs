//! What is chosen: additions, removals and exchanges, and what they have to bring.

use crate::advise::select::table::Table;
use crate::advise::select::tests::helped;
use crate::error::Result;
use crate::model::configuration::StatisticsAction;

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
