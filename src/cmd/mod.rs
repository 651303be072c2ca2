//! One file per command; each reads its arguments, calls the library and writes the result.

pub mod advise;
pub mod apply;
pub mod carry;
pub mod check;
pub mod completions;
pub mod database;
pub mod demo;
pub mod diff;
pub mod explain;
pub mod goals;
pub mod report;
pub mod restore;
pub mod statistics;
pub mod undo;
pub mod workload;
