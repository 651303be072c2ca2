//! Telling: a [`Document`](crate::document::Document) as text for a terminal, JSON, SQL or Markdown.
//!
//! Each form is one file with one function that returns a `String`; nothing is printed here. What all forms say alike is in
//! [`words`], and [`escape`] keeps the names of others from steering a terminal.

pub mod escape;
pub mod explanation;
pub mod json;
pub mod look;
pub mod markdown;
pub mod speedup;
pub mod sql;
mod table;
pub mod text;
pub mod words;
