//! SQLDelight's .sq files: CREATE statements, and queries behind a label.

use crate::error::Result;
use crate::workload::lines::Lines;
use crate::workload::readers::log::begins_sql;
use crate::workload::readers::{Sink, sql};

/// The name of a line that is a label: `selectAll:`
fn label(line: &str) -> Option<&str> {
    let name = line.trim_end().strip_suffix(':')?;
    let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !name.is_empty();
    is_name.then_some(name)
}

pub fn recognizes(head: &str) -> bool {
    let lines: Vec<&str> = head.lines().filter(|line| !line.trim().is_empty()).collect();
    lines.windows(2).any(|pair| matches!(pair, [name, text] if label(name).is_some() && begins_sql(text)))
}

pub fn read(lines: &mut Lines, sink: &mut Sink) -> Result<()> {
    let mut text = String::new();
    while let Some(line) = lines.next_line()? {
        match label(line.text) {
            Some(name) => text.push_str(&format!("-- name: {name}")),
            None if line.text.starts_with("import ") => {}
            None => text.push_str(line.text),
        }
        text.push('\n');
    }
    let file = lines.file().clone();
    // The tables are those of the database.
    sql::each(&file, &text, &mut |query| {
        if query.name.is_some() {
            sink.query(query);
        }
    });
    Ok(())
}
