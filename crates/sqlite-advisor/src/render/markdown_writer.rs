//! Markdown that is written block by block, and only of text that means nothing to Markdown, HTML or a terminal.

use crate::render::escape::{visible, visible_lines};
use crate::render::table::Head;
use std::fmt;
use std::ops::Add;

/// Text of one line that is safe to stand in a paragraph, in an item and in the cell of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Escaped(String);

impl fmt::Display for Escaped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Add for Escaped {
    type Output = Escaped;

    fn add(self, next: Escaped) -> Escaped {
        Escaped(self.0 + &next.0)
    }
}

/// Text in which no character has a meaning to Markdown or HTML.
pub fn prose(text: &str) -> Escaped {
    let mut out = String::with_capacity(text.len());
    for c in visible(text).chars() {
        if r"\`*[]<>|&#~".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    Escaped(out)
}

/// A code span, in which names can mean nothing; `|` would end a cell of a table even there.
pub fn code(text: &str) -> Escaped {
    let text = visible(text).replace('|', "\\|");
    let ticks = "`".repeat(longest_ticks(&text) + 1);
    let space = if text.starts_with('`') || text.ends_with('`') || text.is_empty() { " " } else { "" };
    Escaped(format!("{ticks}{space}{text}{space}{ticks}"))
}

/// The text in bold.
pub fn strong(text: Escaped) -> Escaped {
    Escaped(format!("**{text}**"))
}

/// A block of text in a language, whose fence is longer than any within.
pub(super) fn fenced(language: &str, text: &str) -> String {
    let fence = "`".repeat(longest_ticks(text).max(2) + 1);
    format!("{fence}{language}\n{}{fence}\n", visible_lines(text))
}

fn longest_ticks(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// A document of blocks, each apart from the one before.
#[derive(Debug, Default)]
pub struct MarkdownWriter {
    out: String,
    in_list: bool,
}

impl MarkdownWriter {
    /// A heading of level 1 to 6.
    pub fn heading(&mut self, level: usize, text: Escaped) {
        self.block(&format!("{} {text}\n", "#".repeat(level.clamp(1, 6))));
    }

    /// A paragraph.
    pub fn paragraph(&mut self, text: Escaped) {
        self.block(&format!("{text}\n"));
    }

    /// An item of a list, or of the list in the item before at `depth` 1 and so on.
    pub fn item(&mut self, depth: usize, text: Escaped) {
        let line = format!("{}* {text}\n", "  ".repeat(depth));
        if self.in_list {
            self.out.push_str(&line);
        } else {
            self.block(&line);
            self.in_list = true;
        }
    }

    /// A table; nothing where there is no row.
    pub fn table(&mut self, heads: &[Head], rows: Vec<Vec<Escaped>>) {
        if rows.is_empty() {
            return;
        }
        let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        let marks: String = heads.iter().map(|h| if h.is_right() { "|--:" } else { "|--" }).collect();
        let mut table = line(heads.iter().map(|head| prose(head.name()).0).collect());
        table.push_str(&format!("{marks}|\n"));
        for row in rows {
            table.push_str(&line(row.into_iter().map(|cell| cell.0).collect()));
        }
        self.block(&table);
    }

    /// The document.
    pub fn into_text(self) -> String {
        self.out
    }

    fn block(&mut self, text: &str) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        self.out.push_str(text);
        self.in_list = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_names_stay_in_their_cell() {
        assert_eq!(code("a`|b\n").0, "``a`\\|b\\n``");
        assert_eq!(prose("<img src=x> | [a](b)\u{1b}[31m").0, r"\<img src=x\> \| \[a\](b)\\u{1b}\[31m");
        assert!(fenced("sql", "a\n```\nb").starts_with("````sql\n"));
    }

    #[test]
    fn blocks_stand_apart_and_items_together() {
        let mut out = MarkdownWriter::default();
        out.heading(1, prose("A"));
        out.paragraph(strong(prose("b")) + prose(": c"));
        out.item(0, prose("d"));
        out.item(1, code("e"));
        out.table(&[Head::Left("f"), Head::Right("g")], vec![vec![prose("1"), prose("|")]]);
        out.table(&[Head::Left("nothing")], vec![]);
        let told = "# A\n\n**b**: c\n\n* d\n  * `e`\n\n| f | g |\n|--|--:|\n| 1 | \\| |\n";
        assert_eq!(out.into_text(), told);
    }
}
