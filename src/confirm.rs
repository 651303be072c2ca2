//! The question before anything is written.

use sqlite_advisor::render::escape::visible;
use std::io::{BufRead, Write};

/// Asks on stderr and reads one line. Only `y` or `yes` agrees; the end of the input does not.
pub fn confirm(question: &str) -> std::io::Result<bool> {
    let mut stderr = std::io::stderr();
    write!(stderr, "{} [y/N] ", visible(question))?;
    stderr.flush()?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    if !answer.ends_with('\n') {
        writeln!(stderr)?;
    }
    Ok(matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes"))
}
