//! A [`Report`] as text for a terminal, JSON, SQL, Markdown, or with the feature `html` as a page; and what
//! [`check`](crate::check()) finds, in the forms that CI systems read.
//!
//! Each form is one file behind [`Renderer`]. What all forms say alike is in [`phrases`], and [`escape`] keeps the names of
//! others from steering a terminal. To add a form, write a file with a type that renders, and name it in the program's
//! `src/format.rs`.

pub mod anonymize;
mod assessment;
pub mod check;
pub mod escape;
pub mod explanation;
#[cfg(feature = "html")]
pub mod html;
pub mod json;
pub mod markdown;
pub mod markdown_writer;
pub mod phrases;
pub mod sql;
pub mod style;
pub mod table;
pub mod text;
pub mod workload;
mod wrap;

#[cfg(feature = "html")]
pub use html::Html;
pub use json::Json;
pub use markdown::Markdown;
pub use sql::Sql;
pub use style::Style;
pub use text::Text;

use crate::model::report::Report;
use std::io;

/// A form of a result.
pub trait Renderer<R = Report> {
    /// Writes the result in this form.
    ///
    /// # Errors
    /// Those of the writer.
    fn render(&self, result: &R, out: &mut dyn io::Write) -> io::Result<()>;

    /// The result in this form as one text.
    ///
    /// # Errors
    /// [`io::ErrorKind::InvalidData`] if what was written is not UTF-8, which no form of this library is.
    fn to_text(&self, result: &R) -> io::Result<String> {
        let mut bytes = vec![];
        self.render(result, &mut bytes)?;
        String::from_utf8(bytes).map_err(|e| io::Error::new(io::ErrorKind::InvalidData, e))
    }
}
