//! What is done to the statistics.

use crate::advise::select::table::Table;
use crate::advise::select::tests::{ANALYZED, WITH_STAT4, helped};
use crate::error::Result;
use crate::model::configuration::{StatisticsAction, StatisticsKind};

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
