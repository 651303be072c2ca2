//! The library through its public calls.

mod advice_properties;
mod findings;
mod logs;
mod random_database;
