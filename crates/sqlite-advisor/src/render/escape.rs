//! Texts of others made safe to show: names, statements and messages may hold whatever steers a terminal.

/// A text of others on one line: whatever could end a line, move the cursor or turn the direction of reading is escaped.
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() || is_invisible(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}

/// A text whose lines and tabs may stay, such as SQL to be read; all else as in [`visible`].
pub fn visible_lines(text: &str) -> String {
    text.split_inclusive(['\n', '\t'])
        .map(|piece| match piece.strip_suffix(['\n', '\t']) {
            Some(line) => visible(line) + if piece.ends_with('\t') { "\t" } else { "\n" },
            None => visible(piece),
        })
        .collect()
}

/// Line separators, zero-width characters and marks of direction, which are no control characters to Rust.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

/// A statement on one line, its spaces and line breaks joined, cut after `width` characters.
pub fn brief(sql: &str, width: usize) -> String {
    let line = visible(&sql.split_whitespace().collect::<Vec<_>>().join(" "));
    if line.chars().count() <= width {
        return line;
    }
    line.chars().take(width.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_name_stays_on_its_line_and_does_nothing() {
        assert_eq!(visible("a\nb\u{1b}[31mc\r\u{202e}\u{9b}é"), "a\\nb\\u{1b}[31mc\\r\\u{202e}\\u{9b}é");
        assert_eq!(visible_lines("a\tb\n\u{1b}c\r\n"), "a\tb\n\\u{1b}c\\r\n");
        assert_eq!(brief("select\n  1,\n\u{7}2", 40), "select 1, \\u{7}2");
        assert_eq!(brief("select 12345", 8), "select …");
    }
}
