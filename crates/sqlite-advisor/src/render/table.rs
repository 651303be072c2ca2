//! A table without borders. Where the terminal is narrow the first column is broken, and then the last ones are left out.

use crate::render::style::Style;
use comfy_table::presets::NOTHING;
use comfy_table::{Attribute, Cell, CellAlignment, Color, ColumnConstraint, ContentArrangement, Table};

/// A column's head; numbers stand at the right.
pub(super) enum Head {
    Left(&'static str),
    Right(&'static str),
}

impl Head {
    fn name(&self) -> &'static str {
        let (Head::Left(name) | Head::Right(name)) = self;
        name
    }
}

/// The narrowest that the first column gets.
const NARROWEST: usize = 12;
/// Spaces around the text of a column.
const GAP: usize = 2;

/// The lines of a table, indented by two.
pub(super) fn table(look: Style, heads: &[Head], rows: &[Vec<String>]) -> String {
    let fitting = fitting(look, heads, rows);
    let mut table = Table::new();
    table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Dynamic).force_no_tty();
    table.set_width(u16::try_from(look.width).unwrap_or(u16::MAX).saturating_sub(1).max(40));
    if look.color {
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
        if i > 0 {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    table.lines().map(|line| format!(" {}\n", line.trim_end())).collect()
}

/// How many columns fit, the first at its narrowest; three are shown whatever the width.
fn fitting(look: Style, heads: &[Head], rows: &[Vec<String>]) -> usize {
    let widest = |i: usize, head: &Head| {
        let cells = rows.iter().filter_map(|row| row.get(i)).map(|text| text.chars().count());
        cells.chain([head.name().chars().count()]).max().unwrap_or(0)
    };
    let mut used = 1;
    let fits = heads.iter().enumerate().take_while(|(i, head)| {
        let width = widest(*i, head);
        used += GAP + if *i == 0 { width.min(NARROWEST) } else { width };
        used <= look.width
    });
    fits.count().max(3)
}
