//! Telling: a [`Report`](crate::model::report::Report) as text for a terminal, JSON, SQL or Markdown.
//!
//! Each form is one file with one function that returns a `String`; nothing is printed here. What all forms say alike is in
//! [`words`], and [`escape`] keeps the names of others from steering a terminal.

pub mod escape;
pub mod explanation;
pub mod json;
pub mod markdown;
pub mod phrases;
pub mod sql;
pub mod style;
mod table;
pub mod text;
