//! The report for a terminal: the verdict first, then what to do in the order of doing it, the statements, what was
//! rejected, the choice, what to know, and which command comes next.

mod recommendations;
mod statements;

pub(super) use recommendations::recommendations;

use crate::model::report::{Group, JudgedIndex, Point, Rejected, Report};
use crate::model::units::{bytes, count, ratio};
use crate::render::Renderer;
use crate::render::escape::{brief, visible};
use crate::render::phrases::{self, SHOWN, counted, more};
use crate::render::style::Style;
use crate::render::table::{Head, table};
use crate::render::wrap;
use std::io;

/// Text for people, at a terminal or in a file.
#[derive(Debug, Clone, Copy)]
pub struct Text(pub Style);

impl Renderer for Text {
    fn render(&self, report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
        out.write_all(write(report, self.0).as_bytes())
    }
}

fn write(report: &Report, style: Style) -> String {
    let sections = [
        recommendations(&report.recommendations, Some(report), style),
        statements::statements(report, style),
        existing(report, style),
        writes(report, style),
        rejected(report, style),
        curve(report, style),
        skipped(report, style),
        notes(report, style),
        next(report, style),
    ];
    let mut out = lines(&phrases::database(&report.database), "", style);
    out.push('\n');
    out.extend(wrap::text(&phrases::verdict(report), style.width, "").iter().map(|l| style.bold(l) + "\n"));
    out.extend(phrases::details(report).iter().map(|line| lines(line, "", style)));
    if report.recommendations.iter().any(|r| r.group() == Group::DoNow) {
        out.push_str(&lines(&phrases::way_back(report), "", style));
    }
    for section in sections.iter().filter(|s| !s.is_empty()) {
        out.push('\n');
        out.push_str(section);
    }
    out
}

/// A text in as many lines as it takes.
fn lines(text: &str, first: &str, style: Style) -> String {
    wrap::text(text, style.width, first).iter().map(|line| format!("{line}\n")).collect()
}

fn existing(d: &Report, style: Style) -> String {
    if d.existing.is_empty() {
        return String::new();
    }
    let heads = [
        Head::Left("index"),
        Head::Left("table"),
        Head::Right("bytes"),
        Head::Left("verdict"),
        Head::Right("read by"),
        Head::Left("why"),
    ];
    let row = |s: &JudgedIndex| {
        vec![
            brief(&s.name, phrases::NAME),
            brief(&s.table, phrases::NAME),
            bytes(s.bytes),
            s.verdict.word().to_owned(),
            count(s.statements.len() as u64),
            s.why.as_deref().map(visible).unwrap_or_default(),
        ]
    };
    let rows: Vec<_> = d.existing.iter().map(row).collect();
    style.heading(&format!("Existing indexes: {}", phrases::existing(d))) + &table(style, &heads, &rows, 5)
}

fn writes(d: &Report, style: Style) -> String {
    if d.writes.is_empty() {
        return String::new();
    }
    let [table_head, others @ ..] = phrases::WRITES;
    let heads: Vec<Head> = [Head::Left(table_head)].into_iter().chain(others.map(Head::Right)).collect();
    let rows: Vec<Vec<String>> = d.writes.iter().map(|w| phrases::write_row(w).to_vec()).collect();
    let about = wrap::text(&phrases::ABOUT_WRITES.join(" "), style.width, "  ");
    style.heading("What writes cost")
        + &table(style, &heads, &rows, 0)
        + &about.iter().map(|line| style.dim(line) + "\n").collect::<String>()
}

/// The rejected indexes by reason, each with its bytes.
fn rejected(d: &Report, style: Style) -> String {
    if d.rejected.is_empty() {
        return String::new();
    }
    let mut groups: Vec<(String, Vec<&Rejected>)> = vec![];
    for one in &d.rejected {
        let why = phrases::why(&one.why);
        match groups.iter_mut().find(|(other, _)| *other == why) {
            Some((_, group)) => group.push(one),
            None => groups.push((why, vec![one])),
        }
    }
    let mut out = style.heading("Rejected");
    for (why, group) in groups {
        out.push_str(&lines(&format!("{why}:"), "  ", style));
        let key = |r: &&Rejected| {
            let key = r.sql.split_once(" ON ").map_or(r.sql.as_str(), |(_, key)| key);
            format!("{} {}", visible(key), bytes(r.bytes))
        };
        let named: Vec<String> = group.iter().take(SHOWN).map(key).chain(more(group.len())).collect();
        let list = wrap::items(&named, style.width, "    ");
        out.extend(list.iter().map(|line| style.dim(line) + "\n"));
    }
    out
}

fn curve(d: &Report, style: Style) -> String {
    let points = phrases::curve(d);
    let optimum = phrases::optimum(d).map(|line| lines(&line, "  ", style)).unwrap_or_default();
    if points.len() < 2 {
        return optimum;
    }
    let heads = [
        Head::Right("indexes"),
        Head::Right("bytes"),
        Head::Right("a statement"),
        Head::Right("in total"),
        Head::Left(""),
    ];
    let row = |(p, chosen): (&Point, bool)| {
        vec![
            count(p.indexes.len() as u64),
            bytes(p.bytes),
            ratio(p.speedup_geomean),
            ratio(p.speedup_total),
            if chosen { "advised" } else { "" }.to_owned(),
        ]
    };
    let heading = "Price against cost (steps and pages): --thorough and --frugal choose others";
    let rows: Vec<_> = points.into_iter().map(row).collect();
    style.heading(heading) + &table(style, &heads, &rows, 0) + &optimum
}

fn skipped(d: &Report, style: Style) -> String {
    let all = &d.workload.skipped;
    if all.is_empty() {
        return String::new();
    }
    let mut out = style.heading(&format!("{} skipped", counted(all.len() as u64, "statement")));
    for s in all.iter().take(SHOWN) {
        let sql = style.dim(&brief(&s.sql, style.width.saturating_sub(6).max(20)));
        out.push_str(&lines(&phrases::skipped(s), "  ", style));
        out.push_str(&format!("    {sql}\n"));
    }
    if let Some(more) = more(all.len()) {
        out.push_str(&format!("  {more}\n"));
    }
    out
}

fn notes(d: &Report, style: Style) -> String {
    if d.notes.is_empty() {
        return String::new();
    }
    let notes = d.notes.iter().map(|note| lines(&visible(note), "  * ", style));
    style.heading("Notes") + &notes.collect::<String>()
}

/// The commands that come next.
fn next(d: &Report, style: Style) -> String {
    let mut out = style.heading("Next");
    for (command, what) in phrases::next(d) {
        out.push_str(&lines(&command, "  ", style));
        out.push_str(&lines(what, "      ", style));
    }
    out
}
