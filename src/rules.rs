//! The texts of docs/rules, for pages that have to be read without a network.

use include_dir::{Dir, include_dir};

static TEXTS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/docs/rules");

/// The text of a rule; none for a name that is no rule's.
pub fn text(rule: &str) -> Option<&'static str> {
    TEXTS.get_file(format!("{rule}.md"))?.contents_utf8()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_text_of_a_rule_is_found_by_its_name() {
        assert!(super::text("wide_column").is_some_and(|text| text.starts_with("# wide_column")));
        assert!(super::text("../../Cargo").is_none() && super::text("no_rule").is_none());
    }
}
