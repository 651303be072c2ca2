//! Chooses the set: backward elimination from all finalists, then adding and swapping.
//!
//! Starting from everything and removing what is missed least needs far fewer runs than growing a set
//! (compare Whang, "Index Selection in Relational Databases", 1985, with Schlosser et al., "Efficient Scalable
//! Multi-attribute Index Selection", ICDE 2019). What is weighed is the logarithm of the speed-up, of each statement and
//! of the whole, against the bytes and the inserts that the set costs.

use crate::advise::lab::{Lab, Measured, Question, Set};
use crate::error::Result;
use std::collections::BTreeMap;

/// What the choice weighs.
#[derive(Debug, Clone)]
pub struct Weighing {
    /// The weight of each statement, in the order of the workload.
    pub weights: Vec<f64>,
    /// The price of each finalist: its share of the database's bytes, plus what it adds to inserts.
    pub prices: Vec<f64>,
}

/// A chosen set and what it costs.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// The set.
    pub set: Set,
    /// Each statement's cost under it.
    pub costs: Vec<f64>,
    /// The geometric mean of the statements' speed-ups, by cost.
    pub geomean: f64,
    /// The speed-up of the weighted total, by cost.
    pub total: f64,
    /// What the set costs, in the unit of [`Weighing::prices`].
    pub price: f64,
}

/// A statement may cost this much more than without any index before the set is refused.
pub const TOLERANCE: f64 = 1.1;
/// A time in nanoseconds that every statement takes anyway: being prepared and called.
const FLOOR: f64 = 10_000.0;
/// Steps below which no slow-down is told, as in a statement that reads ten rows.
pub const NEGLIGIBLE_STEPS: u64 = 1_000;
/// The first cap of a run, in times the best cost known; a loss that matters is then measured to its end.
const FIRST_CAP: f64 = 8.0;

/// Chooses among the candidates of the lab once for each exchange rate, from the most generous to the most frugal; each
/// search begins where the last one ended. `base` is what each statement costs without any.
///
/// # Errors
/// Those of [`Lab::ask`].
pub fn curve(
    lab: &mut Lab<'_>,
    weighing: &Weighing,
    base: &[Measured],
    exchange: &[f64],
) -> Result<Vec<Choice>> {
    let mut search = Search::new(lab, weighing, base)?;
    let mut choices = vec![];
    for rate in exchange {
        search.exchange = *rate;
        search.eliminate()?;
        search.improve()?;
        search.repair()?;
        choices.push(search.choice());
    }
    Ok(choices)
}

struct Search<'l, 'w> {
    lab: &'l mut Lab<'w>,
    weighing: &'l Weighing,
    base: &'l [Measured],
    exchange: f64,
    set: Set,
    states: Vec<State>,
}

/// A statement under the current set.
#[derive(Debug, Clone)]
struct State {
    cost: f64,
    vm_steps: u64,
    uses: Set,
}

impl<'l, 'w> Search<'l, 'w> {
    fn new(lab: &'l mut Lab<'w>, weighing: &'l Weighing, base: &'l [Measured]) -> Result<Self> {
        let set: Set = (0..weighing.prices.len()).collect();
        let mut search = Self { lab, weighing, base, exchange: 0.0, set, states: vec![] };
        let all: Vec<usize> = (0..base.len()).collect();
        let states = search.states_under(&[(search.set.clone(), all)])?;
        search.states = states.into_iter().next().unwrap_or_default().into_iter().map(|(_, s)| s).collect();
        Ok(search)
    }

    /// What the statements named would cost under each set.
    fn states_under(&mut self, asked: &[(Set, Vec<usize>)]) -> Result<Vec<Vec<(usize, State)>>> {
        let mut questions = vec![];
        for (set, statements) in asked {
            for s in statements {
                let best = self.states.get(*s).map_or(f64::MAX, |s| s.cost.max(FLOOR) * FIRST_CAP);
                let cap = best.min(self.base_cost(*s) * TOLERANCE * 2.0 + FLOOR);
                questions.push(Question { statement: *s, set: set.clone(), cap });
            }
        }
        let mut answers = self.lab.ask(&questions)?.into_iter();
        let state = |(chosen, m): (std::sync::Arc<crate::advise::lab::Chosen>, Measured)| State {
            cost: m.cost(),
            vm_steps: m.counters.vm_steps,
            uses: chosen.uses.clone(),
        };
        let groups = asked.iter().map(|(_, statements)| {
            statements.iter().filter_map(|s| answers.next().map(|a| (*s, state(a)))).collect()
        });
        Ok(groups.collect())
    }

    fn base_cost(&self, statement: usize) -> f64 {
        self.base.get(statement).map_or(0.0, Measured::cost)
    }

    fn base_steps(&self, statement: usize) -> u64 {
        self.base.get(statement).map_or(0, |m| m.counters.vm_steps)
    }

    fn weight(&self, statement: usize) -> f64 {
        self.weighing.weights.get(statement).copied().unwrap_or(1.0)
    }

    fn price(&self, set: &Set) -> f64 {
        set.iter().filter_map(|i| self.weighing.prices.get(*i)).sum()
    }

    /// The logarithms of the speed-up of the mean statement and of the total.
    fn speedups(&self, changed: &BTreeMap<usize, State>) -> (f64, f64) {
        let (mut logs, mut weights, mut before, mut after) = (0.0, 0.0, 0.0, 0.0);
        for (i, current) in self.states.iter().enumerate() {
            let state = changed.get(&i).unwrap_or(current);
            let (w, base) = (self.weight(i), self.base_cost(i));
            logs += w * ((base + FLOOR) / (state.cost + FLOOR)).ln();
            weights += w;
            before += w * (base + FLOOR);
            after += w * (state.cost + FLOOR);
        }
        (logs / f64::max(weights, 1e-9), (before / after.max(1.0)).ln())
    }

    /// The speed-up less the price.
    fn score(&self, set: &Set, changed: &BTreeMap<usize, State>) -> f64 {
        let (mean, total) = self.speedups(changed);
        mean + TOTAL_SHARE * total - self.exchange * self.price(set)
    }

    /// The statements whose plan or price an index takes part in.
    fn touched_by(&self, index: usize) -> Vec<usize> {
        let writes = |s: usize| self.lab.writes(s) && self.lab.relevant(s).contains(&index);
        self.states
            .iter()
            .enumerate()
            .filter(|(s, state)| state.uses.contains(&index) || writes(*s))
            .map(|(s, _)| s)
            .collect()
    }

    /// Removes the index that is missed least, again and again, while the score rises.
    fn eliminate(&mut self) -> Result<()> {
        // Removing what no plan reads changes no plan.
        let unused: Vec<usize> =
            self.set.iter().copied().filter(|i| self.touched_by(*i).is_empty()).collect();
        for i in unused {
            self.set.remove(&i);
        }
        let mut known: BTreeMap<usize, f64> = BTreeMap::new();
        loop {
            let open: Vec<usize> = self.set.iter().copied().filter(|i| !known.contains_key(i)).collect();
            for (i, gain) in open.iter().zip(self.gains_of_removing(&open)?) {
                known.insert(*i, gain);
            }
            let best = known.iter().filter(|(i, _)| self.set.contains(i)).max_by(|a, b| a.1.total_cmp(b.1));
            let Some((&index, _)) = best.filter(|(_, gain)| **gain > 0.0) else { return Ok(()) };
            let affected = self.touched_by(index);
            let neighbours: Set = affected.iter().flat_map(|s| self.lab.relevant(*s).clone()).collect();
            let without: Set = self.set.iter().copied().filter(|i| *i != index).collect();
            self.move_to(without, affected)?;
            known.remove(&index);
            known.retain(|i, _| !neighbours.contains(i));
        }
    }

    fn gains_of_removing(&mut self, indexes: &[usize]) -> Result<Vec<f64>> {
        let asked: Vec<_> = indexes
            .iter()
            .map(|i| (self.set.iter().copied().filter(|o| o != i).collect::<Set>(), self.touched_by(*i)))
            .collect();
        let now = self.score(&self.set, &BTreeMap::new());
        let found = self.states_under(&asked)?;
        Ok(asked
            .iter()
            .zip(found)
            .map(|((set, _), states)| self.score(set, &states.into_iter().collect()) - now)
            .collect())
    }

    fn move_to(&mut self, set: Set, affected: Vec<usize>) -> Result<()> {
        let states = self.states_under(&[(set.clone(), affected)])?;
        for (s, state) in states.into_iter().flatten() {
            if let Some(slot) = self.states.get_mut(s) {
                *slot = state;
            }
        }
        self.set = set;
        Ok(())
    }

    /// Adds candidates, or puts them in the place of others, while the score rises.
    fn improve(&mut self) -> Result<()> {
        for _ in 0..IMPROVEMENTS {
            let now = self.score(&self.set, &BTreeMap::new());
            let outside = (0..self.weighing.prices.len()).filter(|i| !self.set.contains(i));
            let added: Vec<Set> =
                outside.map(|new| self.set.iter().copied().chain([new]).collect()).collect();
            let mut moves = self.scored(added.clone())?;
            // Only what the planner would read is worth another's place.
            let mut swapped = vec![];
            for with in &added {
                let Some(new) = with.difference(&self.set).next() else { continue };
                let rivals = self.set.iter().filter(|old| self.lab.are_rivals(**old, *new));
                swapped.extend(rivals.map(|old| with.iter().copied().filter(|i| i != old).collect::<Set>()));
            }
            moves.extend(self.scored(swapped)?);
            moves.retain(|(_, score)| *score > now + LEAST_GAIN);
            moves.sort_by(|a, b| b.1.total_cmp(&a.1));
            let Some((best, _)) = moves.into_iter().next() else { return Ok(()) };
            let statements = self.concerned(&best);
            self.move_to(best, statements)?;
            self.eliminate()?;
        }
        Ok(())
    }

    fn scored(&mut self, sets: Vec<Set>) -> Result<Vec<(Set, f64)>> {
        let asked: Vec<_> = sets.into_iter().map(|set| (set.clone(), self.concerned(&set))).collect();
        let found = self.states_under(&asked)?;
        let score = |((set, _), states): ((Set, Vec<usize>), Vec<(usize, State)>)| {
            let score = self.score(&set, &states.into_iter().collect());
            (set, score)
        };
        Ok(asked.into_iter().zip(found).map(score).collect())
    }

    /// The statements that could notice the step from the current set to another.
    fn concerned(&self, set: &Set) -> Vec<usize> {
        let difference: Vec<usize> = self.set.symmetric_difference(set).copied().collect();
        (0..self.states.len())
            .filter(|s| difference.iter().any(|i| self.lab.relevant(*s).contains(i)))
            .collect()
    }

    /// Removes what makes a statement slower than it was without any index.
    fn repair(&mut self) -> Result<()> {
        while let Some(worse) = (0..self.states.len()).find(|s| self.is_worse(*s)) {
            let culprits: Vec<usize> =
                self.states.get(worse).map(|s| s.uses.iter().copied().collect()).unwrap_or_default();
            let gains = self.gains_of_removing(&culprits)?;
            let least = culprits.iter().zip(gains).max_by(|a, b| a.1.total_cmp(&b.1));
            let Some((&index, _)) = least else { return Ok(()) };
            let affected = self.touched_by(index);
            let without: Set = self.set.iter().copied().filter(|i| *i != index).collect();
            self.move_to(without, affected)?;
        }
        self.eliminate()
    }

    fn is_worse(&self, statement: usize) -> bool {
        if self.lab.writes(statement) {
            return false;
        }
        self.states.get(statement).is_some_and(|state| {
            let (steps, cost) = (self.base_steps(statement), self.base_cost(statement));
            let more_steps =
                state.vm_steps as f64 > steps as f64 * TOLERANCE && state.vm_steps > steps + NEGLIGIBLE_STEPS;
            let dearer = state.cost > cost * TOLERANCE + FLOOR;
            !state.uses.is_empty() && (more_steps || dearer)
        })
    }

    fn choice(&self) -> Choice {
        let (mean, total) = self.speedups(&BTreeMap::new());
        Choice {
            set: self.set.clone(),
            costs: self.states.iter().map(|s| s.cost).collect(),
            geomean: mean.exp(),
            total: total.exp(),
            price: self.price(&self.set),
        }
    }
}

/// How much the total counts beside the mean statement.
const TOTAL_SHARE: f64 = 0.5;
/// The most steps of adding and swapping.
const IMPROVEMENTS: usize = 12;
/// A gain below this is not worth a step.
const LEAST_GAIN: f64 = 1e-4;
