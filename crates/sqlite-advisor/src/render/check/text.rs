//! For a terminal, and for the log of CI.

use super::{CURE, cure_sql, message, plans, tree, verdict};
use crate::model::check::{Checked, Finding};
use crate::render::escape::{brief, visible};
use crate::render::style::Style;
use crate::render::{Renderer, Text, wrap};
use std::{fmt, io};

/// The columns of text that a test shows.
const IN_A_TEST: usize = 100;

/// Each finding with its place, its plans and its cure; the verdict is last, where a log of CI ends.
impl Renderer<Checked> for Text {
    fn render(&self, checked: &Checked, out: &mut dyn io::Write) -> io::Result<()> {
        let style = self.0;
        for finding in &checked.findings {
            writeln!(out, "{}", told(finding, style))?;
        }
        for note in &checked.notes {
            for line in wrap::text(&format!("note: {}", visible(note)), style.width, "") {
                writeln!(out, "{}", style.dim(&line))?;
            }
        }
        out.write_all(style.heading(&verdict(checked)).as_bytes())
    }
}

/// As in a file, which is what a test that fails shows.
impl fmt::Display for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let style = Style { width: IN_A_TEST, color: false };
        f.write_str(&Text(style).to_text(self).map_err(|_| fmt::Error)?)
    }
}

fn told(finding: &Finding, style: Style) -> String {
    let head = format!("{}:{}: {}", visible(&finding.file), finding.line, message(finding));
    let mut out = style.heading(&head);
    out.push_str(&format!("  {}\n", style.dim(&brief(&finding.sql, style.width.saturating_sub(2)))));
    out.extend(plans(finding).iter().map(|line| format!("  {line}\n")));
    if let Some(cure) = &finding.cure {
        let lines = wrap::sql(&cure_sql(cure), style.width, "    ");
        out.push_str(&format!("  {CURE}\n"));
        out.extend(lines.iter().map(|line| style.sql(line) + "\n"));
        out.extend(cure.plan.iter().flat_map(tree).map(|line| format!("  {line}\n")));
    }
    out
}
