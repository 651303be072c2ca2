//! Limits, and what decides under them.

use crate::advise::select::problem::Objective;
use crate::advise::select::table::Table;
use crate::advise::select::tests::helped;
use crate::error::Result;

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
