//! The advice as SQL that `sqlite3 app.db < advice.sql` runs as it is; the reasons are comments.

use crate::model::report::{Group, Help, Recommendation, Report};
use crate::render::Renderer;
use crate::render::escape::{visible, visible_lines};
use crate::render::phrases::{self, database, price, skipped, summary};
use std::io;

/// The statements, each behind its reason, then ANALYZE, and what is for people to weigh as comments at the end.
///
/// Names stand in the statements as they are, so that SQLite runs them; [`Sql::for_terminal`] escapes them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sql {
    for_terminal: bool,
}

impl Sql {
    /// For the eyes of a person: whatever could steer a terminal is escaped, also in names.
    pub fn for_terminal() -> Self {
        Self { for_terminal: true }
    }
}

impl Renderer for Sql {
    fn render(&self, report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
        let sql = write(report);
        let sql = if self.for_terminal { visible_lines(&sql) } else { sql };
        out.write_all(sql.as_bytes())
    }
}

fn write(document: &Report) -> String {
    let mut out = applied(document);
    for finding in phrases::findings(&document.recommendations) {
        out.push('\n');
        comment(&mut out, &format!("{} (not run here)", finding.common().reason));
        for (word, sql) in phrases::steps_of(finding) {
            comment(&mut out, &format!("  {word}: {sql};"));
        }
        let change = |h: &Help| {
            let change = phrases::help_change(h).unwrap_or_default();
            format!("{}: {change}", h.statement)
        };
        let remarks = finding
            .common()
            .helps
            .iter()
            .map(change)
            .chain(phrases::remedy(finding))
            .chain(phrases::verification(finding));
        remarks.chain(price(finding)).for_each(|remark| comment(&mut out, &remark));
    }
    out
}

/// The statements that are run, each behind its reason, and ANALYZE at the end where it is advised.
pub fn applied(document: &Report) -> String {
    let mut out = String::new();
    comment(&mut out, &format!("{} {}", document.tool.name, document.tool.version));
    comment(&mut out, &database(&document.database));
    for line in summary(document) {
        comment(&mut out, &line);
    }
    for one in &document.workload.skipped {
        comment(&mut out, &format!("skipped {}", skipped(one)));
    }
    for advice in document.recommendations.iter().filter(|a| is_run(a)) {
        out.push('\n');
        comment(&mut out, &advice.common().reason);
        phrases::remedy(advice)
            .into_iter()
            .chain(price(advice))
            .for_each(|remark| comment(&mut out, &remark));
        out.push_str(&ended(advice.sql().unwrap_or_default()));
    }
    let mut analyze =
        document.recommendations.iter().filter(|a| matches!(a, Recommendation::Analyze(_))).peekable();
    if analyze.peek().is_some() {
        out.push('\n');
        analyze.for_each(|a| comment(&mut out, &a.common().reason));
        out.push_str("ANALYZE;\n");
    }
    out
}

/// What can be run without changing what any statement means.
fn is_run(advice: &Recommendation) -> bool {
    advice.is_index() && advice.group() == Group::DoNow
}

/// A comment is one line, whatever the text holds.
fn comment(out: &mut String, text: &str) {
    out.push_str(format!("-- {}", visible(text)).trim_end());
    out.push('\n');
}

/// A statement with its semicolon, where a comment at its end cannot swallow it.
fn ended(sql: &str) -> String {
    let apart = if sql.contains("--") || sql.contains("/*") { "\n" } else { "" };
    format!("{sql}{apart};\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_can_leave_its_comment_and_no_comment_swallows_the_end() {
        let mut out = String::new();
        comment(&mut out, "why\nDROP TABLE t;\r\u{2028}x");
        assert_eq!(out, "-- why\\nDROP TABLE t;\\r\\u{2028}x\n");
        assert_eq!(ended("CREATE INDEX i ON t(a) -- b"), "CREATE INDEX i ON t(a) -- b\n;\n");
    }
}
