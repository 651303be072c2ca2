//! The candidates: indexes that the planner would use for some statement, alone or among others, and the existing ones that
//! could go. They are found on empty clones; nothing is built yet.

pub mod existing;
pub mod shapes;
pub mod what_if;

use crate::advise::prepare::Prepared;
use crate::advise::prepare::profile::Profile;
use crate::advise::select::Alternatives;
use crate::advise::select::measured::KnownStatistics;
use crate::cancel::is_past;
use crate::error::Result;
use crate::model::candidate::Candidate;
use crate::model::configuration::{Configuration, StatisticsAction, StatisticsKind};
use crate::model::ids::{Id, IdVec, IndexId, IndexSet, QueryId, QuerySet};
use crate::model::index::Index;
use crate::model::plan::Plan;
use crate::progress::Progress;
use crate::sql::syntax;
use crate::sqlite::schema::ExistingIndex;
use crate::sqlite::{Schema, Session, statistics};
use crate::workload::Statement;
use crate::workload::touched::planned_with;
use existing::{droppable, repeated_by};
use std::collections::BTreeSet;
use std::time::Instant;
use what_if::WhatIf;

/// The database as candidates are looked for: as it was found, or as it would be with a configuration.
pub struct Catalog<'c> {
    /// Its schema.
    pub schema: &'c Schema,
    /// The plans of each statement.
    pub plans: &'c [Vec<Plan>],
    /// A copy after ANALYZE, to be scanned.
    pub analyzed: &'c Session,
}

impl<'c> Catalog<'c> {
    /// The database as it was found; `analyzed` is a copy of it with statistics.
    pub fn found(prepared: &'c Prepared, analyzed: &'c Session) -> Self {
        Self { schema: &prepared.schema, plans: &prepared.baseline.plans, analyzed }
    }
}

/// The candidates and what is known of each.
#[derive(Debug, Clone, Default)]
pub struct Candidates {
    /// All, the existing ones first.
    pub all: IdVec<IndexId, Candidate>,
    /// For each query, the candidates that could change its plan.
    pub relevant: IdVec<QueryId, IndexSet>,
    /// For each query, the sets of new indexes that its plan would use together.
    pub alternatives: Alternatives,
    /// The statistics of each kind, of the tables, the existing indexes and the candidates.
    pub statistics: KnownStatistics,
    /// What is taken to be done to the statistics already; only where a choice is looked at as if it had been followed.
    pub followed: Option<StatisticsAction>,
}

impl Candidates {
    /// Makes candidates, gathers statistics of them, and asks the planner which of them it would use. Those of an earlier
    /// look keep their ids and names.
    ///
    /// # Errors
    /// [`crate::Error::HostileSchema`] or [`crate::Error::Sqlite`] if the schema cannot be cloned,
    /// [`crate::Error::Interrupted`].
    pub fn find(
        prepared: &Prepared,
        catalog: &Catalog<'_>,
        profile: &mut Profile,
        earlier: &Self,
        progress: &dyn Progress,
    ) -> Result<Self> {
        let statements = &prepared.workload.statements;
        let mut all = earlier.all.clone();
        if all.is_empty() {
            all = existing_ones(prepared, catalog);
        }
        let known = all.len();
        let own = with_shapes(&mut all, prepared, catalog, profile);
        let new: Vec<Candidate> = all.iter().skip(known).cloned().collect();
        profile.gather(catalog.analyzed, &new, prepared.candidates_deadline(), progress)?;
        let page = prepared.database.page_size;
        for candidate in all.ids().skip(known).collect::<Vec<_>>() {
            let index = all[candidate].index.clone();
            all[candidate].share = profile.gathered.share(&index);
            all[candidate].bytes =
                profile.gathered.get(&index).map_or(0, |found| in_pages(found.bytes, page));
        }
        let kinds = statistics_of(prepared, catalog, profile, &all)?;
        // Asking about an index that would hold its table over again costs a build and is never worth its bytes.
        let small = |i: &IndexId| all[*i].existing || !repeats_its_table(&all[*i], profile);
        let own: Vec<IndexSet> = own.iter().map(|own| own.iter().copied().filter(small).collect()).collect();
        let costs = prepared.baseline.measured.iter().map(|m| m.counters.vm_steps);
        let worth_asking = costs.map(|steps| steps >= FEWEST_STEPS).collect::<Vec<_>>();
        let mut planner = Planner::new(prepared, catalog, &all, &kinds, progress)?;
        let alternatives = planner.alternatives(statements, &own, &worth_asking)?;
        Ok(Self::of(prepared, profile, earlier, all, alternatives, kinds, known))
    }

    /// Keeps what is known already and what the planner would use, under ids without gaps.
    fn of(
        prepared: &Prepared,
        profile: &Profile,
        earlier: &Self,
        all: IdVec<IndexId, Candidate>,
        found: Alternatives,
        statistics: KnownStatistics,
        known: usize,
    ) -> Self {
        let useful: BTreeSet<IndexId> = found.iter().flatten().flatten().copied().collect();
        let mut candidates = Self { statistics, ..Self::default() };
        let mut ids: IdVec<IndexId, Option<IndexId>> = IdVec::default();
        for (id, candidate) in all.enumerate() {
            let stays = id.position() < known || useful.contains(&id);
            ids.push(stays.then(|| candidates.all.push(candidate.clone())));
        }
        let renamed = |set: &IndexSet| set.iter().filter_map(|i| ids[*i]).collect::<IndexSet>();
        for (query, sets) in found.enumerate() {
            let mut sets: Vec<IndexSet> = sets.iter().map(renamed).collect();
            sets.extend(earlier.alternatives.find(query).into_iter().flatten().cloned());
            for index in sets.iter().flatten() {
                candidates.all[*index].used_by.insert(query);
            }
            candidates.alternatives.push(sets);
        }
        candidates.relevant = relevant_to(prepared, profile, &candidates.all);
        candidates
    }

    /// The same as if a configuration had been followed: what it holds is there.
    pub fn as_if_followed(&self, configuration: &Configuration) -> Self {
        let mut followed = Self { followed: Some(configuration.statistics), ..self.clone() };
        for id in self.all.ids() {
            followed.all[id].existing = configuration.indexes.contains(&id);
        }
        followed
    }

    /// The configuration that is there.
    pub fn found(&self) -> Configuration {
        let existing = self.all.enumerate().filter(|(_, c)| c.existing).map(|(id, _)| id);
        Configuration { indexes: existing.collect(), statistics: self.followed.unwrap_or_default() }
    }

    /// The candidates that the database has not.
    pub fn new_ones(&self) -> impl Iterator<Item = (IndexId, &Candidate)> {
        self.all.enumerate().filter(|(_, c)| !c.existing)
    }
}

/// The bytes of a b-tree that holds so many: whole pages, and one above them where they are several.
fn in_pages(bytes: u64, page: u64) -> u64 {
    match bytes.div_ceil(page.max(1)) {
        0 | 1 => page,
        leaves => (leaves + 1) * page,
    }
}

/// Steps below which a statement is so fast that no index can be worth anything to it.
const FEWEST_STEPS: u64 = 300;

/// The existing indexes that may be tried to be dropped, each with the queries that read it.
fn existing_ones(prepared: &Prepared, catalog: &Catalog<'_>) -> IdVec<IndexId, Candidate> {
    let droppable = droppable(prepared, catalog.schema);
    let names: BTreeSet<String> = droppable.iter().map(|c| c.name.clone()).collect();
    let stays = |other: &ExistingIndex| !names.contains(&other.name);
    let sizes = &prepared.sizes;
    let one = |candidate: Candidate| Candidate {
        existing: true,
        repeated: repeated_by(catalog.schema, &candidate.name, stays).is_some(),
        bytes: sizes.get(&candidate.name).copied().unwrap_or(0),
        share: 1.0,
        used_by: users(catalog.plans, &candidate.name),
        ..candidate
    };
    droppable.into_iter().map(one).collect()
}

/// The queries whose plans use an index.
fn users(plans: &[Vec<Plan>], index: &str) -> QuerySet {
    let uses = |(_, plans): &(usize, &Vec<Plan>)| plans.iter().any(|p| p.uses(index));
    plans.iter().enumerate().filter(uses).map(|(at, _)| QueryId::at(at)).collect()
}

/// Adds the indexes that statements could use, named; for each statement those of its own.
fn with_shapes(
    all: &mut IdVec<IndexId, Candidate>,
    prepared: &Prepared,
    catalog: &Catalog<'_>,
    profile: &Profile,
) -> Vec<IndexSet> {
    let each = profile.requests.iter().zip(&profile.filters);
    let each: Vec<BTreeSet<Index>> = each
        .map(|(requests, filters)| {
            shapes::candidates(catalog.schema, &profile.selectivity, requests, filters)
        })
        .collect();
    let mut taken = prepared.schema.names();
    taken.extend(all.iter().map(|c| c.name.to_lowercase()));
    for index in each.iter().flatten().collect::<BTreeSet<_>>() {
        if all.iter().all(|c| c.index != *index) {
            let name = index.name(|name| taken.contains(&name.to_lowercase()));
            taken.insert(name.to_lowercase());
            all.push(Candidate::new(name, index.clone()));
        }
    }
    let ids = |own: &BTreeSet<Index>| {
        all.enumerate().filter(|(_, c)| own.contains(&c.index)).map(|(i, _)| i).collect()
    };
    each.iter().map(ids).collect()
}

/// The statistics that a planner can meet: as found, and as ANALYZE leaves them, each with STAT4 and without; or none.
fn statistics_of(
    prepared: &Prepared,
    catalog: &Catalog<'_>,
    profile: &Profile,
    all: &IdVec<IndexId, Candidate>,
) -> Result<KnownStatistics> {
    let existing = statistics::read(catalog.analyzed.connection())?.of_indexes(&prepared.schema.names());
    let new: Vec<Candidate> = all.iter().filter(|c| !c.existing).cloned().collect();
    let analyzed = existing.and(profile.gathered.statistics(&new));
    let found = prepared.statistics.clone();
    Ok(StatisticsKind::ALL
        .into_iter()
        .map(|kind| {
            let known = match kind {
                StatisticsKind::Found => found.clone(),
                StatisticsKind::FoundWithoutStat4 => found.without_stat4(),
                StatisticsKind::Analyzed => analyzed.clone(),
                StatisticsKind::AnalyzedWithoutStat4 => analyzed.without_stat4(),
                StatisticsKind::Absent => Default::default(),
            };
            (kind, known)
        })
        .collect())
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

/// Asks about each statement with all of its candidates, again without those chosen, and with each narrow one alone.
struct Planner<'p> {
    what_if: Vec<WhatIf>,
    schema: &'p Schema,
    foreign_keys: bool,
    existing: IndexSet,
    widths: IdVec<IndexId, usize>,
    deadline: Option<Instant>,
    progress: &'p dyn Progress,
}

impl<'p> Planner<'p> {
    fn new(
        prepared: &'p Prepared,
        catalog: &Catalog<'_>,
        all: &IdVec<IndexId, Candidate>,
        statistics: &KnownStatistics,
        progress: &'p dyn Progress,
    ) -> Result<Self> {
        // The best statistics, and what most users have.
        let kinds = [StatisticsKind::Analyzed, StatisticsKind::AnalyzedWithoutStat4, StatisticsKind::Found];
        let known = kinds.iter().filter_map(|kind| Some((kind, statistics.get(kind)?)));
        let (stand_ins, enforced) = (&prepared.workload.stand_ins, prepared.request.foreign_keys);
        let what_if = WhatIf::of_each(catalog.schema, all, known, stand_ins, enforced)?;
        let what_if = what_if.into_iter().map(|(_, planner)| planner).collect();
        let existing = all.enumerate().filter(|(_, c)| c.existing).map(|(i, _)| i).collect();
        let widths = all.iter().map(|c| c.index.key.len()).collect();
        Ok(Self {
            what_if,
            schema: &prepared.schema,
            foreign_keys: prepared.request.foreign_keys,
            existing,
            widths,
            deadline: prepared.candidates_deadline(),
            progress,
        })
    }

    fn alternatives(
        &mut self,
        statements: &[Statement],
        own: &[IndexSet],
        worth_asking: &[bool],
    ) -> Result<Alternatives> {
        self.progress.start("Asking the planner", Some(statements.len() as u64));
        let mut all = Alternatives::default();
        for ((done, statement), (own, asked)) in (1u64..).zip(statements).zip(own.iter().zip(worth_asking)) {
            self.progress.check()?;
            all.push(if *asked && !is_past(self.deadline) { self.of_one(statement, own)? } else { vec![] });
            self.progress.advance(done);
        }
        self.progress.finish();
        Ok(all)
    }

    fn of_one(&mut self, statement: &Statement, own: &IndexSet) -> Result<Vec<IndexSet>> {
        let tables = planned_with(self.schema, &statement.sql, self.foreign_keys);
        let Self { what_if, existing, widths, .. } = self;
        let mut found: Vec<IndexSet> = vec![];
        let mut add = |used: IndexSet| {
            let is_new = !used.is_empty() && !found.contains(&used);
            if is_new {
                found.push(used);
            }
        };
        let new_of = |used: IndexSet| -> IndexSet { &used - &*existing };
        for (at, planner) in what_if.iter_mut().enumerate() {
            let mut left = own.clone();
            for _ in 0..if at == 0 { ROUNDS } else { 1 } {
                let used = new_of(planner.used(&tables, statement, &(&left | &*existing))?);
                if used.is_empty() {
                    break;
                }
                left = &left - &used;
                add(used);
            }
        }
        if let Some(planner) = what_if.first_mut() {
            for one in own.iter().copied().filter(|one| widths[*one] <= ALONE) {
                let with: IndexSet = existing.iter().copied().chain([one]).collect();
                add(new_of(planner.used(&tables, statement, &with)?));
            }
        }
        Ok(found)
    }
}

/// The candidates that could change a query's plan or price: those of the tables that it reads or writes. What triggers and
/// enforced foreign keys do to other tables is not in its text, so a write may then be touched by any.
fn relevant_to(
    prepared: &Prepared,
    profile: &Profile,
    all: &IdVec<IndexId, Candidate>,
) -> IdVec<QueryId, IndexSet> {
    let far_reaching = prepared.request.foreign_keys || !prepared.schema.triggers.is_empty();
    let of = |(statement, requests): (&Statement, &Vec<crate::advise::prepare::probe::IndexRequest>)| {
        let mut tables: BTreeSet<String> = requests.iter().map(|r| r.access.table.to_lowercase()).collect();
        tables.extend(syntax::written_table(&statement.sql).map(|t| t.to_lowercase()));
        let any = tables.is_empty() || (statement.writes && far_reaching);
        let touches = |c: &Candidate| any || tables.contains(&c.index.table.to_lowercase());
        all.enumerate().filter(|(_, c)| touches(c)).map(|(i, _)| i).collect()
    };
    prepared.workload.statements.iter().zip(&profile.requests).map(of).collect()
}
