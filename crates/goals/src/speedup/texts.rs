//! The statements of the reference case, held in the binary so that they are there wherever it runs.

use sqlite_advisor::workload::Text;

macro_rules! text {
    ($path:literal) => {
        Text {
            source: concat!("workloads/", $path).to_owned(),
            sql: include_str!(concat!("../../../../workloads/", $path)).to_owned(),
        }
    };
}

/// What the application sends after the last migration.
pub fn application() -> Vec<Text> {
    vec![text!("goals/deletes.sql"), text!("goals/reads.sql"), text!("goals/writes.sql")]
}

/// The claims, each in both forms.
pub fn claims() -> Vec<Text> {
    vec![text!("goals/claims.sql")]
}

/// What the application sent before any migration.
pub fn before() -> Vec<Text> {
    vec![text!("goals-before/deletes.sql"), text!("goals-before/reads.sql"), text!("goals-before/writes.sql")]
}
