//! The forms of a result, for every command that tells one.

use crate::term::Term;
use clap::ValueEnum;
use goals::report as speedup;
use goals::speedup::value::Speedup;
use sqlite_advisor::model::report::Report;
use sqlite_advisor::render::escape::visible_lines;
use sqlite_advisor::render::style::Style;
use sqlite_advisor::render::{json, markdown, sql, text};

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
    /// One page with charts, for the report of `demo`
    Html,
}

impl Format {
    /// Refuses the form that an advice does not have, before the work is done rather than after it.
    pub fn check(self) -> sqlite_advisor::Result<()> {
        if self == Self::Html {
            let text = "an advice has no form html; use text, json, sql or markdown";
            return Err(sqlite_advisor::Error::Invalid(text.to_owned()));
        }
        Ok(())
    }

    /// Tells the document in this form.
    pub fn tell(self, document: &Report, term: &Term) -> sqlite_advisor::Result<String> {
        self.check()?;
        Ok(match self {
            Self::Text => text::write(document, Style { width: term.width(), color: term.color() }),
            Self::Json => json::write(document)?,
            // Names that could steer a terminal go raw only to where SQL is run.
            Self::Sql if term.is_terminal() => visible_lines(&sql::write(document)),
            Self::Sql => sql::write(document),
            Self::Markdown | Self::Html => markdown::write(document),
        })
    }

    /// Tells the report of `demo` in this form.
    pub fn tell_speedup(self, report: &Speedup) -> sqlite_advisor::Result<String> {
        Ok(match self {
            Self::Text => speedup::terminal::lines(report).join("\n") + "\n",
            Self::Json => report.to_json()?,
            Self::Sql => report.advised.sql.iter().map(|sql| format!("{sql};\n")).collect(),
            Self::Markdown => speedup::markdown::markdown(report),
            Self::Html => speedup::html(report)?,
        })
    }
}
