//! SQL as text, as a tree, and the tables that its names mean.

pub mod definition;
pub mod lexer;
pub mod scope;
pub mod skeleton;
pub mod syntax;
