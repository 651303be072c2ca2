//! How a line of a plan reads a table. The forms are those of `sqlite3WhereExplainOneScan` in SQLite's source.

use super::Node;

/// A line that reads a table, or something else that has rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Access<'d> {
    /// All of it is read, rather than what a search finds.
    pub scans: bool,
    /// The table's alias or name, or that of a subquery, a view, a CTE.
    pub source: &'d str,
    /// By which index; none where the rows are read as they lie.
    pub using: Option<Used<'d>>,
    /// It is a virtual table or a table function, which looks for itself.
    pub is_virtual: bool,
    /// It ends with the first row.
    pub once: bool,
    /// A row without a match is kept.
    pub left: bool,
}

/// The index of an access.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Used<'d> {
    /// Which kind it is.
    pub kind: Kind,
    /// Its name; empty for an automatic one.
    pub name: &'d str,
    /// The table need not be read.
    pub covering: bool,
    /// The comparisons, as `a=? AND b>?`.
    pub key: Option<&'d str>,
}

/// A kind of index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One of the schema.
    Named,
    /// The b-tree of the table itself.
    Rowid,
    /// One that is built for the run.
    Automatic,
}

impl Node {
    /// How the line reads a table; none for a line of any other form.
    pub fn access(&self) -> Option<Access<'_>> {
        let (detail, left) = match self.detail.strip_suffix(" LEFT-JOIN") {
            Some(rest) => (rest, true),
            None => (self.detail.as_str(), false),
        };
        let (verb, rest) = detail.split_once(' ')?;
        let scans = match verb {
            "SCAN" => true,
            "SEARCH" => false,
            _ => return None,
        };
        let rest = rest.strip_prefix("TABLE ").unwrap_or(rest);
        let (source, using) = match rest.split_once(" USING ") {
            Some((source, using)) => (source, Some(used(using)?)),
            None => (rest, None),
        };
        let (source, once) = match source.strip_suffix(" EXISTS") {
            Some(source) => (source, true),
            None => (source, false),
        };
        let (source, is_virtual) = match source.split_once(" VIRTUAL TABLE INDEX ") {
            Some((table, _)) if using.is_none() => (table, true),
            _ => (source, false),
        };
        Some(Access { scans, source, using, is_virtual, once, left })
    }
}

impl Used<'_> {
    /// How many terms of the key have one value each.
    pub fn equal_terms(&self) -> usize {
        self.terms().filter(|term| term.ends_with("=?")).count()
    }

    /// How many terms of the key are compared at all; a term of which each value is tried is none.
    pub fn compared_terms(&self) -> usize {
        self.terms().filter(|term| !term.starts_with("ANY(")).count()
    }

    fn terms(&self) -> impl Iterator<Item = &str> {
        self.key.into_iter().flat_map(|key| key.split(" AND "))
    }
}

/// `COVERING INDEX i (a=? AND b>?)`, `INTEGER PRIMARY KEY (rowid=?)`, `AUTOMATIC COVERING INDEX (a=?)`.
fn used(using: &str) -> Option<Used<'_>> {
    let (what, key) = match using.split_once(" (").filter(|_| using.ends_with(')')) {
        Some((what, key)) => (what, key.strip_suffix(')')),
        None => (using, None),
    };
    if what.ends_with("PRIMARY KEY") {
        return Some(Used { kind: Kind::Rowid, name: "its primary key", covering: false, key });
    }
    if what.starts_with("AUTOMATIC ") {
        return Some(Used { kind: Kind::Automatic, name: "", covering: true, key });
    }
    let (covering, name) = match what.strip_prefix("COVERING INDEX ") {
        Some(name) => (true, name),
        None => (false, what.strip_prefix("INDEX ")?),
    };
    Some(Used { kind: Kind::Named, name, covering, key })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_tells_what_is_read_and_by_which_index() {
        let node = |detail: &str| Node { depth: 0, detail: detail.to_owned() };
        let read = |detail: &str| {
            let node = node(detail);
            let access = node.access()?;
            let using = access.using.map(|u| (u.kind, u.name.to_owned(), u.covering, u.compared_terms()));
            Some((access.scans, access.source.to_owned(), access.is_virtual, using))
        };
        assert_eq!(read("SCAN my table"), Some((true, "my table".to_owned(), false, None)));
        assert_eq!(
            read("SEARCH t USING COVERING INDEX i (ANY(a) AND b=? AND c>?) LEFT-JOIN"),
            Some((false, "t".to_owned(), false, Some((Kind::Named, "i".to_owned(), true, 2))))
        );
        assert_eq!(
            read("SCAN json_each VIRTUAL TABLE INDEX 1:"),
            Some((true, "json_each".to_owned(), true, None))
        );
        let automatic = read("SEARCH q USING AUTOMATIC COVERING INDEX (a=?)").and_then(|(.., using)| using);
        assert_eq!(automatic.map(|(kind, ..)| kind), Some(Kind::Automatic));
        assert_eq!(read("USE TEMP B-TREE FOR ORDER BY"), None);
    }
}
