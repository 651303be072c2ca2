//! A line of a plan in plain words. The forms are those of `sqlite3WhereExplainOneScan` and its like in SQLite's source.

use super::Node;
use super::access::{Access, Kind, Used};

impl Node {
    /// What the line does; none for a line of a form that is not known.
    pub fn phrase(&self) -> Option<String> {
        access(self).or_else(|| step(&self.detail))
    }
}

/// `SCAN t ...` and `SEARCH t ...`.
fn access(node: &Node) -> Option<String> {
    let access = node.access()?;
    let Access { scans, source, using, is_virtual, .. } = access;
    let once = if access.once { " until one row is found" } else { "" };
    let left = if access.left { ", or no row if nothing matches" } else { "" };
    let words = match (scans, using) {
        (_, None) if is_virtual => format!("asks the virtual table {source}"),
        (true, None) if source == "CONSTANT ROW" => return Some("makes one row".to_owned()),
        (true, None) => format!("reads every row of {source}"),
        (true, Some(index)) => {
            let only =
                if index.covering { "the index alone" } else { "the index, and each row of the table" };
            format!("reads all of {source} in the order of {}: {only}", index.name)
        }
        (false, Some(index)) => search(source, index),
        (false, None) => return None,
    };
    Some(words + once + left)
}

fn search(source: &str, index: Used<'_>) -> String {
    let by = index.key.map(|key| format!(" by {}", terms(key))).unwrap_or_default();
    match (index.kind, index.covering) {
        (Kind::Rowid, _) => format!("finds rows of {source} in the table itself{by}"),
        (Kind::Automatic, _) => {
            format!("builds an index over {source} for this run, and finds rows in it{by}")
        }
        (Kind::Named, true) => format!("finds rows of {source} in {}{by}: the index alone", index.name),
        (Kind::Named, false) => {
            format!("finds rows of {source} in {}{by}, and reads each in the table", index.name)
        }
    }
}

/// `a=? AND b>?` as `a = ... and b > ...`.
fn terms(key: &str) -> String {
    let term = |term: &str| match term.strip_prefix("ANY(").and_then(|t| t.strip_suffix(')')) {
        Some(column) => format!("each value of {column}"),
        None => match term.find(['=', '<', '>']) {
            Some(at) => {
                let (column, operator) = term.split_at(at);
                format!("{column} {} …", operator.trim_end_matches('?'))
            }
            None => term.to_owned(),
        },
    };
    key.split(" AND ").map(term).collect::<Vec<_>>().join(" and ")
}

/// Everything that is no access to a table.
fn step(detail: &str) -> Option<String> {
    let starts = |prefix: &str| detail.strip_prefix(prefix);
    if let Some(what) = starts("USE TEMP B-TREE FOR ") {
        return Some(match what {
            "GROUP BY" => "sorts the rows to group them".to_owned(),
            "DISTINCT" => "keeps the rows seen so far, to drop those that come again".to_owned(),
            "ORDER BY" => "sorts the rows".to_owned(),
            other => match other.strip_suffix(" OF ORDER BY") {
                Some(part) => format!("sorts the rows by the {} of ORDER BY", part.to_lowercase()),
                None => format!("sorts or gathers for {other}"),
            },
        });
    }
    for (prefix, words) in [
        ("CORRELATED SCALAR SUBQUERY", "for each row, one value from:"),
        ("CORRELATED LIST SUBQUERY", "for each row, the list of IN from:"),
        ("SCALAR SUBQUERY", "once, one value from:"),
        ("LIST SUBQUERY", "once, the list of IN from:"),
        ("REUSE LIST SUBQUERY", "the list of IN made before"),
        ("MULTI-INDEX OR", "one index for each arm of OR:"),
        ("COMPOUND QUERY", "several SELECTs, one after the other:"),
        ("LEFT-MOST SUBQUERY", "first:"),
        ("UNION ALL", "then, all rows:"),
        ("UNION USING TEMP B-TREE", "then, without the rows that came before:"),
        ("INTERSECT USING TEMP B-TREE", "then, only rows that came before too:"),
        ("EXCEPT USING TEMP B-TREE", "then, taking these rows away:"),
        ("MERGE (", "two sorted results side by side:"),
        ("RIGHT-JOIN ", "the rows of the right side that matched nothing:"),
        ("SETUP", "the first rows of the recursion:"),
        ("RECURSIVE STEP", "again and again, for each row found:"),
        ("INDEX ", "the arm of OR by its index:"),
        ("LEFT", "the left one:"),
        ("RIGHT", "the right one:"),
    ] {
        if starts(prefix).is_some() {
            return Some(words.to_owned());
        }
    }
    if let Some(name) = starts("CO-ROUTINE ") {
        return Some(format!("makes the rows of {name} as they are asked for:"));
    }
    if let Some(name) = starts("MATERIALIZE ") {
        return Some(format!("makes all rows of {name} first, and keeps them:"));
    }
    starts("BLOOM FILTER ON ").map(|what| {
        let name = what.split(" (").next().unwrap_or(what);
        format!("makes a filter that tells most rows without a match in {name} at once")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phrase(detail: &str) -> String {
        Node { depth: 0, detail: detail.to_owned() }.phrase().unwrap_or_default()
    }

    #[test]
    fn each_access_is_told_by_what_it_reads() {
        assert_eq!(phrase("SCAN t"), "reads every row of t");
        assert_eq!(
            phrase("SCAN t USING COVERING INDEX i"),
            "reads all of t in the order of i: the index alone"
        );
        assert_eq!(
            phrase("SEARCH t USING INDEX i (a=? AND b>?) LEFT-JOIN"),
            "finds rows of t in i by a = … and b > …, and reads each in the table, or no row if nothing matches"
        );
        assert_eq!(
            phrase("SEARCH t USING INTEGER PRIMARY KEY (rowid=?)"),
            "finds rows of t in the table itself by rowid = …"
        );
        assert_eq!(
            phrase("SEARCH t USING AUTOMATIC COVERING INDEX (a=?)"),
            "builds an index over t for this run, and finds rows in it by a = …"
        );
        let any = phrase("SEARCH t USING COVERING INDEX i (ANY(a) AND b<?)");
        assert_eq!(any, "finds rows of t in i by each value of a and b < …: the index alone");
        assert_eq!(phrase("SCAN f VIRTUAL TABLE INDEX 0:M1"), "asks the virtual table f");
    }

    #[test]
    fn sorts_subqueries_and_unknown_lines() {
        assert_eq!(
            phrase("USE TEMP B-TREE FOR LAST TERM OF ORDER BY"),
            "sorts the rows by the last term of ORDER BY"
        );
        assert_eq!(phrase("CORRELATED SCALAR SUBQUERY 2"), "for each row, one value from:");
        assert_eq!(phrase("MATERIALIZE v"), "makes all rows of v first, and keeps them:");
        assert_eq!(phrase("A LINE OF THE FUTURE"), "");
    }
}
