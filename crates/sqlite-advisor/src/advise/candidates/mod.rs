//! The finalists: candidates that the planner would use for some statement, alone or among others. They are found on an
//! empty clone; only they are built.

pub mod existing;
pub mod shapes;
pub mod what_if;

use crate::advise::candidates::existing::{droppable, repeated_by};
use crate::advise::candidates::what_if::WhatIf;
use crate::advise::prepare::Prepared;
use crate::advise::prepare::probe::IndexRequest;
use crate::advise::prepare::profile::Profile;
use crate::advise::verify::comparison::WorkingCopy;
use crate::error::Result;
use crate::model::plan::Plan;
use crate::progress::Progress;
use crate::sql::syntax;
use crate::sqlite::schema::ExistingIndex;
use crate::sqlite::{Schema, Session, statistics as stored};
use crate::workload::Statement;
use shapes::{Candidate, Set};
use std::collections::{BTreeMap, BTreeSet};

/// The database as it is looked at: as it was found, or as it would be with a choice.
pub struct Catalog<'v> {
    /// Its schema.
    pub schema: &'v Schema,
    /// A copy of it with its statistics.
    pub session: &'v Session,
    /// The plans of each statement.
    pub plans: &'v [Vec<Plan>],
}

impl<'v> Catalog<'v> {
    /// The database as it was found; `analyzed` is a copy of it with statistics.
    pub fn found(prepared: &'v Prepared, analyzed: &'v WorkingCopy) -> Self {
        Self { schema: &prepared.schema, session: analyzed.session(), plans: &prepared.baseline.plans }
    }
}

/// The candidates worth building, and what is known of each.
#[derive(Default)]
pub struct Candidates {
    /// The candidates by number: those of the looks before this one, which are built already, then what is new.
    pub candidates: Vec<Candidate>,
    /// Those that this look can choose.
    pub open: Set,
    /// Those of them that the database has already.
    pub standing: Set,
    /// Those of the standing that an index repeats which cannot go.
    pub repeated: Set,
    /// The share of its table's rows that each holds.
    pub shares: Vec<f64>,
    /// For each, the statements that would use it.
    pub fits: Vec<BTreeSet<usize>>,
    /// For each statement, the candidates that could change its plan.
    pub relevant: Vec<Set>,
}

impl Candidates {
    /// Makes candidates, gathers statistics of them, and asks the planner which of them it would use. `built` are the
    /// candidates of the looks before this one; they keep their numbers and names.
    ///
    /// # Errors
    /// [`crate::Error::HostileSchema`] or [`crate::Error::Sqlite`] if the schema cannot be cloned,
    /// [`crate::Error::Interrupted`].
    pub fn find(
        prepared: &Prepared,
        view: &Catalog<'_>,
        profile: &mut Profile,
        built: &[Candidate],
        progress: &dyn Progress,
    ) -> Result<Self> {
        let (schema, statements) = (view.schema, &prepared.workload.statements);
        let (all, own) = all_candidates(schema, profile, built);
        profile.gather(view.session, &all, progress)?;
        let statistics = profile.gathered.statistics(&all);
        let known = stored::read(view.session.connection())?;
        let share = |c: Candidate| (known.share(&c.index.table, &c.name), c);
        let standing: Vec<(f64, Candidate)> = droppable(prepared, schema).into_iter().map(share).collect();
        let known = known.of_indexes(&schema.names());
        // Asking about an index that would hold its table over again costs a build and is never worth its bytes.
        let small = |i: &usize| all.get(*i).is_some_and(|c| !repeats_its_table(c, profile));
        let own: Vec<Set> = own.iter().map(|own| own.iter().copied().filter(small).collect()).collect();
        let (stand_ins, enforced) = (&prepared.workload.stand_ins, prepared.request.foreign_keys);
        let mut whatif = WhatIf::new(schema, &all, &[&known, &statistics], stand_ins, enforced)?;
        let fits = shortlist(&mut whatif, statements, &own, progress)?;
        let mut found = Self::default();
        for candidate in built {
            found.number(candidate);
        }
        for (i, fits) in fits {
            let Some(candidate) = all.get(i) else { continue };
            found.open(candidate, profile.gathered.share(&candidate.index), fits);
        }
        for (share, candidate) in standing {
            let number = found.open(&candidate, share, users(view.plans, &candidate.name));
            found.standing.insert(number);
        }
        found.repeated = found.repeated(schema);
        found.relevant = relevant_to(prepared, &profile.requests, &found.candidates);
        Ok(found)
    }

    /// The candidates that are new.
    pub fn new_ones(&self) -> impl Iterator<Item = (usize, &Candidate)> {
        self.candidates.iter().enumerate().filter(|(i, _)| !self.standing.contains(i))
    }

    /// What this look and the ones before it found together, of the database as it was found.
    pub fn joined(self, before: Self, found: &Schema) -> Self {
        let stands = |c: &Candidate| found.indexes.iter().any(|index| index.name == c.name);
        let standing =
            self.candidates.iter().enumerate().filter(|(_, c)| stands(c)).map(|(i, _)| i).collect();
        let fits =
            self.fits.into_iter().zip(before.fits.into_iter().chain(std::iter::repeat(BTreeSet::new())));
        let fits = fits.map(|(now, before)| if before.is_empty() { now } else { before }).collect();
        Self { open: &self.open | &before.open, standing, fits, ..self }
    }

    fn repeated(&self, schema: &Schema) -> Set {
        let named = |i: &usize| self.candidates.get(*i).map(|c| c.name.as_str());
        let stays = |other: &ExistingIndex| !self.open.iter().filter_map(named).any(|n| n == other.name);
        let is_repeated =
            |i: &&usize| named(i).is_some_and(|name| repeated_by(schema, name, stays).is_some());
        self.standing.iter().filter(is_repeated).copied().collect()
    }

    fn open(&mut self, candidate: &Candidate, share: f64, fits: BTreeSet<usize>) -> usize {
        let number = self.number(candidate);
        self.open.insert(number);
        if let (Some(s), Some(f)) = (self.shares.get_mut(number), self.fits.get_mut(number)) {
            (*s, *f) = (share, fits);
        }
        number
    }

    /// The number of a candidate, by its name; the next one if it has none.
    fn number(&mut self, candidate: &Candidate) -> usize {
        let known = self.candidates.iter().position(|c| c.name == candidate.name);
        known.unwrap_or_else(|| {
            self.candidates.push(candidate.clone());
            self.shares.push(1.0);
            self.fits.push(BTreeSet::new());
            self.candidates.len() - 1
        })
    }
}

/// The statements whose plans use an index.
fn users(plans: &[Vec<Plan>], index: &str) -> BTreeSet<usize> {
    let uses = |(_, plans): &(usize, &Vec<Plan>)| plans.iter().any(|p| p.uses(index));
    plans.iter().enumerate().filter(uses).map(|(i, _)| i).collect()
}

/// The candidates of all statements, named, and for each statement those of its own. What is built keeps its name.
fn all_candidates(schema: &Schema, profile: &Profile, built: &[Candidate]) -> (Vec<Candidate>, Vec<Set>) {
    let each = profile.requests.iter().zip(&profile.filters);
    let each: Vec<_> = each.map(|(h, f)| shapes::candidates(schema, &profile.selectivity, h, f)).collect();
    let all: BTreeSet<_> = each.iter().flatten().cloned().collect();
    let mut named: Vec<Candidate> = vec![];
    let mut taken = schema.names();
    taken.extend(built.iter().map(|c| c.name.to_lowercase()));
    for index in all {
        let same = built.iter().find(|c| c.index == index).map(|c| c.name.clone());
        let name = same.unwrap_or_else(|| index.name(|name| taken.contains(&name.to_lowercase())));
        taken.insert(name.to_lowercase());
        named.push(Candidate { name, index });
    }
    let numbers = |own: &BTreeSet<_>| {
        named.iter().enumerate().filter(|(_, c)| own.contains(&c.index)).map(|(i, _)| i).collect()
    };
    let relevant = each.iter().map(numbers).collect();
    (named, relevant)
}

/// True for an index with wide entries that is most of the size of its table.
fn repeats_its_table(candidate: &Candidate, profile: &Profile) -> bool {
    let index = &candidate.index;
    let Some(found) = profile.gathered.get(index) else { return false };
    let table = profile.sizes.get(&index.table).copied().unwrap_or(u64::MAX);
    let wide = index.key.len() >= WIDE_KEY && found.entry_bytes() > WIDE_ENTRY;
    wide && found.bytes as f64 > table as f64 * MOST_OF_A_TABLE
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
fn relevant_to(prepared: &Prepared, requests: &[Vec<IndexRequest>], candidates: &[Candidate]) -> Vec<Set> {
    let far_reaching = prepared.request.foreign_keys || !prepared.schema.triggers.is_empty();
    let of = |statement: &Statement, requests: &Vec<IndexRequest>| -> Set {
        let mut tables: BTreeSet<String> = requests.iter().map(|h| h.access.table.to_lowercase()).collect();
        tables.extend(syntax::written_table(&statement.sql).map(|t| t.to_lowercase()));
        let any = tables.is_empty() || (statement.writes && far_reaching);
        let touches = |c: &Candidate| any || tables.contains(&c.index.table.to_lowercase());
        candidates.iter().enumerate().filter(|(_, c)| touches(c)).map(|(i, _)| i).collect()
    };
    prepared.workload.statements.iter().zip(requests).map(|(s, h)| of(s, h)).collect()
}
