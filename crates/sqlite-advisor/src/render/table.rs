//! A table without borders. Where the terminal is narrow one column is broken between words, and then the last ones are
//! left out.

use crate::render::style::Style;
use comfy_table::presets::NOTHING;
use comfy_table::{Attribute, Cell, CellAlignment, Color, ColumnConstraint, ContentArrangement, Table};

/// A column's head; numbers stand at the right.
pub enum Head {
    /// Of words.
    Left(&'static str),
    /// Of numbers.
    Right(&'static str),
}

impl Head {
    pub(super) fn name(&self) -> &'static str {
        let (Head::Left(name) | Head::Right(name)) = self;
        name
    }

    pub(super) fn is_right(&self) -> bool {
        matches!(self, Head::Right(_))
    }
}

/// The narrowest that the flexible column gets.
const NARROWEST: usize = 12;
/// Spaces around the text of a column.
const GAP: usize = 2;

/// The lines of a table, indented by two; the column `flexible` is broken where the width asks for it.
pub(super) fn table(style: Style, heads: &[Head], rows: &[Vec<String>], flexible: usize) -> String {
    let fitting = fitting(style, heads, rows, flexible);
    let mut table = Table::new();
    table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Dynamic).force_no_tty();
    table.set_width(u16::try_from(style.width).unwrap_or(u16::MAX).saturating_sub(1).max(40));
    if style.color {
        table.enforce_styling();
    }
    table.set_header(heads.iter().take(fitting).map(|h| Cell::new(h.name()).add_attribute(Attribute::Dim)));
    for row in rows {
        table.add_row(row.iter().take(fitting).map(|text| match text.as_str() {
            "faster" => Cell::new(text).fg(Color::Green),
            "slower" | "costs more" | "differ" => Cell::new(text).fg(Color::Red),
            "not verified" => Cell::new(text).fg(Color::Yellow),
            _ => Cell::new(text),
        }));
    }
    for (i, (head, column)) in heads.iter().zip(table.column_iter_mut()).enumerate() {
        if matches!(head, Head::Right(_)) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        if i != flexible {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    table.lines().map(|line| format!(" {}\n", line.trim_end())).collect()
}

/// How many columns fit, the flexible one at its narrowest; three are shown whatever the width.
fn fitting(style: Style, heads: &[Head], rows: &[Vec<String>], flexible: usize) -> usize {
    let widest = |i: usize, head: &Head| {
        let cells = rows.iter().filter_map(|row| row.get(i)).map(|text| text.chars().count());
        cells.chain([head.name().chars().count()]).max().unwrap_or(0)
    };
    let mut used = 1;
    let fits = heads.iter().enumerate().take_while(|(i, head)| {
        let width = widest(*i, head);
        used += GAP + if *i == flexible { width.min(NARROWEST) } else { width };
        used <= style.width
    });
    fits.count().max(3)
}
