//! The program as a person meets it: every command, its forms and its exit codes.

mod any_database;
mod apply;
mod beside_expert;
mod change_properties;
mod check;
mod check_formats;
mod diff;
mod docs;
mod explain;
mod formats;
mod generate;
mod goals_advice;
mod interrupt;
mod migrate;
mod page;
mod read_only;
mod restore;
mod robust;
mod sample_above;
mod settings;
mod statistics;
mod support;
mod undo;
mod workload;
