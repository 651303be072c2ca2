//! The plans that are known of each query, and those that follow from them without asking the planner.

use crate::model::configuration::StatisticsKind;
use crate::model::ids::{IndexSet, QueryId};
use crate::model::plan::Plan;
use std::collections::HashMap;
use std::sync::Arc;

/// A query, those of the indexes that are there which could matter to it, and the statistics.
pub type PlanKey = (QueryId, IndexSet, StatisticsKind);

/// The plans that SQLite chooses for a query, one for each set of values.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// The plans.
    pub plans: Vec<Plan>,
    /// The candidates that they use.
    pub uses: IndexSet,
    /// Equal for two configurations under which the query does the same work.
    pub key: Arc<str>,
}

impl Planned {
    /// Plans that use some of the candidates.
    pub fn new(plans: Vec<Plan>, uses: IndexSet) -> Self {
        let key = plans.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n--\n").into();
        Self { plans, uses, key }
    }
}

/// The indexes that a planner could choose among, and what it chose.
type Choice = (IndexSet, Arc<Planned>);

/// The plans that are known.
#[derive(Debug)]
pub struct KnownPlans {
    existing: IndexSet,
    plans: HashMap<PlanKey, Arc<Planned>>,
    /// What a planner chose itself, each time with all indexes that it could choose among.
    chosen: HashMap<(QueryId, StatisticsKind), Vec<Choice>>,
}

impl KnownPlans {
    /// None yet. `existing` are the indexes that the database has.
    pub fn new(existing: IndexSet) -> Self {
        Self { existing, plans: HashMap::new(), chosen: HashMap::new() }
    }

    /// Takes down what a planner chose among the indexes of a key.
    pub fn insert(&mut self, key: PlanKey, planned: Arc<Planned>) {
        let among = (key.1.clone(), Arc::clone(&planned));
        self.chosen.entry((key.0, key.2)).or_default().push(among);
        self.plans.insert(key, planned);
    }

    /// The plan for a key, if the planner need not be asked: what it chose among more indexes it chooses among fewer as well, as
    /// long as those that it uses are there, and the statistics of the table with them: as found, these are those of its existing
    /// indexes. Where SQLite does otherwise, the verification sees it and that is taken down.
    pub fn find(&mut self, key: &PlanKey) -> Option<Arc<Planned>> {
        if let Some(planned) = self.plans.get(key) {
            return Some(Arc::clone(planned));
        }
        let (query, indexes, statistics) = key;
        let as_found = matches!(statistics, StatisticsKind::Found | StatisticsKind::FoundWithoutStat4);
        let known_of = |indexes: &IndexSet| if as_found { &self.existing & indexes } else { IndexSet::new() };
        let known = known_of(indexes);
        let holds = |(among, planned): &&Choice| {
            planned.uses.is_subset(indexes) && indexes.is_subset(among) && known_of(among) == known
        };
        let (_, planned) = self.chosen.get(&(*query, *statistics))?.iter().rev().find(holds)?;
        let planned = Arc::clone(planned);
        self.plans.insert(key.clone(), Arc::clone(&planned));
        Some(planned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ids::{Id, IndexId};

    fn key(indexes: &[usize]) -> PlanKey {
        let indexes = indexes.iter().map(|at| IndexId::at(*at)).collect();
        (QueryId::at(0), indexes, StatisticsKind::Analyzed)
    }

    /// Plans where the planner, asked with some indexes, used some of them.
    fn asked(with: &[usize], uses: &[usize]) -> KnownPlans {
        let mut plans = KnownPlans::new(IndexSet::new());
        let (_, uses, _) = key(uses);
        plans.insert(key(with), Arc::new(Planned::new(vec![], uses)));
        plans
    }

    #[test]
    fn an_index_that_a_plan_does_not_use_is_not_missed() {
        let mut plans = asked(&[1, 2, 3], &[2]);
        for fewer in [&[1, 2, 3][..], &[2, 3], &[2]] {
            assert!(plans.find(&key(fewer)).is_some(), "{fewer:?}");
        }
    }

    #[test]
    fn the_planner_is_asked_where_an_index_of_the_plan_is_gone_or_another_came() {
        let mut plans = asked(&[1, 2], &[2]);
        assert!(plans.find(&key(&[1])).is_none());
        assert!(plans.find(&key(&[2, 3])).is_none());
        let (query, indexes, _) = key(&[2]);
        assert!(plans.find(&(query, indexes.clone(), StatisticsKind::Found)).is_none());
        assert!(plans.find(&(QueryId::at(1), indexes, StatisticsKind::Analyzed)).is_none());
    }

    #[test]
    fn an_existing_index_that_goes_takes_its_statistics_along() {
        let (query, all, _) = key(&[1, 2, 3]);
        let (_, uses, _) = key(&[2]);
        let mut plans = KnownPlans::new(key(&[1]).1);
        for kind in [StatisticsKind::Found, StatisticsKind::Analyzed] {
            plans.insert((query, all.clone(), kind), Arc::new(Planned::new(vec![], uses.clone())));
        }
        let mut is_known = |indexes, kind| plans.find(&(query, key(indexes).1, kind)).is_some();
        assert!(is_known(&[1, 2], StatisticsKind::Found) && is_known(&[2, 3], StatisticsKind::Analyzed));
        assert!(!is_known(&[2, 3], StatisticsKind::Found));
    }

    #[test]
    fn what_was_seen_for_just_these_indexes_goes_before_what_follows() {
        let mut plans = asked(&[1, 2], &[2]);
        let (_, none, _) = key(&[]);
        plans.insert(key(&[2]), Arc::new(Planned::new(vec![], none)));
        assert!(plans.find(&key(&[2])).is_some_and(|planned| planned.uses.is_empty()));
        assert!(plans.find(&key(&[1, 2])).is_some_and(|planned| !planned.uses.is_empty()));
    }
}
