//! A cost model for tests: each query has plans, and the planner takes the first that the indexes allow.

use crate::advise::select::cost_model::{CostModel, Evaluation, QueryCost};
use crate::advise::select::problem::{Objective, Problem, Query};
use crate::advise::select::search::Search;
use crate::advise::select::{Alternatives, Found, search};
use crate::error::Result;
use crate::model::candidate::Candidate;
use crate::model::configuration::{Configuration, Scenario, StatisticsAction, StatisticsKind};
use crate::model::counters::{Counters, VM_STEP_NS};
use crate::model::ids::{Id, IdVec, IndexId, IndexSet, QueryId};
use crate::model::index::Index;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A plan: the indexes that it needs, its steps, and the statistics with which the planner takes it.
pub struct Plan {
    needs: IndexSet,
    steps: u64,
    with: Option<Vec<StatisticsKind>>,
}

/// A world of indexes and queries, and how often it was asked.
#[derive(Default)]
pub struct Table {
    pub candidates: IdVec<IndexId, Candidate>,
    prices: Vec<f64>,
    pub upkeep: BTreeMap<IndexId, f64>,
    plans: IdVec<QueryId, Vec<Plan>>,
    weights: Vec<f64>,
    writes: BTreeSet<QueryId>,
    pub within: f64,
    pub rate: f64,
    pub objective: Objective,
    pub budget: Option<u64>,
    pub max_indexes: Option<usize>,
    /// What was done to the statistics already.
    pub followed: StatisticsAction,
    /// Plans that were run: query, steps.
    pub runs: BTreeSet<(QueryId, u64)>,
}

impl Table {
    pub fn new() -> Self {
        Self { within: 2.0, rate: 0.2, ..Self::default() }
    }

    /// A new index on `t` of a price; `key` are its columns.
    pub fn index(&mut self, key: &str, price: f64) -> IndexId {
        let index = Index::on("t", key.split(' '));
        self.prices.push(price);
        let bytes = (price * 1_000.0) as u64;
        self.candidates.push(Candidate { bytes, ..Candidate::new(index.base_name(), index) })
    }

    /// An index that the database has.
    pub fn existing(&mut self, key: &str, price: f64) -> IndexId {
        let id = self.index(key, price);
        self.candidates[id].existing = true;
        id
    }

    /// A query that takes so many steps without any index.
    pub fn query(&mut self, steps: u64) -> QueryId {
        self.weights.push(1.0);
        self.plans.push(vec![Plan { needs: IndexSet::new(), steps, with: None }])
    }

    pub fn weigh(&mut self, query: QueryId, weight: f64) {
        if let Some(slot) = self.weights.get_mut(query.position()) {
            *slot = weight;
        }
    }

    pub fn write(&mut self, query: QueryId) {
        self.writes.insert(query);
    }

    /// The planner takes this plan whenever the indexes are there, before every plan that was named earlier.
    pub fn plan(&mut self, query: QueryId, needs: &[IndexId], steps: u64) {
        self.plan_with(query, needs, steps, None);
    }

    /// The same with some statistics only.
    pub fn plan_with(
        &mut self,
        query: QueryId,
        needs: &[IndexId],
        steps: u64,
        with: Option<&[StatisticsKind]>,
    ) {
        let needs: IndexSet = needs.iter().copied().collect();
        for index in &needs {
            self.candidates[*index].used_by.insert(query);
        }
        self.plans[query].insert(0, Plan { needs, steps, with: with.map(<[_]>::to_vec) });
    }

    fn cost(&self, query: QueryId, indexes: &IndexSet, statistics: StatisticsKind) -> QueryCost {
        let fits = |plan: &&Plan| {
            plan.needs.is_subset(indexes) && plan.with.as_ref().is_none_or(|with| with.contains(&statistics))
        };
        let plan = self.plans[query].iter().find(fits);
        let vm_steps = plan.map_or(0, |plan| plan.steps);
        let runs = vec![Counters { vm_steps, ..Counters::default() }];
        let uses = plan.map(|plan| plan.needs.clone()).unwrap_or_default();
        QueryCost { cost: vm_steps as f64 * VM_STEP_NS, runs, stopped: false, uses }
    }

    /// Searches, and tells the keys of the indexes in the end, the existing ones too.
    pub fn found(&mut self) -> Result<Vec<String>> {
        let found = self.search()?;
        let indexes = found.position.configuration.indexes.iter();
        Ok(indexes.map(|i| self.key(*i)).collect())
    }

    pub fn key(&self, index: IndexId) -> String {
        let key = &self.candidates[index].index.key;
        key.iter().map(|term| term.text()).collect::<Vec<_>>().join(" ")
    }

    pub fn search(&mut self) -> Result<Found> {
        let (candidates, alternatives) = (self.candidates.clone(), self.alternatives());
        let problem = self.problem(&candidates);
        search(&problem, self, &alternatives, None, None)
    }

    /// The statements behind with some indexes and ANALYZE.
    pub fn behind(&mut self, indexes: &[IndexId]) -> Result<Vec<QueryId>> {
        let (candidates, alternatives) = (self.candidates.clone(), self.alternatives());
        let problem = self.problem(&candidates);
        let mut search = Search::new(&problem, self, None);
        search.best_of_each(&alternatives)?;
        let indexes = &problem.found.indexes | &indexes.iter().copied().collect();
        let to = Configuration { indexes, statistics: StatisticsAction::Analyze };
        let position = search.position(to)?;
        Ok(search.behind(&position, &alternatives)?.iter().map(|behind| behind.query).collect())
    }

    fn existing_ones(&self) -> IndexSet {
        self.candidates.enumerate().filter(|(_, c)| c.existing).map(|(i, _)| i).collect()
    }

    fn alternatives(&self) -> Alternatives {
        let existing = self.existing_ones();
        let sets = |plans: &Vec<Plan>| {
            plans.iter().map(|plan| &plan.needs - &existing).filter(|set| !set.is_empty()).collect()
        };
        self.plans.iter().map(sets).collect()
    }

    fn problem<'c>(&self, candidates: &'c IdVec<IndexId, Candidate>) -> Problem<'c> {
        let existing = self.existing_ones();
        let all: IndexSet = self.candidates.ids().collect();
        let query = |id: QueryId| Query {
            weight: self.weights.get(id.position()).copied().unwrap_or(1.0),
            writes: self.writes.contains(&id),
            found: Scenario::PROMISED.map(|scenario| {
                Arc::new(self.cost(id, &existing, scenario.statistics_after(self.followed, self.followed)))
            }),
            relevant: all.clone(),
        };
        Problem {
            candidates,
            queries: self.plans.ids().map(query).collect(),
            found: Configuration { indexes: existing, statistics: self.followed },
            prices: self.prices.iter().copied().collect(),
            upkeep: candidates.ids().map(|i| self.upkeep.get(&i).copied().unwrap_or(0.0)).collect(),
            objective: self.objective,
            within: self.within,
            rate: self.rate,
            budget: self.budget,
            max_indexes: self.max_indexes,
        }
    }
}

impl CostModel for Table {
    fn recalled(&mut self, asked: &[Evaluation]) -> Vec<Option<Arc<QueryCost>>> {
        self.known(asked).unwrap_or_default()
    }

    fn known(&mut self, asked: &[Evaluation]) -> Result<Vec<Option<Arc<QueryCost>>>> {
        let known = |e: &Evaluation| {
            let cost = self.cost(e.query, &e.indexes, e.statistics);
            let steps = cost.runs.first().map_or(0, |run| run.vm_steps);
            self.runs.contains(&(e.query, steps)).then(|| Arc::new(cost))
        };
        Ok(asked.iter().map(known).collect())
    }

    fn evaluate(&mut self, asked: &[Evaluation]) -> Result<Vec<Arc<QueryCost>>> {
        let mut costs = vec![];
        for e in asked {
            let mut cost = self.cost(e.query, &e.indexes, e.statistics);
            if cost.cost > e.cap {
                cost = QueryCost { cost: e.cap, stopped: true, ..cost };
            } else {
                let steps = cost.runs.first().map_or(0, |run| run.vm_steps);
                self.runs.insert((e.query, steps));
            }
            costs.push(Arc::new(cost));
        }
        Ok(costs)
    }
}
