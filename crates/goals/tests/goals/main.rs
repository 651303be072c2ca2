//! The reference case: what is generated, what the migrations leave, what is measured.

mod determinism;
mod generate_determinism;
mod generate_statistics;
mod growth;
mod speedup;
mod support;
mod workload;
