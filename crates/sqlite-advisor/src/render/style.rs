//! How a report for a terminal looks.

use crate::render::wrap;

/// How the report looks.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Columns of the terminal.
    pub width: usize,
    /// Use colours.
    pub color: bool,
}

impl Style {
    pub(super) fn bold(self, text: &str) -> String {
        if self.color { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() }
    }

    pub(super) fn dim(self, text: &str) -> String {
        if self.color { format!("\x1b[2m{text}\x1b[0m") } else { text.to_owned() }
    }

    /// SQL ready to be run.
    pub(super) fn sql(self, text: &str) -> String {
        if self.color { format!("\x1b[1;36m{text}\x1b[0m") } else { text.to_owned() }
    }

    pub(super) fn heading(self, text: &str) -> String {
        wrap::text(text, self.width, "").iter().map(|line| self.bold(line) + "\n").collect()
    }
}
