//! Chooses the set: backward elimination from all finalists, then adding and swapping.
//!
//! Starting from everything and removing what is missed least needs far fewer runs than growing a set
//! (compare Whang, "Index Selection in Relational Databases", 1985, with Schlosser et al., "Efficient Scalable
//! Multi-attribute Index Selection", ICDE 2019). What is weighed is the logarithm of the speed-up, of each statement and
//! of the whole, against the bytes and the inserts that the set costs.

use crate::advise::lab::{Lab, Measured, Question, Set};
use crate::error::Result;
use std::collections::{BTreeMap, BTreeSet};

/// What the choice weighs.
#[derive(Debug, Clone)]
pub struct Weighing {
    /// The weight of each statement, in the order of the workload.
    pub weights: Vec<f64>,
    /// The statements that would use each finalist, by what the planner said of them.
    pub fits: Vec<BTreeSet<usize>>,
    /// The price of each finalist: its share of the database's bytes, plus its upkeep.
    pub prices: Vec<f64>,
}

/// A chosen set and what it costs.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// The set.
    pub set: Set,
    /// The geometric mean of the statements' speed-ups, by cost.
    pub geomean: f64,
    /// The speed-up of the weighted total, by cost.
    pub total: f64,
    /// What the set costs, in the unit of [`Weighing::prices`].
    pub price: f64,
}

/// A statement may take this many more steps than without any index before the set is refused.
pub const TOLERANCE: f64 = 1.1;
/// The cost is only a model of time, so it alone refuses a set later than the steps do.
const DEARER: f64 = 1.5;
/// A time in nanoseconds that every statement takes anyway: being prepared and called.
const FLOOR: f64 = 20_000.0;
/// Steps below which no slow-down is told, as in a statement that reads ten rows.
pub const NEGLIGIBLE_STEPS: u64 = 1_000;
/// How many times the lowest known cost a run may cost before it is stopped, at first and in the end.
const FIRST_PATIENCE: f64 = 8.0;
const LAST_PATIENCE: f64 = 4096.0;

/// What removing an index would do to the score.
#[derive(Debug, Clone, Copy)]
struct Gain {
    score: f64,
    /// Some run was stopped, so the true gain is lower.
    bounded: bool,
    patience: f64,
}

/// Chooses among the candidates of the lab once for each exchange rate, from the most generous to the most frugal; each
/// search begins where the last one ended. `base` is what each statement costs without any.
///
/// A rate of 0.2 says: an index as large as the database must bring a fifth of the speed-up (as a logarithm) that could be
/// had at all. So a rate means the same for a workload that indexes help tenfold and for one that they help twofold.
///
/// # Errors
/// Those of [`Lab::ask`].
pub fn curve(
    lab: &mut Lab<'_>,
    weighing: &Weighing,
    base: &[Measured],
    rates: &[f64],
) -> Result<Vec<Choice>> {
    let mut search = Search::new(lab, weighing, base)?;
    search.exchange = GENEROUS;
    search.eliminate()?;
    search.improve()?;
    let attainable = search.speedup(&BTreeMap::new()).max(0.0);
    let mut choices = vec![];
    for rate in rates {
        search.exchange = rate * attainable;
        search.eliminate()?;
        search.improve()?;
        search.repair()?;
        choices.push(search.choice());
    }
    Ok(choices)
}

/// The rate at which it is found out what could be had: next to nothing is charged.
const GENEROUS: f64 = 0.05;

struct Search<'l, 'w> {
    lab: &'l mut Lab<'w>,
    weighing: &'l Weighing,
    base: &'l [Measured],
    exchange: f64,
    set: Set,
    states: Vec<State>,
    /// The lowest cost known of each statement, under whatever set.
    best: Vec<f64>,
}

/// A statement under the current set.
#[derive(Debug, Clone)]
struct State {
    cost: f64,
    /// The run was stopped: the cost is a lower bound.
    bounded: bool,
    vm_steps: u64,
    uses: Set,
}

impl<'l, 'w> Search<'l, 'w> {
    fn new(lab: &'l mut Lab<'w>, weighing: &'l Weighing, base: &'l [Measured]) -> Result<Self> {
        let set: Set = (0..weighing.prices.len()).collect();
        let best = base.iter().map(Measured::cost).collect();
        let mut search = Self { lab, weighing, base, exchange: 0.0, set, states: vec![], best };
        let all: Vec<usize> = (0..base.len()).collect();
        let states = search.states_under(&[(search.set.clone(), all)], f64::INFINITY)?;
        search.states = states.into_iter().flatten().map(|(_, s)| s).collect();
        Ok(search)
    }

    /// What the statements named would cost under each set. A run is stopped at `patience` times the lowest cost known.
    fn states_under(
        &mut self,
        asked: &[(Set, Vec<usize>)],
        patience: f64,
    ) -> Result<Vec<Vec<(usize, State)>>> {
        let question = |(set, s): (&Set, &usize)| Question {
            statement: *s,
            set: set.clone(),
            cap: (self.best.get(*s).copied().unwrap_or(0.0).max(FLOOR) * patience).min(self.most(*s)),
        };
        let questions: Vec<_> =
            asked.iter().flat_map(|(set, list)| list.iter().map(move |s| (set, s))).map(question).collect();
        let mut states = vec![];
        for (question, (chosen, m)) in questions.iter().zip(self.lab.ask(&questions)?) {
            let (cost, bounded) = (m.cost(), m.counters.timed_out);
            if let Some(best) = self.best.get_mut(question.statement).filter(|best| cost < **best && !bounded)
            {
                *best = cost;
            }
            states.push((
                question.statement,
                State { cost, bounded, vm_steps: m.counters.vm_steps, uses: chosen.uses.clone() },
            ));
        }
        let mut states = states.into_iter();
        Ok(asked.iter().map(|(_, list)| states.by_ref().take(list.len()).collect()).collect())
    }

    /// A run that costs more than without any index need not be known more exactly.
    fn most(&self, statement: usize) -> f64 {
        let stopped = self.base.get(statement).is_some_and(|m| m.counters.timed_out);
        self.base_cost(statement) * if stopped { 1.0 } else { DEARER * 1.1 } + FLOOR
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

    fn speedup(&self, changed: &BTreeMap<usize, State>) -> f64 {
        let (mean, total) = self.speedups(changed);
        mean + TOTAL_SHARE * total
    }

    /// The speed-up less the price.
    fn score(&self, set: &Set, changed: &BTreeMap<usize, State>) -> f64 {
        self.speedup(changed) - self.exchange * self.price(set)
    }

    /// The statements whose plan an index takes part in.
    fn touched_by(&self, index: usize) -> Vec<usize> {
        self.states
            .iter()
            .enumerate()
            .filter(|(_, state)| state.uses.contains(&index))
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
        let mut known: BTreeMap<usize, Gain> = BTreeMap::new();
        loop {
            let open: Vec<usize> = self.set.iter().copied().filter(|i| !known.contains_key(i)).collect();
            known.extend(self.gains_of_removing(&open, FIRST_PATIENCE)?);
            let best =
                known.iter().max_by(|a, b| a.1.score.total_cmp(&b.1.score)).map(|(i, gain)| (*i, *gain));
            let Some((index, gain)) = best.filter(|(_, gain)| gain.score > 0.0) else { return Ok(()) };
            // What looks dispensable only because its runs were stopped early is looked at longer.
            if gain.bounded && gain.patience < LAST_PATIENCE {
                known.extend(self.gains_of_removing(&[index], gain.patience * FIRST_PATIENCE)?);
                continue;
            }
            let affected = self.touched_by(index);
            let mut neighbours = self.used_by(&affected);
            let without: Set = self.set.iter().copied().filter(|i| *i != index).collect();
            self.move_to(without, affected.clone())?;
            // What is not read by a statement that changed its plan is missed neither more nor less than before.
            neighbours.extend(self.used_by(&affected));
            known.retain(|i, _| *i != index && !neighbours.contains(i));
        }
    }

    fn used_by(&self, statements: &[usize]) -> Set {
        statements
            .iter()
            .filter_map(|s| self.states.get(*s))
            .flat_map(|state| state.uses.iter().copied())
            .collect()
    }

    /// How the score changes when each is removed.
    fn gains_of_removing(&mut self, indexes: &[usize], patience: f64) -> Result<Vec<(usize, Gain)>> {
        let asked: Vec<_> = indexes
            .iter()
            .map(|i| (self.set.iter().copied().filter(|o| o != i).collect::<Set>(), self.touched_by(*i)))
            .collect();
        let now = self.score(&self.set, &BTreeMap::new());
        let found = self.states_under(&asked, patience)?;
        let mut gains = vec![];
        for ((index, (set, _)), states) in indexes.iter().zip(&asked).zip(found) {
            let bounded = states.iter().any(|(_, s)| s.bounded);
            let score = self.score(set, &states.into_iter().collect()) - now;
            gains.push((*index, Gain { score, bounded, patience }));
        }
        Ok(gains)
    }

    fn move_to(&mut self, set: Set, affected: Vec<usize>) -> Result<()> {
        let states = self.states_under(&[(set.clone(), affected)], LAST_PATIENCE)?;
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
            let mut asked = vec![];
            for new in (0..self.weighing.prices.len()).filter(|i| !self.set.contains(i)) {
                let with: Set = self.set.iter().copied().chain([new]).collect();
                let fits = self.fitting(new);
                for old in self.set.iter().filter(|old| self.lab.same_table(**old, new)) {
                    let users = self.touched_by(*old);
                    // One can stand for the other only where a statement would use either.
                    if users.iter().any(|s| fits.contains(s)) {
                        let statements: BTreeSet<usize> = fits.iter().chain(&users).copied().collect();
                        let without = with.iter().copied().filter(|i| i != old).collect();
                        asked.push((without, statements.into_iter().collect()));
                    }
                }
                asked.push((with, fits));
            }
            let found = self.states_under(&asked, FIRST_PATIENCE)?;
            let mut moves = vec![];
            for ((set, _), states) in asked.into_iter().zip(found) {
                let score = self.score(&set, &states.into_iter().collect());
                moves.push((score, set));
            }
            moves.retain(|(score, _)| *score > now + LEAST_GAIN);
            moves.sort_by(|a, b| b.0.total_cmp(&a.0));
            if !self.take_first(moves, now)? {
                return Ok(());
            }
            self.eliminate()?;
        }
        Ok(())
    }

    /// Makes the first move that keeps its promise when all statements are asked, not only those that should notice.
    fn take_first(&mut self, moves: Vec<(f64, Set)>, now: f64) -> Result<bool> {
        for (_, set) in moves {
            let (old_set, old_states) = (self.set.clone(), self.states.clone());
            let statements = self.concerned(&set);
            self.move_to(set, statements)?;
            if self.score(&self.set, &BTreeMap::new()) > now + LEAST_GAIN {
                return Ok(true);
            }
            (self.set, self.states) = (old_set, old_states);
        }
        Ok(false)
    }

    /// The statements that would use a candidate.
    fn fitting(&self, candidate: usize) -> Vec<usize> {
        self.weighing.fits.get(candidate).into_iter().flatten().copied().collect()
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
            let gains = self.gains_of_removing(&culprits, FIRST_PATIENCE)?;
            let least = gains.into_iter().max_by(|a, b| a.1.score.total_cmp(&b.1.score));
            let Some((index, _)) = least else { return Ok(()) };
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
            let dearer = state.cost > cost * DEARER + FLOOR;
            !state.uses.is_empty() && (more_steps || dearer)
        })
    }

    fn choice(&self) -> Choice {
        let (mean, total) = self.speedups(&BTreeMap::new());
        Choice {
            set: self.set.clone(),
            geomean: mean.exp(),
            total: total.exp(),
            price: self.price(&self.set),
        }
    }
}

/// How much the total counts beside the mean statement.
const TOTAL_SHARE: f64 = 0.5;
/// The most steps of adding and swapping.
const IMPROVEMENTS: usize = 3;
/// A gain below this is not worth a step.
const LEAST_GAIN: f64 = 1e-4;
