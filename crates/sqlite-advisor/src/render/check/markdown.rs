//! For one comment on a pull request, which is replaced with each push: the first line tells it from others.

use super::{CURE, cure_sql, message, plans, tree, verdict};
use crate::model::check::{Checked, Finding};
use crate::render::escape::visible;
use crate::render::markdown_writer::{code, fenced, prose};
use crate::render::phrases::counted;
use crate::render::{Markdown, Renderer};
use std::io;

/// How many findings a comment shows, which may hold 65,536 characters.
const SHOWN: usize = 20;

impl Renderer<Checked> for Markdown {
    fn render(&self, checked: &Checked, out: &mut dyn io::Write) -> io::Result<()> {
        writeln!(out, "<!-- advisor check -->\n## {}", prose(&verdict(checked)))?;
        for finding in checked.failing().take(SHOWN) {
            out.write_all(told(finding).as_bytes())?;
        }
        let more = checked.failing().count().saturating_sub(SHOWN);
        if more > 0 {
            writeln!(out, "\nand {}", counted(more as u64, "finding"))?;
        }
        let only_told = checked.findings.iter().filter(|finding| !finding.kind.fails());
        let notes: Vec<String> =
            only_told.map(message).chain(checked.notes.iter().map(|note| visible(note))).collect();
        if !notes.is_empty() {
            writeln!(out)?;
        }
        notes.iter().try_for_each(|note| writeln!(out, "* {}", prose(note)))
    }
}

fn told(finding: &Finding) -> String {
    let place = code(&format!("{}:{}", finding.file, finding.line));
    let mut out = format!("\n### {place}: {}\n", prose(&message(finding)));
    out.push_str(&format!("\n{}", fenced("sql", &format!("{};\n", finding.sql.trim_end()))));
    let plans = plans(finding);
    if !plans.is_empty() {
        out.push_str(&format!("\n{}", fenced("text", &ended(&plans))));
    }
    if let Some(cure) = &finding.cure {
        let plan: Vec<String> = cure.plan.iter().flat_map(tree).collect();
        let sql = fenced("sql", &ended(&[cure_sql(cure)]));
        out.push_str(&format!("\n{CURE}:\n\n{sql}\n{}", fenced("text", &ended(&plan))));
    }
    out
}

fn ended(lines: &[String]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}
