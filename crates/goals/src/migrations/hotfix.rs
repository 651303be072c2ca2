//! M3: columns that the application expected and nobody had added.

use super::{Style, splits};
use sqlite_advisor::change::Step;

pub(super) fn steps(style: Style) -> Vec<Step> {
    let mut steps = vec![Step::add_column("activity_instances", "completed", "BOOLEAN DEFAULT 0")];
    steps.extend(style.text_column("activity_instances", "notes"));
    steps.extend(style.text_column("activity_instances", "data"));
    if style.faithful {
        steps.extend(splits::split_of_values(style));
    }
    steps
}
