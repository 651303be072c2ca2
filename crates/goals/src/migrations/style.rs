//! Whether the original is followed to the letter or to its meaning.

use sqlite_advisor::change::Step;

/// How closely the originals are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    /// The original declared types, column order and losses. Otherwise text is declared TEXT, templates are numbered
    /// within each day, and what the new tables cannot hold is kept.
    pub faithful: bool,
    /// Columns that stand with a wrong type are changed by a table rebuild; otherwise they are reported.
    pub rebuild: bool,
}

impl Style {
    /// The declared type of text columns. SQLite gives STRING numeric affinity: '012' becomes 12.
    pub(super) fn text(self) -> &'static str {
        if self.faithful { "STRING" } else { "TEXT" }
    }

    /// The steps that end in a text column of the right type.
    pub(super) fn text_column(self, table: &str, column: &str) -> Vec<Step> {
        let declared = self.text();
        let rebuild = Step::Rebuild { table: table.into(), column: column.into(), declared: declared.into() };
        let add = Step::add_column(table, column, declared);
        if self.rebuild { vec![rebuild, add] } else { vec![add] }
    }
}
