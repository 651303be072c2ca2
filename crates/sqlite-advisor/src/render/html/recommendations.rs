//! What to do, as cards.

use crate::model::counters::Counters;
use crate::model::report::{Help, Outcome, Recommendation, Report};
use crate::model::units::bytes;
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
    pub price: Option<String>,
}

pub(super) struct Helped {
    pub name: String,
    pub change: String,
    pub class: &'static str,
    pub sql: Option<String>,
    pub plans: Option<Plans>,
}

/// Two plans: each line with its indentation, and the work of the whole as the width of a bar.
pub(super) struct Plans {
    pub before: Vec<(usize, String)>,
    pub after: Vec<(usize, String)>,
    pub steps_before: String,
    pub steps_after: String,
    pub work_before: String,
    pub work_after: String,
}

pub(super) fn groups(d: &Report) -> Vec<GroupOf> {
    let mut groups: Vec<GroupOf> = vec![];
    for (number, r) in (1..).zip(&d.recommendations) {
        let heading = phrases::group(r.group());
        if groups.last().is_none_or(|group| group.heading != heading) {
            groups.push(GroupOf { heading, items: vec![] });
        }
        if let Some(group) = groups.last_mut() {
            group.items.push(item(number, r, d));
        }
    }
    groups
}

fn item(number: usize, r: &Recommendation, d: &Report) -> Item {
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
        price: phrases::price(r),
    }
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
        change: phrases::change(&help.before, &help.after).unwrap_or_else(|| "planned, not run".to_owned()),
        class: if help.after.cost() < help.before.cost() { "good" } else { "soft" },
        sql: statement.map(|s| visible_lines(&s.sql)),
        plans: outcome.filter(|o| o.before == help.before && o.after == help.after).map(plans),
    }
}

fn plans(o: &Outcome) -> Plans {
    let most = o.before.vm_steps.max(o.after.vm_steps).max(1) as f64;
    let share = |c: &Counters| format!("{:.2}", 100.0 * c.vm_steps as f64 / most);
    Plans {
        before: lines(&o.plan_before),
        after: lines(&o.plan_after),
        steps_before: phrases::steps(&o.before),
        steps_after: phrases::steps(&o.after),
        work_before: share(&o.before),
        work_after: share(&o.after),
    }
}

/// The lines of a plan, each with its depth.
fn lines(plan: &str) -> Vec<(usize, String)> {
    let depth = |line: &str| (line.len() - line.trim_start_matches(' ').len()) / 2;
    plan.lines().map(|line| (depth(line), visible(line.trim_start()))).collect()
}
