//! The finalists: candidates that the planner would use for some statement, alone or among others. They are found on an
//! empty clone; only they are built.

use crate::advise::candidates::{self, Candidate};
use crate::advise::filters::{self, Filter};
use crate::advise::lab::Set;
use crate::advise::probe::{Heard, Probe};
use crate::advise::selectivity::{Selectivity, Wanted};
use crate::advise::standing::droppable;
use crate::advise::subject::Subject;
use crate::advise::trial::Copy;
use crate::advise::whatif::WhatIf;
use crate::advise::{price, statistics};
use crate::database::session::Limit;
use crate::database::{Schema, Session, statistics as stored};
use crate::error::{Error, Result};
use crate::index::quote;
use crate::plan::Plan;
use crate::progress::Progress;
use crate::syntax;
use crate::workload::Statement;
use std::collections::{BTreeMap, BTreeSet};

/// The candidates worth building, and what is known of each.
pub struct Finalists {
    /// The candidates: first the new ones, then the indexes that the database could do without.
    pub candidates: Vec<Candidate>,
    /// The number of the first that the database has already.
    pub standing: usize,
    /// The share of its table's rows that each holds.
    pub shares: Vec<f64>,
    /// For each, the statements that would use it.
    pub fits: Vec<BTreeSet<usize>>,
    /// For each statement, the finalists that could change its plan.
    pub relevant: Vec<Set>,
}

impl Finalists {
    /// Probes, makes candidates, gathers statistics, and asks the planner which of them it would use.
    ///
    /// # Errors
    /// [`crate::Error::HostileSchema`] or [`crate::Error::Sqlite`] if the schema cannot be cloned,
    /// [`crate::Error::Interrupted`].
    pub fn find(subject: &Subject, progress: &dyn Progress) -> Result<Self> {
        let (schema, workload) = (&subject.schema, &subject.workload);
        let probe = Probe::new(schema, &workload.statements, &workload.stand_ins)?;
        let heard: Vec<Vec<Heard>> =
            workload.statements.iter().map(|s| heard_of(schema, &probe, s)).collect();
        let path = subject.snapshot.duplicate("analyzed.db")?;
        let analyzed = Copy::with(&path, &[], true, &workload.stand_ins, false, progress)?;
        let (all, own) = all_candidates(schema, analyzed.session(), &workload.statements, &heard)?;
        let gathered = statistics::gather(analyzed.session(), &all, progress)?;
        let known = stored::read(analyzed.session().connection())?;
        // Asking about an index that would hold its table over again costs a build and is never worth its bytes.
        let sizes = price::bytes_by_name(analyzed.session())?;
        let small = |i: &usize| !repeats_its_table(&all, &gathered, &sizes, *i);
        let own: Vec<Set> = own.iter().map(|own| own.iter().copied().filter(small).collect()).collect();
        let mut whatif = WhatIf::new(schema, &all, &[&known, &gathered.statistics], &workload.stand_ins)?;
        let fits = shortlist(&mut whatif, &workload.statements, &own, progress)?;
        let mut candidates: Vec<Candidate> = fits.keys().filter_map(|i| all.get(*i).cloned()).collect();
        let mut shares: Vec<f64> = fits.keys().map(|i| gathered.share(*i)).collect();
        let mut fits: Vec<_> = fits.into_values().collect();
        let standing = candidates.len();
        for candidate in droppable(subject) {
            fits.push(users(&subject.baseline.plans, &candidate.name));
            shares.push(1.0);
            candidates.push(candidate);
        }
        let relevant = relevant_to(subject, &heard, &candidates);
        drop(analyzed);
        std::fs::remove_file(&path).map_err(crate::Error::file("cannot remove", &path))?;
        Ok(Self { candidates, standing, shares, fits, relevant })
    }
}

impl Finalists {
    /// The candidates that are new.
    pub fn new_ones(&self) -> &[Candidate] {
        self.candidates.get(..self.standing).unwrap_or_default()
    }

    /// The numbers of those that the database has already.
    pub fn standing(&self) -> Set {
        (self.standing..self.candidates.len()).collect()
    }
}

/// The statements whose plans use an index.
fn users(plans: &[Vec<Plan>], index: &str) -> BTreeSet<usize> {
    let uses = |(_, plans): &(usize, &Vec<Plan>)| plans.iter().any(|p| p.uses(index));
    plans.iter().enumerate().filter(uses).map(|(i, _)| i).collect()
}

/// What is asked when a statement is planned, and when the triggers that it fires are.
fn heard_of(schema: &Schema, probe: &Probe, statement: &Statement) -> Vec<Heard> {
    let mut heard = probe.hear(&statement.sql);
    let Some(table) = syntax::written_table(&statement.sql) else { return heard };
    for trigger in schema.triggers.iter().filter(|t| t.table.eq_ignore_ascii_case(&table)) {
        heard.extend(syntax::trigger_statements(&trigger.sql).iter().flat_map(|sql| probe.hear(sql)));
    }
    heard
}

/// The candidates of all statements, named, and for each statement those of its own.
fn all_candidates(
    schema: &Schema,
    session: &Session,
    statements: &[Statement],
    heard: &[Vec<Heard>],
) -> Result<(Vec<Candidate>, Vec<Set>)> {
    let heard = without_failing(schema, session, heard)?;
    let filters: Vec<_> = statements.iter().map(|s| filters::of(schema, &s.sql)).collect();
    let wanted = wanted(&heard, &filters);
    let selectivity = Selectivity::sample(session, schema, &wanted)?;
    let each = heard.iter().zip(&filters);
    let each: Vec<_> = each.map(|(h, f)| candidates::candidates(schema, &selectivity, h, f)).collect();
    let all: BTreeSet<_> = each.iter().flatten().cloned().collect();
    let mut named: Vec<Candidate> = vec![];
    let mut taken = schema.names();
    for index in all {
        let name = index.name(|name| taken.contains(&name.to_lowercase()));
        taken.insert(name.to_lowercase());
        named.push(Candidate { name, index });
    }
    let numbers = |own: &BTreeSet<_>| {
        named.iter().enumerate().filter(|(_, c)| own.contains(&c.index)).map(|(i, _)| i).collect()
    };
    let relevant = each.iter().map(numbers).collect();
    Ok((named, relevant))
}

/// What must be sampled for the candidates.
fn wanted(heard: &[Vec<Heard>], filters: &[Vec<Filter>]) -> BTreeMap<String, Wanted> {
    let mut wanted: BTreeMap<String, Wanted> = BTreeMap::new();
    for (access, column) in heard
        .iter()
        .flatten()
        .flat_map(|h| h.access.constraints.iter().filter_map(|c| Some((&h.access, c.column.as_ref()?))))
    {
        let table = wanted.entry(access.table.clone()).or_default();
        table.columns.insert(column.clone());
        table.filters.insert(Filter::not_null(&access.table, column));
    }
    for filter in filters.iter().flatten() {
        let table = wanted.entry(filter.table.clone()).or_default();
        table.columns.insert(filter.column.clone());
        table.filters.insert(filter.clone());
    }
    wanted
}

/// Takes out what was heard of expressions that fail on some row, as `json(x)` does on a text that is no JSON.
fn without_failing(schema: &Schema, session: &Session, heard: &[Vec<Heard>]) -> Result<Vec<Vec<Heard>>> {
    let computed = |h: &Heard| -> Vec<(String, String)> {
        let Some(table) = schema.table(&h.access.table) else { return vec![] };
        let names = h.access.named().filter(|name| table.column(name).is_none());
        names.map(|name| (table.name.clone(), name.to_owned())).collect()
    };
    let all: BTreeSet<_> = heard.iter().flatten().flat_map(computed).collect();
    let mut failing = BTreeSet::new();
    for (table, expression) in all {
        let sql = format!("SELECT count({expression}) FROM {}", quote(&table));
        match session.run(&sql, &[], Limit::NONE) {
            Err(Error::Interrupted) => return Err(Error::Interrupted),
            Err(_) => drop(failing.insert((table, expression))),
            Ok(_) => {}
        }
    }
    let works = |h: &&Heard| computed(h).iter().all(|c| !failing.contains(c));
    Ok(heard.iter().map(|all| all.iter().filter(works).cloned().collect()).collect())
}

/// True for an index with wide entries that is most of the size of its table.
fn repeats_its_table(
    all: &[Candidate],
    gathered: &statistics::Gathered,
    sizes: &BTreeMap<String, u64>,
    candidate: usize,
) -> bool {
    let (Some(c), Some(bytes)) = (all.get(candidate), gathered.bytes.get(candidate)) else { return false };
    let table = sizes.get(&c.index.table).copied().unwrap_or(u64::MAX);
    let entry = gathered.entry_bytes(candidate);
    c.index.key.len() >= WIDE_KEY && entry > WIDE_ENTRY && *bytes as f64 > table as f64 * MOST_OF_A_TABLE
}

/// Terms of a key from which on it may be there to cover rather than to search.
const WIDE_KEY: usize = 2;
/// Bytes of an entry from which on an index is wide.
const WIDE_ENTRY: u64 = 48;
/// The share of its table's bytes that a wide index may have.
const MOST_OF_A_TABLE: f64 = 0.6;

/// How often the planner is asked again without what it chose before.
const ROUNDS: usize = 3;
/// The widest key that is asked about alone. A wide one that is worth building shows up in the rounds.
const ALONE: usize = 2;

/// The finalists, each with the statements that would use it.
pub type Fits = BTreeMap<usize, BTreeSet<usize>>;

/// Asks about every statement with all of its candidates, again without those chosen, and with each narrow one alone.
///
/// `relevant` holds the candidates of each statement.
///
/// # Errors
/// Those of [`WhatIf::used`].
pub fn shortlist(
    whatif: &mut WhatIf<'_>,
    statements: &[Statement],
    relevant: &[Set],
    progress: &dyn Progress,
) -> Result<Fits> {
    let mut fits = Fits::new();
    progress.start("Asking the planner", Some(statements.len() as u64));
    for (i, (statement, candidates)) in statements.iter().zip(relevant).enumerate() {
        progress.check()?;
        let mut left = candidates.clone();
        let mut useful = Set::new();
        for _ in 0..ROUNDS {
            let used = whatif.used(statement, &left)?;
            if used.is_empty() {
                break;
            }
            left = left.difference(&used).copied().collect();
            useful.extend(used);
        }
        let narrow: Vec<usize> =
            candidates.iter().copied().filter(|one| whatif.width(*one) <= ALONE).collect();
        for one in narrow {
            useful.extend(whatif.used(statement, &Set::from([one]))?);
        }
        for one in useful {
            fits.entry(one).or_default().insert(i);
        }
        progress.advance(i as u64 + 1);
    }
    progress.finish();
    Ok(fits)
}

/// The finalists that could change a statement's plan or price: those of the tables that it reads or writes. What triggers
/// and enforced foreign keys do to other tables is not in its text, so a write may then be touched by any.
fn relevant_to(subject: &Subject, heard: &[Vec<Heard>], finalists: &[Candidate]) -> Vec<Set> {
    let far_reaching = subject.request.foreign_keys || !subject.schema.triggers.is_empty();
    let of = |statement: &Statement, heard: &Vec<Heard>| -> Set {
        let mut tables: BTreeSet<String> = heard.iter().map(|h| h.access.table.to_lowercase()).collect();
        tables.extend(syntax::written_table(&statement.sql).map(|t| t.to_lowercase()));
        let any = tables.is_empty() || (statement.writes && far_reaching);
        let touches = |c: &Candidate| any || tables.contains(&c.index.table.to_lowercase());
        finalists.iter().enumerate().filter(|(_, c)| touches(c)).map(|(i, _)| i).collect()
    };
    subject.workload.statements.iter().zip(heard).map(|(s, h)| of(s, h)).collect()
}
