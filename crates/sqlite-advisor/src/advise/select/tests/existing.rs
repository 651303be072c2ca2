//! What becomes of the indexes that the database has.

use crate::advise::select::table::Table;
use crate::advise::select::tests::ANALYZED;
use crate::error::Result;
use crate::model::configuration::StatisticsAction;

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
