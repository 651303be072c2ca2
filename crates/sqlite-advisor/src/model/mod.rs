//! Values: what is read, chosen and found. No SQLite, no files.

pub mod assessment;
pub mod candidate;
pub mod check;
pub mod configuration;
pub mod counters;
pub mod explanation;
pub mod exported;
pub mod ids;
pub mod index;
pub mod plan;
pub mod report;
pub mod statistics;
pub mod units;
