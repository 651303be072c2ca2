//! The statements of the reference case, held in the binary so that they are there wherever it runs.

use sqlite_advisor::workload::QuerySource;
use sqlite_advisor::workload::readers::sql::queries;

macro_rules! read {
    ($path:literal) => {
        queries(concat!("workloads/", $path), include_str!(concat!("../../../../workloads/", $path)))
    };
}

/// What the application sends after the last migration.
pub fn application() -> Vec<QuerySource> {
    [read!("goals/deletes.sql"), read!("goals/reads.sql"), read!("goals/writes.sql")].concat()
}

/// The claims, each in both forms.
pub fn claims() -> Vec<QuerySource> {
    read!("goals/claims.sql")
}

/// What the application sent before any migration.
pub fn before() -> Vec<QuerySource> {
    [read!("goals-before/deletes.sql"), read!("goals-before/reads.sql"), read!("goals-before/writes.sql")]
        .concat()
}
