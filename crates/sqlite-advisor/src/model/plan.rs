//! A query plan: the rows of EXPLAIN QUERY PLAN as a tree. Lines that are not known are kept as they are.
//!
//! The format is not a promise of SQLite's (<https://www.sqlite.org/eqp.html>), so only structure and the names of
//! indexes are read from it, and for a remark whether whole keys are looked for.

pub mod access;
mod phrases;

use serde::{Deserialize, Serialize};
use std::fmt;

/// One line of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Node {
    /// How deep it stands in the tree, 0 for a root.
    pub depth: usize,
    /// SQLite's words: `SEARCH t USING INDEX i (a=?)`.
    pub detail: String,
}

/// The plan of one statement.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Plan {
    /// The lines in the order in which SQLite prints them.
    pub nodes: Vec<Node>,
}

impl Plan {
    /// Makes the tree of rows (id, parent, detail) of EXPLAIN QUERY PLAN.
    pub fn from_rows(rows: impl IntoIterator<Item = (i64, i64, String)>) -> Self {
        let mut depth_of = std::collections::HashMap::new();
        let nodes = rows
            .into_iter()
            .map(|(id, parent, detail)| {
                let depth = depth_of.get(&parent).map_or(0, |d| d + 1);
                depth_of.insert(id, depth);
                Node { depth, detail }
            })
            .collect();
        Self { nodes }
    }

    /// Reads what [`fmt::Display`] wrote.
    pub fn from_text(text: &str) -> Self {
        let node = |line: &str| {
            let detail = line.trim_start_matches(' ');
            Node { depth: (line.len() - detail.len()) / 2, detail: detail.to_owned() }
        };
        Self { nodes: text.lines().map(node).collect() }
    }

    /// True if a line reads the index of that name.
    pub fn uses(&self, index: &str) -> bool {
        self.nodes.iter().any(|n| n.reads(index))
    }

    /// True if SQLite builds an index for the run, the strongest sign of a missing one.
    pub fn has_automatic_index(&self) -> bool {
        self.nodes.iter().any(|n| n.detail.contains(" AUTOMATIC "))
    }

    /// True if rows are sorted, because no index gives the order.
    pub fn sorts(&self) -> bool {
        self.nodes.iter().any(|n| n.detail.starts_with("USE TEMP B-TREE FOR"))
    }

    /// True if the different values of an aggregate such as count(DISTINCT x) are gathered in a temporary b-tree.
    pub fn gathers_distinct_values(&self) -> bool {
        let gathers =
            |n: &Node| n.detail.starts_with("USE TEMP B-TREE FOR ") && n.detail.ends_with("(DISTINCT)");
        self.nodes.iter().any(gathers)
    }
}

impl Node {
    /// True if the line reads the index of that name.
    pub fn reads(&self, index: &str) -> bool {
        self.detail.match_indices(" INDEX ").any(|(at, word)| {
            self.detail
                .get(at + word.len()..)
                .and_then(|rest| rest.strip_prefix(index))
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(" ("))
        })
    }

    /// True if the line walks through the index of that name behind one value of each of so many terms, and so in the order of
    /// the next term.
    pub fn walks(&self, index: &str, terms: usize) -> bool {
        let search = self.detail.rsplit_once(" (").map_or("", |(_, search)| search);
        self.reads(index) && search.matches("=?").count() == terms && !search.contains("ANY(")
    }

    /// True if the line looks in the index of that name for one value of each of so many terms.
    pub fn seeks(&self, index: &str, terms: usize) -> bool {
        let search = self.detail.rsplit_once(" (").map_or("", |(_, search)| search);
        let ranges = search.matches(">?").count() + search.matches("<?").count();
        self.reads(index) && search.matches("=?").count() == terms && ranges == 0 && !search.contains("ANY(")
    }
}

/// The tree, two spaces a level, one line a node.
impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, node) in self.nodes.iter().enumerate() {
            let line_end = if i == 0 { "" } else { "\n" };
            write!(f, "{line_end}{:width$}{}", "", node.detail, width = node.depth * 2)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan() -> Plan {
        Plan::from_rows([
            (2, 0, "COMPOUND QUERY".to_owned()),
            (3, 2, "SEARCH t USING COVERING INDEX idx_t_a (a=?)".to_owned()),
            (4, 2, "SCAN u".to_owned()),
            (5, 0, "USE TEMP B-TREE FOR ORDER BY".to_owned()),
            (6, 9, "A LINE OF THE FUTURE".to_owned()),
        ])
    }

    #[test]
    fn rows_become_a_tree_and_unknown_lines_stay() {
        assert_eq!(
            plan().to_string(),
            "COMPOUND QUERY\n  SEARCH t USING COVERING INDEX idx_t_a (a=?)\n  SCAN u\nUSE TEMP B-TREE FOR ORDER BY\n\
             A LINE OF THE FUTURE"
        );
        assert_eq!(Plan::from_text(&plan().to_string()), plan());
    }

    #[test]
    fn an_index_is_walked_in_the_order_of_the_term_behind_those_with_one_value() {
        let node = |detail: &str| Node { depth: 0, detail: detail.to_owned() };
        assert!(node("SCAN t USING COVERING INDEX i").walks("i", 0));
        assert!(node("SEARCH t USING INDEX i (a=? AND b>?)").walks("i", 1));
        assert!(!node("SEARCH t USING INDEX i (a=?)").walks("i", 0));
        assert!(!node("SEARCH t USING INDEX i (ANY(a) AND b=?)").walks("i", 1));
        assert!(!node("SCAN t").walks("i", 0));
    }

    #[test]
    fn a_whole_key_is_sought_where_each_of_its_terms_has_one_value() {
        let plan = |search: &str| Plan::from_rows([(2, 0, format!("SEARCH t USING INDEX i ({search})"))]);
        let seeks = |search: &str| plan(search).nodes.iter().any(|node| node.seeks("i", 2));
        assert!(seeks("a=? AND b=?") && seeks("<expr>=? AND b=?"));
        for other in
            ["a=?", "a=? AND b=? AND rowid=?", "a=? AND b>?", "a=? AND b=? AND c<?", "ANY(a) AND b=? AND c=?"]
        {
            assert!(!seeks(other), "{other}");
        }
    }

    #[test]
    fn an_index_is_found_by_its_whole_name() {
        assert!(plan().uses("idx_t_a") && !plan().uses("idx_t"));
        assert!(plan().sorts() && !plan().has_automatic_index());
    }
}
