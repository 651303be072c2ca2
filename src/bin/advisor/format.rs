//! The forms of a result, for every command that tells one.

use crate::term::Term;
use clap::ValueEnum;
use sqlite_advisor::document::Document;
use sqlite_advisor::report::escape::visible_lines;
use sqlite_advisor::report::look::Look;
use sqlite_advisor::report::{json, markdown, sql, text};

/// The form of the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people, at a terminal
    Text,
    /// The whole document, which `report` and `apply` read
    Json,
    /// Statements that sqlite3 runs as they are, with the reasons as comments
    Sql,
    /// For a pull request or a ticket
    Markdown,
}

impl Format {
    /// Tells the document in this form.
    pub fn tell(self, document: &Document, term: &Term) -> sqlite_advisor::Result<String> {
        Ok(match self {
            Self::Text => text::write(document, Look { width: term.width(), color: term.color() }),
            Self::Json => json::write(document)?,
            // Names that could steer a terminal go raw only to where SQL is run.
            Self::Sql if term.is_terminal() => visible_lines(&sql::write(document)),
            Self::Sql => sql::write(document),
            Self::Markdown => markdown::write(document),
        })
    }
}
