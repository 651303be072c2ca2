//! Chooses the set: backward elimination from all finalists, then adding and swapping.
//!
//! Starting from everything and removing what is missed least needs far fewer runs than growing a set
//! (compare Whang, "Index Selection in Relational Databases", 1985, with Schlosser et al., "Efficient Scalable
//! Multi-attribute Index Selection", ICDE 2019). Indexes that the database has take part: what is not missed goes.

use crate::advise::lab::{Lab, Measured, Question, Set};
use crate::advise::weigh::{DEARER, FLOOR, State, Weighing};
use crate::error::Result;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

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

/// How the search went.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Curve {
    /// One choice for each exchange rate.
    pub choices: Vec<Choice>,
    /// The time ran out before the search ended.
    pub stopped: bool,
    /// For the choice that was asked for, where all sets could be tried.
    pub optimum: Option<Optimum>,
}

/// What trying all sets found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Optimum {
    /// How many sets there are.
    pub sets: u64,
    /// How much less the search alone had found, as a share of the best set's value: 0 if it had found the best.
    pub gap: f64,
}

/// How many times the lowest known cost a run may cost before it is stopped, at first and in the end.
const FIRST_PATIENCE: f64 = 4.0;
const LAST_PATIENCE: f64 = 4096.0;
/// How many indexes are asked about at once, so that all workers have something to do.
const AT_ONCE: usize = 4;
/// The most steps of adding and swapping.
const IMPROVEMENTS: usize = 3;
/// A gain below this is not worth a step.
const LEAST_GAIN: f64 = 1e-4;
/// The rate at which it is found out what could be had: next to nothing is charged.
const GENEROUS: f64 = 0.05;
/// What is attainable counts as no less than twice the speed, lest little be paid for with much.
const LITTLE: f64 = 1.04;
/// How many times slower an index must make a statement that reads it to be told as harmful.
const HARM: f64 = 1.5;
/// How many times faster a statement must get by an index that takes the place of one that stands.
const WORTH_EXCHANGING: f64 = 1.25;
/// The most finalists of which all sets are tried.
const FEW: usize = 8;

/// What removing an index would do to the score.
#[derive(Debug, Clone, Copy)]
struct Gain {
    score: f64,
    /// Some run was stopped, so the true gain is lower.
    bounded: bool,
    patience: f64,
    /// Something that it works with has gone since.
    stale: bool,
}

/// Chooses among the candidates of the lab once for each exchange rate, from the most generous to the most frugal; each
/// search begins where the last one ended. `base` is what each statement costs with the indexes that stand, `bare` what it
/// costs without those that could go. Where few finalists are left, all their sets are tried for the rate at position
/// `wanted`.
///
/// A rate of 0.2 says: an index as large as the database must bring a fifth of the speed-up (as a logarithm) that could be
/// had at all over the bare tables. So a rate means the same for a workload that indexes help tenfold and for one that they
/// help twofold, and it stays the same when the advice was followed.
///
/// # Errors
/// Those of [`Lab::ask`].
pub fn curve(
    lab: &mut Lab<'_>,
    weighing: &Weighing,
    base: &[Measured],
    bare: &[Measured],
    rates: &[f64],
    wanted: usize,
    deadline: Option<Instant>,
) -> Result<Curve> {
    let mut search = Search::new(lab, weighing, base, deadline)?;
    search.exchange = GENEROUS;
    search.eliminate()?;
    let attainable = weighing.value(weighing.speedup(bare, search.states.iter())).max(LITTLE);
    let mut curve = Curve::default();
    for (i, rate) in rates.iter().enumerate() {
        search.exchange = rate * attainable;
        search.eliminate()?;
        // Adding and swapping asks far more than removing, so only the set that is advised is worth it.
        if i == wanted {
            search.improve()?;
        }
        search.repair()?;
        let found = (search.set.clone(), search.states.clone());
        search.fit()?;
        if i == wanted {
            curve.optimum = search.exhaust()?;
        }
        search.settle()?;
        curve.choices.push(search.choice());
        (search.set, search.states) = found;
    }
    curve.stopped = search.is_late();
    Ok(curve)
}

struct Search<'l, 'w> {
    lab: &'l mut Lab<'w>,
    weighing: &'l Weighing,
    base: &'l [Measured],
    deadline: Option<Instant>,
    exchange: f64,
    set: Set,
    states: Vec<State>,
    /// The lowest cost known of each statement, under whatever set.
    best: Vec<f64>,
}

impl<'l, 'w> Search<'l, 'w> {
    fn new(
        lab: &'l mut Lab<'w>,
        weighing: &'l Weighing,
        base: &'l [Measured],
        deadline: Option<Instant>,
    ) -> Result<Self> {
        let set: Set = (0..weighing.prices.len()).collect();
        let best = base.iter().map(Measured::cost).collect();
        let mut search = Self { lab, weighing, base, deadline, exchange: 0.0, set, states: vec![], best };
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

    /// A run that costs more than now need not be known more exactly.
    fn most(&self, statement: usize) -> f64 {
        let Some(base) = self.base.get(statement) else { return FLOOR };
        base.cost() * if base.counters.timed_out { 1.0 } else { DEARER * 1.1 } + FLOOR
    }

    fn value(&self, changed: &BTreeMap<usize, State>) -> f64 {
        let states = self.states.iter().enumerate().map(|(i, now)| changed.get(&i).unwrap_or(now));
        self.weighing.value(self.weighing.speedup(self.base, states))
    }

    /// The speed-up less the price.
    fn score(&self, set: &Set, changed: &BTreeMap<usize, State>) -> f64 {
        self.value(changed) - self.exchange * self.weighing.price(set)
    }

    fn is_late(&self) -> bool {
        self.deadline.is_some_and(|deadline| Instant::now() >= deadline)
    }

    /// The statements whose plan an index takes part in.
    fn touched_by(&self, index: usize) -> Vec<usize> {
        let states = self.states.iter().enumerate();
        states.filter(|(_, state)| state.uses.contains(&index)).map(|(s, _)| s).collect()
    }

    fn without(&self, index: usize) -> Set {
        self.set.iter().copied().filter(|i| *i != index).collect()
    }

    /// Removes the index that is missed least, again and again, while the score rises.
    ///
    /// What is missed can only grow while others go, so what was found earlier is a bound: only what looks best by the
    /// bounds is asked about again (Minoux, "Accelerated greedy algorithms", 1978). That holds nearly always, not always;
    /// so in the end all that was not asked lately is asked once more.
    fn eliminate(&mut self) -> Result<()> {
        let mut known: BTreeMap<usize, Gain> = BTreeMap::new();
        while !self.is_late() {
            self.remove_unused();
            known.retain(|i, _| self.set.contains(i));
            let open: Vec<usize> = self.set.iter().copied().filter(|i| !known.contains_key(i)).collect();
            known.extend(self.gains_of_removing(&open, FIRST_PATIENCE)?);
            let mut order: Vec<(usize, Gain)> = known.iter().map(|(i, gain)| (*i, *gain)).collect();
            order.sort_by(|a, b| b.1.score.total_cmp(&a.1.score).then(a.0.cmp(&b.0)));
            let Some((index, gain)) = order.first().copied().filter(|(_, gain)| gain.score > 0.0) else {
                let stale: Vec<usize> = known.iter().filter(|(_, g)| g.stale).map(|(i, _)| *i).collect();
                if stale.is_empty() {
                    return Ok(());
                }
                known.extend(self.gains_of_removing(&stale, FIRST_PATIENCE)?);
                continue;
            };
            if gain.stale {
                let again =
                    order.iter().filter(|(_, g)| g.stale && g.score > 0.0).take(AT_ONCE).map(|(i, _)| *i);
                let again: Vec<usize> = again.collect();
                known.extend(self.gains_of_removing(&again, FIRST_PATIENCE)?);
                continue;
            }
            // What looks dispensable only because its runs were stopped early is looked at longer.
            if gain.bounded && gain.patience < LAST_PATIENCE {
                known.extend(self.gains_of_removing(&[index], gain.patience * FIRST_PATIENCE)?);
                continue;
            }
            let affected = self.touched_by(index);
            let mut neighbours = self.used_by(&affected);
            self.move_to(self.without(index), affected.clone())?;
            // What is not read by a statement that changed its plan is missed neither more nor less than before.
            neighbours.extend(self.used_by(&affected));
            for (_, gain) in known.iter_mut().filter(|(i, _)| neighbours.contains(i)) {
                gain.stale = true;
            }
        }
        self.remove_unused();
        Ok(())
    }

    /// Removing what no plan reads changes no plan.
    fn remove_unused(&mut self) {
        let used = self.used_by(&(0..self.states.len()).collect::<Vec<_>>());
        self.set.retain(|i| used.contains(i));
    }

    fn used_by(&self, statements: &[usize]) -> Set {
        let states = statements.iter().filter_map(|s| self.states.get(*s));
        states.flat_map(|state| state.uses.iter().copied()).collect()
    }

    /// How the score changes when each is removed.
    fn gains_of_removing(&mut self, indexes: &[usize], patience: f64) -> Result<Vec<(usize, Gain)>> {
        let asked: Vec<_> = indexes.iter().map(|i| (self.without(*i), self.touched_by(*i))).collect();
        let now = self.score(&self.set, &BTreeMap::new());
        let found = self.states_under(&asked, patience)?;
        let mut gains = vec![];
        for ((index, (set, _)), states) in indexes.iter().zip(&asked).zip(found) {
            let bounded = states.iter().any(|(_, s)| s.bounded);
            let states: BTreeMap<usize, State> = states.into_iter().collect();
            let kept = self.weighing.standing.contains(index) && !self.may_go(*index, &states);
            let score = if kept { f64::NEG_INFINITY } else { self.score(set, &states) - now };
            gains.push((*index, Gain { score, bounded, patience, stale: false }));
        }
        Ok(gains)
    }

    /// True if an index that the database has can go: no statement is slower then, and either another index begins with
    /// its key or the statements that read it gain.
    fn may_go(&self, index: usize, without: &BTreeMap<usize, State>) -> bool {
        let replaced = self.weighing.repeated.contains(&index)
            || self.set.iter().any(|other| *other != index && self.lab.is_prefix(index, *other));
        let gains = |(s, state): (&usize, &State)| {
            self.states.get(*s).is_some_and(|now| now.cost > state.cost * HARM + FLOOR / 10.0)
        };
        !self.is_missed(without) && (replaced || without.iter().any(gains))
    }

    /// True if one of the statements would be slower than it is as the database stands.
    fn is_missed(&self, states: &BTreeMap<usize, State>) -> bool {
        let missed = |(s, state): (&usize, &State)| {
            self.base.get(*s).is_some_and(|base| self.weighing.is_missed(*s, base, state))
        };
        states.iter().any(missed)
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
            if self.is_late() {
                return Ok(());
            }
            let now = self.score(&self.set, &BTreeMap::new());
            let asked = self.neighbours();
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

    /// The sets with one index more, and those with one in the place of another, each with the statements to ask.
    fn neighbours(&self) -> Vec<(Set, Vec<usize>)> {
        let mut asked = vec![];
        for new in (0..self.weighing.prices.len()).filter(|i| !self.set.contains(i)) {
            let with: Set = self.set.iter().copied().chain([new]).collect();
            let fits = self.fitting(new);
            let others = self.set.difference(&self.weighing.standing);
            for old in others.filter(|old| self.lab.same_table(**old, new)) {
                let users = self.touched_by(*old);
                // One can stand for the other only where a statement would use either.
                if users.iter().any(|s| fits.contains(s)) {
                    let without = self.without_replaced(with.iter().copied().filter(|i| i != old).collect());
                    let statements = self.noticing(&without, fits.iter().chain(&users));
                    asked.push((without, statements));
                }
            }
            let with = self.without_replaced(with);
            let statements = self.noticing(&with, fits.iter());
            asked.push((with, statements));
        }
        asked
    }

    /// Some statements, and all that read what is not in a set any more.
    fn noticing<'s>(&self, set: &Set, statements: impl Iterator<Item = &'s usize>) -> Vec<usize> {
        let gone = self.set.difference(set).flat_map(|i| self.touched_by(*i));
        statements.copied().chain(gone).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// A set less the standing indexes whose key another index of it begins with.
    fn without_replaced(&self, set: Set) -> Set {
        let replaced = |i: &usize| {
            self.weighing.standing.contains(i) && set.iter().any(|o| o != i && self.lab.is_prefix(*i, *o))
        };
        set.iter().copied().filter(|i| !replaced(i)).collect()
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
        let notices = |s: &usize| difference.iter().any(|i| self.lab.relevant(*s).contains(i));
        (0..self.states.len()).filter(notices).collect()
    }

    /// Puts back what a statement misses, and removes what makes one slower than it is now.
    fn repair(&mut self) -> Result<()> {
        for _ in 0..IMPROVEMENTS {
            if !self.mend()? {
                return Ok(());
            }
            self.eliminate()?;
        }
        self.mend().map(|_| ())
    }

    /// True if something was slower than now. Ends with nothing that is.
    fn mend(&mut self) -> Result<bool> {
        let mut any = false;
        while let Some(worse) = (0..self.states.len()).find(|s| self.is_worse(*s)) {
            any = true;
            let dropped = self.dropped(worse);
            if !dropped.is_empty() {
                let with: Set = self.set.union(&dropped).copied().collect();
                let statements = self.concerned(&with);
                self.move_to(with, statements)?;
                continue;
            }
            let used = self.states.get(worse).map(|s| s.uses.clone()).unwrap_or_default();
            let culprits: Vec<usize> = used.difference(&self.weighing.standing).copied().collect();
            let gains = self.gains_of_removing(&culprits, FIRST_PATIENCE)?;
            let least = gains.into_iter().max_by(|a, b| a.1.score.total_cmp(&b.1.score));
            let Some((index, _)) = least else { break };
            self.move_to(self.without(index), self.touched_by(index))?;
        }
        Ok(any)
    }

    /// The indexes that a statement could have used before and that are not in the set.
    fn dropped(&self, statement: usize) -> Set {
        let dropped = self.weighing.standing.difference(&self.set);
        dropped.filter(|i| self.lab.relevant(statement).contains(i)).copied().collect()
    }

    fn is_worse(&self, statement: usize) -> bool {
        let known = self.states.get(statement).zip(self.base.get(statement));
        known.is_some_and(|(state, base)| {
            self.weighing.is_worse(statement, base, state)
                || (self.weighing.is_missed(statement, base, state) && !self.dropped(statement).is_empty())
        })
    }

    /// Removes what is missed least until the set is within its limits.
    fn fit(&mut self) -> Result<()> {
        while !self.weighing.is_within(&self.set) {
            let new: Vec<usize> = self.set.difference(&self.weighing.standing).copied().collect();
            let gains = self.gains_of_removing(&new, FIRST_PATIENCE)?;
            // By the byte where bytes are what is short, so that one large index can make room for several.
            let share = |i: usize| match self.weighing.budget {
                Some(_) => self.weighing.bytes.get(i).copied().unwrap_or(1).max(1) as f64,
                None => 1.0,
            };
            let least = gains
                .into_iter()
                .max_by(|a, b| (a.1.score / share(a.0)).total_cmp(&(b.1.score / share(b.0))));
            let Some((index, _)) = least else { break };
            self.move_to(self.without(index), self.touched_by(index))?;
        }
        Ok(())
    }

    /// Tries all sets of new indexes where there are few, beside those that the search leaves standing, and moves to the
    /// best.
    fn exhaust(&mut self) -> Result<Option<Optimum>> {
        let new: Vec<usize> =
            (0..self.weighing.prices.len()).filter(|i| !self.weighing.standing.contains(i)).collect();
        if new.is_empty() || new.len() > FEW || self.is_late() {
            return Ok(None);
        }
        let statements: Vec<usize> = (0..self.states.len()).collect();
        let found = self.score(&self.set, &BTreeMap::new());
        let mut best = (found, self.set.clone());
        let left: Set = self.set.intersection(&self.weighing.standing).copied().collect();
        let chosen =
            |bits: u64| new.iter().enumerate().filter(move |(at, _)| bits >> at & 1 == 1).map(|(_, i)| *i);
        let sets: Vec<Set> =
            (0..1u64 << new.len()).map(|bits| chosen(bits).chain(left.iter().copied()).collect()).collect();
        let sets: Vec<Set> = sets.into_iter().map(|set| self.without_replaced(set)).collect();
        let asked = sets.iter().filter(|set| self.weighing.is_within(set)).cloned();
        let asked: Vec<_> = asked.map(|set| (set, statements.clone())).collect();
        let found_under = self.states_under(&asked, LAST_PATIENCE)?;
        for ((set, _), states) in asked.iter().zip(found_under) {
            let states: BTreeMap<usize, State> = states.into_iter().collect();
            let drops = self.weighing.standing.difference(set).next().is_some();
            let worse = |s: &usize, state: &State| {
                let base = self.base.get(*s);
                base.is_some_and(|base| self.weighing.is_worse(*s, base, state))
            };
            if states.iter().any(|(s, state)| worse(s, state)) || (drops && self.is_missed(&states)) {
                continue;
            }
            let score = self.score(set, &states);
            // Among equals what the search found stays, so that nothing is advised that no plan reads.
            if score > best.0 + LEAST_GAIN {
                best = (score, set.clone());
            }
        }
        let gap = if best.0 > found { (best.0 - found) / best.0.abs().max(LEAST_GAIN) } else { 0.0 };
        self.move_to(best.1, statements)?;
        Ok(Some(Optimum { sets: sets.len() as u64, gap: gap.min(1.0) }))
    }

    /// Puts back what stood where the new index in its place does little more: an exchange has to be worth the trouble.
    fn settle(&mut self) -> Result<()> {
        let gone: Vec<usize> = self.weighing.standing.difference(&self.set).copied().collect();
        for old in gone {
            let fits = self.fitting(old);
            if self.is_read_again(old, &fits)? {
                continue;
            }
            let new = self.set.difference(&self.weighing.standing).copied();
            let rivals: Vec<usize> = new.filter(|new| self.lab.same_table(old, *new)).collect();
            for new in rivals {
                let users = self.touched_by(new);
                if !users.iter().any(|s| fits.contains(s)) {
                    continue;
                }
                let back: Set = self.without(new).into_iter().chain([old]).collect();
                let statements = self.noticing(&back, fits.iter().chain(&users));
                let states = self.states_under(&[(back.clone(), statements)], LAST_PATIENCE)?;
                let loses = |(s, state): &(usize, State)| {
                    let now = self.states.get(*s).map_or(0.0, |now| now.cost);
                    state.bounded || state.cost + FLOOR > (now + FLOOR) * WORTH_EXCHANGING
                };
                if !states.iter().flatten().any(loses) {
                    let concerned = self.concerned(&back);
                    self.move_to(back, concerned)?;
                    break;
                }
            }
        }
        Ok(())
    }

    /// Puts an index back that statements would read as they do now, unless it does harm or another begins with its key.
    fn is_read_again(&mut self, old: usize, fits: &[usize]) -> Result<bool> {
        let back: Set = self.set.iter().copied().chain([old]).collect();
        if self.set.iter().any(|other| self.lab.is_prefix(old, *other))
            || self.weighing.repeated.contains(&old)
        {
            return Ok(false);
        }
        let states = self.states_under(&[(back.clone(), fits.to_vec())], LAST_PATIENCE)?;
        let harmed = |(s, state): &(usize, State)| {
            state.bounded
                || self.states.get(*s).is_some_and(|now| state.cost > now.cost * HARM + FLOOR / 10.0)
        };
        let reads = states.iter().flatten().any(|(_, state)| state.uses.contains(&old));
        if !reads || states.iter().flatten().any(harmed) {
            return Ok(false);
        }
        let concerned = self.concerned(&back);
        self.move_to(back, concerned)?;
        Ok(true)
    }

    fn choice(&self) -> Choice {
        let speedup = self.weighing.speedup(self.base, self.states.iter());
        let (geomean, total) = (speedup.mean.exp(), speedup.total.exp());
        Choice { set: self.set.clone(), geomean, total, price: self.weighing.price(&self.set) }
    }
}
