//! M5: when a goal was completed. Goals that are completed already keep NULL: nobody recorded the time.

use sqlite_advisor::change::Step;

pub(super) fn steps() -> Vec<Step> {
    vec![Step::add_column("goals", "completed_at", "DATETIME")]
}
