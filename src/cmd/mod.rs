//! One file per command; each reads its arguments, calls the library and writes the result.

pub mod advise;
pub mod apply;
pub mod carry;
pub mod demo;
pub mod diff;
pub mod explain;
pub mod generate;
pub mod migrate;
pub mod preflight;
pub mod report;
pub mod restore;
pub mod verify;
