//! What must be true of the rows after a migration, one rule per kind and table.

use super::{Point, Style};
use sqlite_advisor::change::Rule;

/// The rules from a point on.
pub fn at(point: Point, style: Style) -> Vec<Rule> {
    let mut rules = vec![];
    if point >= Point::M2Roots {
        rules.extend(ROOTED.iter().map(|table| null_root(table)));
        rules.extend(ROOTED.iter().map(|table| dangling_root(table)));
        rules.push(wrong_root());
        rules.extend(INHERITED.iter().map(root_disagrees));
    }
    if point >= Point::M4 && !style.faithful {
        rules.push(Rule::new(
            "order",
            "program days whose templates are not numbered from 0 without a gap",
            "SELECT program_day_id FROM program_day_templates GROUP BY program_day_id
             HAVING min(\"order\") <> 0 OR max(\"order\") <> count(*) - 1 OR count(DISTINCT \"order\") <> count(*)",
        ));
    }
    rules
}

/// The tables with a root_id.
pub const ROOTED: [&str; 9] = [
    "goals",
    "activity_instances",
    "metric_values",
    "metric_definitions",
    "split_definitions",
    "activity_groups",
    "activity_definitions",
    "session_templates",
    "programs",
];

/// Child table, its key, parent table, the parent's root.
const INHERITED: [(&str, &str, &str, &str); 5] = [
    ("goals", "parent_id", "goals", "parent.root_id"),
    ("activity_instances", "practice_session_id", "goals", "COALESCE(parent.root_id, parent.id)"),
    ("metric_values", "activity_instance_id", "activity_instances", "parent.root_id"),
    ("metric_definitions", "activity_id", "activity_definitions", "parent.root_id"),
    ("split_definitions", "activity_id", "activity_definitions", "parent.root_id"),
];

fn null_root(table: &str) -> Rule {
    let sql = format!("SELECT id FROM {table} WHERE root_id IS NULL");
    Rule::new("null-root", &format!("{table} without a root_id"), &sql)
}

// Each root_id is looked up once and not for each row. The CAST lets the key's index serve a root_id that is declared
// STRING, whose affinity is numeric.
pub(crate) fn dangling_root(table: &str) -> Rule {
    let sql = format!(
        "SELECT id FROM {table} WHERE root_id IN (
           SELECT root FROM (SELECT DISTINCT root_id AS root FROM {table} WHERE root_id IS NOT NULL)
           WHERE NOT EXISTS (SELECT 1 FROM goals WHERE id = CAST(root AS TEXT)))"
    );
    Rule::new("dangling-root", &format!("{table} whose root_id names no goal"), &sql)
}

/// A parentless goal is its own root. A session without parent belongs to a fractal all the same.
fn wrong_root() -> Rule {
    Rule::new(
        "wrong-root",
        "goals without parent that name another goal as their root",
        "SELECT id FROM goals WHERE parent_id IS NULL AND root_id <> id AND type <> 'PracticeSession'",
    )
}

fn root_disagrees((table, key, parent, root): &(&str, &str, &str, &str)) -> Rule {
    let sql = format!(
        "SELECT child.id FROM {table} AS child JOIN {parent} AS parent ON parent.id = child.{key}
         WHERE CAST(child.root_id AS TEXT) <> CAST({root} AS TEXT)"
    );
    Rule::new("root-disagrees", &format!("{table} whose root_id is not that of their {parent}"), &sql)
}
