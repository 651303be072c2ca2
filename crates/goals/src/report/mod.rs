//! The speedup report: one page, its charts, Markdown and ten lines for a terminal, all from one value.

pub mod charts;
pub mod markdown;
pub mod page;
mod pictures;
pub mod terminal;

use crate::speedup::value::Speedup;
use sqlite_advisor::error::Result;

/// The files of the report by name.
///
/// # Errors
/// [`sqlite_advisor::Error::Invalid`] if a chart or the page cannot be drawn.
pub fn files(report: &Speedup) -> Result<Vec<(String, String)>> {
    let pictures = pictures::Pictures::draw(report)?;
    let mut files = vec![
        ("index.html".to_owned(), page::page(report, &pictures)?),
        ("report.json".to_owned(), report.to_json()?),
        ("report.md".to_owned(), markdown::markdown(report)),
    ];
    files.extend(pictures.files());
    Ok(files)
}

/// The page alone.
///
/// # Errors
/// As [`files`].
pub fn html(report: &Speedup) -> Result<String> {
    page::page(report, &pictures::Pictures::draw(report)?)
}
