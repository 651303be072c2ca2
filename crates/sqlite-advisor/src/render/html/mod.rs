//! One page for a browser: no network, readable without script, in light and dark, on paper and on a phone.
//!
//! `templates/report.html` is checked when the crate is compiled, and escapes every text. What it shows is prepared in
//! `recommendations` and `statements`.

mod recommendations;
mod statements;

use crate::model::report::{Group, Report};
use crate::model::units::{bytes, count, ratio};
use crate::render::Renderer;
use crate::render::escape::visible;
use crate::render::phrases;
use askama::Template;
use std::io;

/// The page.
#[derive(Debug, Clone, Copy, Default)]
pub struct Html {
    rule: Option<RuleText>,
}

/// The text that describes a rule, as Markdown, by the rule's name.
pub type RuleText = fn(&str) -> Option<&'static str>;

impl Html {
    /// A page that also holds the texts of the rules that found something.
    pub fn with_rules(rule: RuleText) -> Self {
        Self { rule: Some(rule) }
    }
}

impl Renderer for Html {
    fn render(&self, report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
        Page::of(report, self.rule).write_into(out)
    }
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page {
    database: String,
    verdict: String,
    details: Vec<String>,
    way_back: Option<String>,
    next: Vec<(String, &'static str)>,
    rules: Vec<(String, String)>,
    bars: Vec<statements::Bar>,
    scale: (String, String),
    groups: Vec<recommendations::GroupOf>,
    statements: Vec<statements::Row>,
    tables: Vec<Table>,
    notes: Vec<String>,
    method: Vec<(&'static str, String)>,
}

/// A plain table; true marks a column of numbers.
struct Table {
    heading: String,
    about: Option<String>,
    heads: Vec<(&'static str, bool)>,
    rows: Vec<Vec<(String, bool)>>,
}

impl Page {
    fn of(d: &Report, rule: Option<RuleText>) -> Self {
        let rules = rules(d, rule);
        let (bars, scale) = statements::bars(d);
        Self {
            database: phrases::database(&d.database),
            verdict: phrases::verdict(d),
            details: phrases::details(d),
            way_back: d
                .recommendations
                .iter()
                .any(|r| r.group() == Group::DoNow)
                .then(|| phrases::way_back(d)),
            next: phrases::next(d),
            bars,
            scale,
            groups: recommendations::groups(d, &rules),
            rules,
            statements: statements::rows(d),
            tables: [existing(d), writes(d), rejected(d), curve(d), skipped(d)]
                .into_iter()
                .flatten()
                .collect(),
            notes: d.notes.iter().map(|note| visible(note)).chain(phrases::optimum(d)).collect(),
            method: method(d),
        }
    }
}

/// The rules that found something, each with its text.
fn rules(d: &Report, text: Option<RuleText>) -> Vec<(String, String)> {
    let mut names: Vec<&str> = d.recommendations.iter().filter_map(|r| r.common().rule.as_deref()).collect();
    names.sort_unstable();
    names.dedup();
    names.into_iter().filter_map(|name| Some((name.to_owned(), plain(text?(name)?)))).collect()
}

/// Markdown as plain paragraphs: without its heading, its marks and its links to files.
fn plain(markdown: &str) -> String {
    let lines = markdown.lines().filter(|line| !line.starts_with('#') && !line.contains("]("));
    let text: String = lines.map(|line| line.replace("**", "").replace('`', "") + "\n").collect();
    text.trim().to_owned()
}

/// A table of rows, none without them. `numbers` are the columns that stand at the right.
fn table(
    heading: String,
    about: Option<String>,
    heads: &[&'static str],
    numbers: &[usize],
    rows: Vec<Vec<String>>,
) -> Option<Table> {
    let marked = |(i, cell): (usize, String)| (cell, numbers.contains(&i));
    let rows: Vec<_> =
        rows.into_iter().map(|row| row.into_iter().enumerate().map(marked).collect()).collect();
    let heads = heads.iter().enumerate().map(|(i, head)| (*head, numbers.contains(&i))).collect();
    (!rows.is_empty()).then_some(Table { heading, about, heads, rows })
}

fn existing(d: &Report) -> Option<Table> {
    let rows = d.existing.iter().map(|index| {
        vec![
            visible(&index.name),
            visible(&index.table),
            bytes(index.bytes),
            index.verdict.word().to_owned(),
            count(index.statements.len() as u64),
            index.why.as_deref().map(visible).unwrap_or_default(),
        ]
    });
    let heads = ["index", "table", "bytes", "verdict", "read by", "why"];
    table(format!("Existing indexes: {}", phrases::existing(d)), None, &heads, &[2, 4], rows.collect())
}

fn writes(d: &Report) -> Option<Table> {
    let rows = d.writes.iter().map(|w| phrases::write_row(w).to_vec()).collect();
    let about = Some(phrases::ABOUT_WRITES.join(" "));
    let numbers: Vec<usize> = (1..phrases::WRITES.len()).collect();
    table("What writes cost".to_owned(), about, &phrases::WRITES, &numbers, rows)
}

fn rejected(d: &Report) -> Option<Table> {
    let row = |r: &crate::model::report::Rejected| {
        vec![visible(&r.sql), bytes(r.bytes), count(r.statements), phrases::why(&r.why)]
    };
    let heads = ["index", "bytes", "statements", "why not"];
    table("Rejected".to_owned(), None, &heads, &[1, 2], d.rejected.iter().map(row).collect())
}

fn curve(d: &Report) -> Option<Table> {
    let points = phrases::curve(d);
    let rows = points.iter().filter(|_| points.len() > 1).map(|(p, chosen)| {
        vec![
            count(p.indexes.len() as u64),
            bytes(p.bytes),
            ratio(p.speedup_geomean),
            ratio(p.speedup_total),
            if *chosen { "advised" } else { "" }.to_owned(),
        ]
    });
    let about =
        "How much less a statement costs on average, and all together, in steps and pages.".to_owned();
    let heads = ["indexes", "bytes", "a statement", "in total", "chosen"];
    table("Price against cost".to_owned(), Some(about), &heads, &[0, 1, 2, 3], rows.collect())
}

fn skipped(d: &Report) -> Option<Table> {
    let rows = d.workload.skipped.iter().map(|s| vec![phrases::skipped(s), visible(&s.sql)]);
    table("Skipped statements".to_owned(), None, &["why", "text"], &[], rows.collect())
}

fn method(d: &Report) -> Vec<(&'static str, String)> {
    let analyzed = if d.database.analyzed { "it had statistics" } else { "it had no statistics" };
    vec![
        (
            "database",
            format!(
                "{}; pages of {}, {analyzed}",
                phrases::database(&d.database),
                bytes(d.database.page_size)
            ),
        ),
        ("tool", format!("{} {}", visible(&d.tool.name), visible(&d.tool.version))),
        ("SQLite", visible(&d.sqlite.version)),
        ("compile options", visible(&d.sqlite.options.join(", "))),
        (
            "machine",
            format!(
                "{}, {}",
                visible(&d.machine.platform),
                phrases::counted_as(d.machine.cpus as u64, "processor", "processors")
            ),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_markup_stay_text() -> Result<(), Box<dyn std::error::Error>> {
        let mut saved = crate::render::json::read(include_str!("../../../tests/formats/library.json"))?;
        let hostile = "</pre><script>alert(1)</script>\"' onload=x \u{202e}";
        saved.database.path = hostile.to_owned();
        saved.notes = vec![hostile.to_owned()];
        for statement in &mut saved.workload.statements {
            statement.sql = hostile.to_owned();
        }
        for outcome in &mut saved.statements {
            outcome.plan_before = hostile.to_owned();
        }
        let page = Html::default().to_text(&saved)?;
        assert_eq!(page.matches("<script>").count(), 1);
        assert!(!page.contains("\" onload") && !page.contains('\u{202e}') && page.contains("alert(1)"));
        Ok(())
    }
}
