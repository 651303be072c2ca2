//! Lines that are broken between words at the width of the terminal.

use unicode_width::UnicodeWidthStr;

/// The narrowest that text gets, however deep it is indented.
const NARROWEST: usize = 20;

/// Text broken between words: the first line behind `first`, the others behind as many spaces.
pub(super) fn text(text: &str, width: usize, first: &str) -> Vec<String> {
    broken(&text.split(' ').collect::<Vec<_>>(), width, first)
}

/// Items with commas between them, none of which is broken.
pub(super) fn items(items: &[String], width: usize, first: &str) -> Vec<String> {
    let last = items.len().saturating_sub(1);
    let ended = |(i, item): (usize, &String)| if i < last { format!("{item},") } else { item.clone() };
    let ended: Vec<String> = items.iter().enumerate().map(ended).collect();
    broken(&ended.iter().map(String::as_str).collect::<Vec<_>>(), width, first)
}

/// SQL broken between words, but never within a literal or a quoted name, so that it can be copied as it stands.
pub(super) fn sql(sql: &str, width: usize, first: &str) -> Vec<String> {
    let (mut words, mut start, mut quote) = (vec![], 0, None);
    for (at, c) in sql.char_indices() {
        match (quote, c) {
            (None, ' ') => {
                words.extend(sql.get(start..at));
                start = at + 1;
            }
            (None, '\'' | '"' | '`') => quote = Some(c),
            (None, '[') => quote = Some(']'),
            (Some(end), c) if c == end => quote = None,
            _ => {}
        }
    }
    words.extend(sql.get(start..));
    broken(&words, width, first)
}

fn broken(words: &[&str], width: usize, first: &str) -> Vec<String> {
    let indent = " ".repeat(first.width());
    let limit = width.max(indent.len() + NARROWEST);
    let (mut lines, mut line, mut is_empty) = (vec![], first.to_owned(), true);
    for word in words {
        if !is_empty && line.width() + 1 + word.width() > limit {
            lines.push(std::mem::replace(&mut line, indent.clone()));
            is_empty = true;
        }
        line.push_str(if is_empty { "" } else { " " });
        line.push_str(word);
        is_empty = false;
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_whole_and_lines_stay_below_the_first_word() {
        let lines = text("one two three four five six seven", 24, " 1. ");
        assert_eq!(lines, [" 1. one two three four", "    five six seven"]);
        assert_eq!(
            text("a_word_that_is_longer_than_the_line", 10, ""),
            ["a_word_that_is_longer_than_the_line"]
        );
    }

    #[test]
    fn sql_is_never_broken_within_a_literal() {
        let lines = sql("SELECT 'two  words of a text' FROM \"a table\" WHERE a = 1", 30, "");
        assert_eq!(lines, ["SELECT 'two  words of a text'", "FROM \"a table\" WHERE a = 1"]);
    }
}
