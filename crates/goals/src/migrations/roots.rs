//! M2.1: every row of a fractal names its root goal.
//!
//! Only NULLs are filled. A wrong root_id is not repaired: nobody can tell which of the two is meant, so the
//! verification names it. Rows whose chain of parents is broken have no root, and stay NULL.

use super::Style;
use sqlite_advisor::change::Step;

pub(super) fn steps(style: Style) -> Vec<Step> {
    let mut steps = vec![Step::Backfill {
        table: "goals".into(),
        column: "root_id".into(),
        with: tree(style),
        from: "tree".into(),
        value: "tree.root".into(),
        predicate: "tree.id = goals.id AND goals.root_id IS NULL".into(),
        source: None,
    }];
    let inherited = [
        (
            "activity_instances",
            "goals AS parent",
            "COALESCE(parent.root_id, parent.id)",
            "practice_session_id",
        ),
        ("metric_values", "activity_instances AS parent", "parent.root_id", "activity_instance_id"),
        ("metric_definitions", "activity_definitions AS parent", "parent.root_id", "activity_id"),
        ("split_definitions", "activity_definitions AS parent", "parent.root_id", "activity_id"),
    ];
    for (table, from, value, key) in inherited {
        steps.extend(style.text_column(table, "root_id"));
        steps.push(Step::Backfill {
            table: table.into(),
            column: "root_id".into(),
            with: String::new(),
            from: from.into(),
            value: value.into(),
            predicate: format!(
                "parent.id = {table}.{key} AND {table}.root_id IS NULL AND {value} IS NOT NULL"
            ),
            source: None,
        });
    }
    steps
}

/// All goals that hang on a parentless one, each with the root of its tree. Cycles are never reached, and where no root_id
/// is NULL the trees are not walked at all.
///
/// That question is a scalar subquery, which is asked once. SQLite makes a join of an EXISTS, and would ask it again for
/// each goal: <https://www.sqlite.org/optoverview.html#the_exists_to_join_optimization>.
///
/// A session without a ShortTermGoal is parentless but belongs to a fractal; what hangs on it belongs there too. The
/// original made the session itself the root of these, so that parent and child disagreed.
fn tree(style: Style) -> String {
    let root = if style.faithful { "id" } else { "iif(type = 'PracticeSession', COALESCE(root_id, id), id)" };
    format!(
        "tree(id, root) AS (SELECT id, {root} FROM goals
         WHERE parent_id IS NULL AND (SELECT 1 FROM goals WHERE root_id IS NULL LIMIT 1)
         UNION ALL SELECT child.id, tree.root FROM tree JOIN goals AS child ON child.parent_id = tree.id)"
    )
}
