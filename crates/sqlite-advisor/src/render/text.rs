//! The report for a terminal: advice first, then the statements, what was not advised, the choice, and what to know.

use crate::model::report::{Group, Help, JudgedIndex, Outcome, Point, Recommendation, Report};
use crate::model::units::{bytes, count, ratio};
use crate::render::escape::{brief, visible};
use crate::render::phrases::{self, SHOWN, counted, more};
use crate::render::style::Style;
use crate::render::table::{Head, table};

/// The most rows of the table of statements; those that cost most are shown.
const ROWS: usize = 100;

/// The whole report.
pub fn write(document: &Report, look: Style) -> String {
    let sections = [
        what_to_do(&document.recommendations, look),
        findings(&document.recommendations, look),
        standing(document, look),
        writes(document, look),
        statements(document, look),
        rejected(document, look),
        curve(document, look),
        skipped(document, look),
        notes(document, look),
    ];
    let mut out = format!("{}\n", phrases::database(&document.database));
    for line in phrases::summary(document) {
        out.push_str(&format!("{}\n", look.bold(&line)));
    }
    for section in sections.iter().filter(|s| !s.is_empty()) {
        out.push('\n');
        out.push_str(section);
    }
    out
}

pub(super) fn what_to_do(advice: &[Recommendation], look: Style) -> String {
    let applied = advice.iter().filter(|a| a.group() != Group::WorthALook);
    let items: String = (1..).zip(applied).map(|(n, a)| one_advice(n, a, look)).collect();
    if items.is_empty() { items } else { look.heading("What to do") + &items }
}

pub(super) fn findings(advice: &[Recommendation], look: Style) -> String {
    let mut out = String::new();
    for (n, a) in (1..).zip(phrases::findings(advice)) {
        out.push_str(&format!("{n:>3}. {}\n", look.bold(&visible(&a.common().reason))));
        for (word, sql) in phrases::steps_of(a) {
            out.push_str(&format!("     {word:<6} {};\n", visible(&sql)));
        }
        for help in &a.common().helps {
            let change = phrases::change_of_steps(&help.before, &help.after);
            out.push_str(&format!("       {}  {change}\n", brief(&help.statement, phrases::NAME)));
        }
        let price = phrases::price(a).map(|price| format!("takes {price}"));
        let remarks = [phrases::remedy(a), phrases::evidence(a), price];
        for remark in remarks.into_iter().flatten() {
            out.push_str(&format!("     {}\n", look.dim(&visible(&remark))));
        }
    }
    if out.is_empty() {
        return out;
    }
    look.heading("What else could change: for you to weigh, apply leaves it alone") + &out
}

fn one_advice(n: usize, a: &Recommendation, look: Style) -> String {
    let mut out = format!("{n:>3}. {}\n", look.bold(&format!("{};", visible(a.sql().unwrap_or_default()))));
    out.push_str(&format!("     {}\n", visible(&a.common().reason)));
    for remark in [phrases::remedy(a), phrases::evidence(a)].into_iter().flatten() {
        out.push_str(&format!("     {}\n", look.dim(&visible(&remark))));
    }
    // That nothing changes is what is wanted of an index that goes, and needs no line.
    let is_told =
        |h: &&Help| !matches!(a, Recommendation::DropIndex(_)) || h.before.vm_steps != h.after.vm_steps;
    let mut helps: Vec<_> = a.common().helps.iter().filter(is_told).collect();
    helps.sort_by_key(|h| std::cmp::Reverse(h.before.vm_steps.saturating_sub(h.after.vm_steps)));
    let widest = helps
        .iter()
        .take(SHOWN)
        .map(|h| brief(&h.statement, phrases::NAME).chars().count())
        .max()
        .unwrap_or(0);
    for help in helps.iter().take(SHOWN) {
        out.push_str(&format!(
            "       {:widest$}  {}\n",
            brief(&help.statement, phrases::NAME),
            phrases::change_of_steps(&help.before, &help.after),
        ));
    }
    if let Some(more) = more(helps.len()) {
        out.push_str(&format!("       {more}\n"));
    }
    if let Some(price) = phrases::price(a) {
        out.push_str(&format!("     {}\n", look.dim(&price)));
    }
    out
}

fn standing(d: &Report, look: Style) -> String {
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
    look.heading(&format!("Existing indexes: {}", phrases::standing(d)))
        + &table(look, &heads, &d.existing.iter().map(row).collect::<Vec<_>>())
}

fn writes(d: &Report, look: Style) -> String {
    if d.writes.is_empty() {
        return String::new();
    }
    let [table_head, others @ ..] = phrases::WRITES;
    let heads: Vec<Head> = [Head::Left(table_head)].into_iter().chain(others.map(Head::Right)).collect();
    let rows: Vec<Vec<String>> = d.writes.iter().map(|w| phrases::write_row(w).to_vec()).collect();
    look.heading("What writes cost")
        + &table(look, &heads, &rows)
        + &phrases::ABOUT_WRITES.map(|line| format!("  {}\n", look.dim(line))).concat()
}

fn statements(d: &Report, look: Style) -> String {
    let weight = |o: &Outcome| {
        d.workload.statements.iter().find(|s| s.id == o.id).map_or(1.0, |s| s.weight) * o.before.cost()
    };
    let mut shown: Vec<(usize, &Outcome)> = d.statements.iter().enumerate().collect();
    if shown.len() > ROWS {
        shown.sort_by(|a, b| weight(b.1).total_cmp(&weight(a.1)));
        shown.truncate(ROWS);
        shown.sort_by_key(|(i, _)| *i);
    }
    if shown.is_empty() {
        return String::new();
    }
    // The times, which do not repeat, are what a narrow terminal does without.
    let heads = [
        Head::Left("statement"),
        Head::Right("VM steps"),
        Head::Right("after"),
        Head::Right("ratio"),
        Head::Left("verdict"),
        Head::Left("rows"),
        Head::Right("time"),
        Head::Right("after"),
        Head::Right("ratio"),
    ];
    let row = |(_, o): &(usize, &Outcome)| {
        vec![
            brief(&o.id, phrases::NAME),
            phrases::steps(&o.before),
            phrases::steps(&o.after),
            phrases::fewer_steps(&o.before, &o.after),
            o.verdict.to_string(),
            phrases::rows(o.same_rows).to_owned(),
            phrases::time(&o.before),
            phrases::time(&o.after),
            phrases::less_time(&o.before, &o.after),
        ]
    };
    let mut out = look.heading("The statements, before and after")
        + &table(look, &heads, &shown.iter().map(row).collect::<Vec<_>>());
    if d.statements.len() > ROWS {
        let left = count((d.statements.len() - ROWS) as u64);
        out.push_str(&format!("  and {left} that cost less; --format json lists all\n"));
    }
    out
}

fn rejected(d: &Report, look: Style) -> String {
    if d.rejected.is_empty() {
        return String::new();
    }
    let mut out = look.heading("What is not advised");
    let mut last = None;
    for r in d.rejected.iter().take(SHOWN) {
        if last.replace(&r.why) != Some(&r.why) {
            out.push_str(&format!("  {}\n", phrases::why(&r.why)));
        }
        out.push_str(&format!("    {} ({})\n", visible(&r.sql), bytes(r.bytes)));
    }
    if let Some(more) = more(d.rejected.len()) {
        out.push_str(&format!("    {more}\n"));
    }
    out
}

fn curve(d: &Report, look: Style) -> String {
    let points = phrases::curve(d);
    let optimum = phrases::optimum(d).map(|line| format!("  {line}\n")).unwrap_or_default();
    if points.len() < 2 {
        return optimum;
    }
    let heads = [
        Head::Right("indexes"),
        Head::Right("bytes"),
        Head::Right("geometric mean"),
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
    look.heading("Speed against price: --thorough and --frugal choose other sets")
        + &table(look, &heads, &points.into_iter().map(row).collect::<Vec<_>>())
        + &optimum
}

fn skipped(d: &Report, look: Style) -> String {
    let all = &d.workload.skipped;
    if all.is_empty() {
        return String::new();
    }
    let mut out = look.heading(&format!("{} skipped", counted(all.len() as u64, "statement")));
    for s in all.iter().take(SHOWN) {
        let sql = look.dim(&brief(&s.sql, look.width.saturating_sub(6).max(20)));
        out.push_str(&format!("  {}\n    {sql}\n", phrases::skipped(s)));
    }
    if let Some(more) = more(all.len()) {
        out.push_str(&format!("  {more}\n"));
    }
    out
}

fn notes(d: &Report, look: Style) -> String {
    if d.notes.is_empty() {
        return String::new();
    }
    let lines = d.notes.iter().map(|note| format!("  {}\n", visible(note)));
    look.heading("Notes") + &lines.collect::<String>()
}
