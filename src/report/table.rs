//! A table without borders, as wide as the terminal.

use crate::report::look::Look;
use comfy_table::presets::NOTHING;
use comfy_table::{Attribute, Cell, CellAlignment, Color, ContentArrangement, Table};

/// A column's head; numbers stand at the right.
pub(super) enum Head {
    Left(&'static str),
    Right(&'static str),
}

/// The lines of a table, indented by two.
pub(super) fn table(look: Look, heads: &[Head], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(look.width.max(40) - 2).unwrap_or(u16::MAX)).force_no_tty();
    if look.color {
        table.enforce_styling();
    }
    table.set_header(heads.iter().map(|head| {
        let (Head::Left(name) | Head::Right(name)) = head;
        Cell::new(name).add_attribute(Attribute::Dim)
    }));
    for row in rows {
        table.add_row(row.iter().map(|text| {
            let cell = Cell::new(text);
            match text.as_str() {
                "faster" => cell.fg(Color::Green),
                "slower" | "differ" => cell.fg(Color::Red),
                "not proved" => cell.fg(Color::Yellow),
                _ => cell,
            }
        }));
    }
    for (i, head) in heads.iter().enumerate() {
        if let (Head::Right(_), Some(column)) = (head, table.column_mut(i)) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.lines().map(|line| format!(" {}\n", line.trim_end())).collect()
}
