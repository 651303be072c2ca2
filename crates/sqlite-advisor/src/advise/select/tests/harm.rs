//! No read gets slower.

use crate::advise::select::table::Table;
use crate::advise::select::tests::{FOUND, WITHOUT_STAT4};
use crate::error::Result;

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
