//! What to do, as cards.

use crate::model::counters::Counters;
use crate::model::index::quote;
use crate::model::report::{Help, Outcome, Recommendation, Report};
use crate::model::units::{bytes, count};
use crate::render::escape::{visible, visible_lines};
use crate::render::phrases;

/// How many statements of a card are shown with their plans.
const IN_FULL: usize = 3;

pub(super) struct GroupOf {
    pub heading: &'static str,
    pub items: Vec<Item>,
}

pub(super) struct Item {
    pub number: usize,
    pub title: String,
    pub sql: Vec<String>,
    pub reason: Option<String>,
    pub remarks: Vec<String>,
    pub helps: Vec<Helped>,
    pub more: Option<String>,
    pub rule: Option<String>,
    pub price: Option<String>,
    pub prices: Vec<Price>,
    pub undo: Option<String>,
}

/// What is paid, as two bars: without and with. Widths are percents.
pub(super) struct Price {
    pub name: String,
    pub before: (String, String),
    pub after: (String, String),
    pub told: String,
}

pub(super) struct Helped {
    pub name: String,
    pub change: String,
    pub class: &'static str,
    pub sql: Option<String>,
    pub plans: Vec<Plan>,

    pub rows: &'static str,
}

/// A plan drawn as a tree, with the work of the whole.
pub(super) struct Plan {
    pub when: &'static str,
    pub lines: Vec<Line>,
    pub work: Vec<Work>,
}

/// A step: how deep it stands, whether it is a quick or a slow one, and its words.
pub(super) struct Line {
    pub depth: usize,
    pub class: &'static str,
    pub text: String,
}

/// A counter, with its share of the larger of the two sides in percent.
pub(super) struct Work {
    pub name: &'static str,
    pub class: &'static str,
    pub text: String,
    pub width: String,
}

pub(super) fn groups(d: &Report, rules: &[(String, String)]) -> Vec<GroupOf> {
    let mut groups: Vec<GroupOf> = vec![];
    for (number, r) in (1..).zip(&d.recommendations) {
        let heading = phrases::group(r.group());
        if groups.last().is_none_or(|group| group.heading != heading) {
            groups.push(GroupOf { heading, items: vec![] });
        }
        if let Some(group) = groups.last_mut() {
            group.items.push(item(number, r, d, rules));
        }
    }
    groups
}

fn item(number: usize, r: &Recommendation, d: &Report, rules: &[(String, String)]) -> Item {
    let needs = r.proposal().map(|p| p.needs.as_slice()).unwrap_or_default();
    let mut helps: Vec<&Help> = r.common().helps.iter().collect();
    helps.sort_by_key(|h| std::cmp::Reverse(h.before.vm_steps.saturating_sub(h.after.vm_steps)));
    // Which statements a new index serves is shown below it.
    let reason = helps.is_empty() || !matches!(r, Recommendation::CreateIndex(_));
    let left = helps.len().saturating_sub(IN_FULL);
    let names: Vec<String> = helps.iter().skip(IN_FULL).map(|h| visible(&h.statement)).collect();
    Item {
        number,
        title: title(r),
        sql: needs.iter().map(String::as_str).chain(r.sql()).map(visible_lines).collect(),
        reason: reason.then(|| visible(&r.common().reason)),
        remarks: [phrases::remedy(r), phrases::verification(r)]
            .into_iter()
            .flatten()
            .map(|t| visible(&t))
            .collect(),
        helps: helps.iter().take(IN_FULL).map(|help| helped(help, d)).collect(),
        more: (left > 0).then(|| format!("Also: {}", names.join(", "))),
        rule: r.common().rule.clone().filter(|rule| rules.iter().any(|(name, _)| name == rule)),
        price: phrases::price(r),
        prices: prices(r, d),
        undo: undo(r),
    }
}

/// The statement that takes one piece of advice back; `undo` does it for all of them.
fn undo(r: &Recommendation) -> Option<String> {
    match r {
        Recommendation::CreateIndex(c) => Some(format!("DROP INDEX {}", quote(&visible(&c.index.name)))),
        _ => None,
    }
}

/// The bytes of an index beside those of the database, and what an insert costs without and with it.
fn prices(r: &Recommendation, d: &Report) -> Vec<Price> {
    let Recommendation::CreateIndex(create) = r else { return vec![] };
    let price = |name: String, [one, two]: [u64; 2], unit: fn(u64) -> String| {
        let most = one.max(two).max(1) as f64;
        let width = |n: u64| format!("{:.1}", 100.0 * n as f64 / most);
        let told = format!("{name}: {} without, {} with", unit(one), unit(two));
        Price { name, before: (unit(one), width(one)), after: (unit(two), width(two)), told }
    };
    let size = d.database.bytes;
    let mut all = vec![price("bytes of the database".to_owned(), [size, size + create.index.bytes], bytes)];
    if let Some(cost) = &create.index.write_cost {
        let row = |c: &Counters| c.vm_steps / cost.rows.max(1);
        let name = format!("VM steps of an insert into {}", visible(&cost.table));
        all.push(price(name, [row(&cost.before), row(&cost.after)], count));
    }
    all
}

fn title(r: &Recommendation) -> String {
    match r {
        Recommendation::CreateIndex(c) => {
            format!("Add an index to {}, {}", visible(&c.index.table), bytes(c.index.bytes))
        }
        Recommendation::DropIndex(c) => {
            format!("Drop an index of {}, {}", visible(&c.index.table), bytes(c.index.bytes))
        }
        Recommendation::Analyze(_) => "Gather statistics".to_owned(),
        Recommendation::Rewrite(_) => "Write a statement in another way".to_owned(),
        Recommendation::Schema(_) => "Change the schema".to_owned(),
    }
}

fn helped(help: &Help, d: &Report) -> Helped {
    let statement = d.workload.statements.iter().find(|s| s.id == help.statement);
    let outcome = d.statements.iter().find(|o| o.id == help.statement);
    Helped {
        name: visible(&help.statement),
        change: phrases::help_change(help).unwrap_or_else(|| "planned, not run".to_owned()),
        class: if help.after.cost() < help.before.cost() { "good" } else { "soft" },
        sql: statement.map(|s| visible_lines(&s.sql)),
        plans: outcome
            .filter(|o| o.before == help.before && o.after == help.after)
            .map(plans)
            .unwrap_or_default(),
        rows: outcome.map_or("-", |o| phrases::rows(o.same_rows)),
    }
}

/// A counter under its name.
type Counted = (&'static str, fn(&Counters) -> u64);

/// Both plans, side by side.
fn plans(o: &Outcome) -> Vec<Plan> {
    let counters: [Counted; 4] = [
        ("VM steps", |c| c.vm_steps),
        ("pages", |c| c.pages),
        ("rows scanned", |c| c.full_scan_steps),
        ("rows into an automatic index", |c| c.automatic_index_rows),
    ];
    let told = counters.into_iter().filter(|(_, of)| of(&o.before) > 0 || of(&o.after) > 0);
    let work = |side: &Counters| {
        let bar = |(name, of): Counted| {
            let most = of(&o.before).max(of(&o.after)).max(1) as f64;
            let bound = if side.timed_out { ">" } else { "" };
            let text = format!("{bound}{}", count(of(side)));
            let less = of(&o.before).min(of(&o.after));
            let class = match (of(side) == less, of(side) as f64 == most) {
                (true, true) => "even",
                (true, false) => "less",
                (false, _) => "more",
            };
            Work { name, class, text, width: format!("{:.2}", 100.0 * of(side) as f64 / most) }
        };
        told.clone().map(bar).collect()
    };
    vec![
        Plan { when: "Before", lines: lines(&o.plan_before), work: work(&o.before) },
        Plan { when: "After", lines: lines(&o.plan_after), work: work(&o.after) },
    ]
}

/// The lines of a plan. What reads every row, sorts, or builds an index for the run is slow; a search is quick.
fn lines(plan: &str) -> Vec<Line> {
    let class = |text: &str| match text {
        t if t.contains(" AUTOMATIC ") || t.starts_with("USE TEMP B-TREE") => "slow",
        t if t.starts_with("SCAN ") && !t.contains(" USING ") => "slow",
        t if t.starts_with("SEARCH ") => "quick",
        _ => "",
    };
    let line = |line: &str| {
        let text = line.trim_start_matches(' ');
        Line { depth: (line.len() - text.len()) / 2, class: class(text), text: visible(text) }
    };
    plan.lines().map(line).collect()
}
