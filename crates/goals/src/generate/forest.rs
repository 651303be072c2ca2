//! Which fractals there are, how many rows of each kind each has, and when each row was made.
//!
//! Everything follows from the options by arithmetic; the only memory is one line of numbers per fractal.

use super::clock::{DAY, END, Micros};
use super::keys::{Keys, Purpose};
use super::options::Options;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The kinds of rows that are counted per fractal. The order is that of their making.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Root,
    Long,
    Group,
    Mid,
    Activity,
    Short,
    Template,
    Program,
    Session,
    Immediate,
    Micro,
    Nano,
}

use Kind::{Activity, Group, Immediate, Long, Micro, Mid, Nano, Program, Root, Session, Short, Template};

const KINDS: usize = 12;
/// All kinds of goals.
pub const GOALS: [Kind; 8] = [Root, Long, Mid, Short, Session, Immediate, Micro, Nano];

/// A row: the how-manieth of its kind in which fractal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub kind: Kind,
    pub fractal: usize,
    pub index: u64,
}

/// The plan of the database.
#[derive(Debug)]
pub struct Forest {
    keys: Keys,
    span: Micros,
    /// How many fractals have a whole tree; the rest are long-term goals on their own, just begun.
    trees: usize,
    /// For each fractal and the end: how many rows of each kind come before it.
    before: Vec<[u64; KINDS]>,
}

impl Forest {
    /// Plants all fractals.
    pub fn new(options: &Options) -> Self {
        let fractals = options.fractals();
        let lone = fractals / 4;
        let trees = fractals - lone;
        let times = |n: f64| (n * options.scale).round() as u64;
        // Fewer fractals than the scale has room for leave goals over: they become the three lowest types.
        let spare = times(3.0).saturating_sub(trees);
        let totals = [
            (Long, times(7.0).saturating_sub(lone)),
            (Mid, times(7.0)),
            (Short, times(7.0)),
            (Session, times(21.0)),
            (Activity, times(20.0)),
            (Group, times(5.0)),
            (Template, times(10.0)),
        ];
        let (immediate, micro) = (spare - spare / 3 - spare / 6, spare / 3);
        let below = [(Immediate, Session, immediate), (Micro, Immediate, micro), (Nano, Micro, spare / 6)];
        let shares = Shares::new(trees, options.skew);

        let before = (0..=fractals).map(|fractal| {
            let tree = fractal.min(trees);
            let mut row = [0; KINDS];
            let mut set = |kind: Kind, count| {
                if let Some(cell) = row.get_mut(kind as usize) {
                    *cell = count
                }
            };
            set(Root, fractal);
            set(Program, shares.cut(times(1.0), tree));
            for (kind, total) in totals {
                // Each tree has at least one of each, so that no row lacks its parent.
                set(kind, tree + shares.cut(total.saturating_sub(trees), tree));
            }
            row
        });
        let mut before: Vec<_> = before.collect();
        for (kind, parent, total) in below {
            let parents = before.last().map_or(0, |row| at(row, parent));
            for row in &mut before {
                // Cut where the parents are cut: children only where there is a parent.
                let count =
                    (u128::from(at(row, parent)) * u128::from(total)).div_ceil(u128::from(parents.max(1)));
                if let Some(cell) = row.get_mut(kind as usize) {
                    *cell = count as u64;
                }
            }
        }
        // Nine days at scale 1, and 2.5 years at scale 10,000: people practise longer, not more a day.
        let span = (9.0 * options.scale.sqrt()).min(3650.0) as Micros * DAY;
        Self { keys: Keys { seed: options.seed }, span, trees: trees as usize, before }
    }

    /// How many fractals there are.
    pub fn fractals(&self) -> usize {
        self.before.len().saturating_sub(1)
    }

    /// How many rows of a kind there are in all.
    pub fn total(&self, kind: Kind) -> u64 {
        self.before.last().map_or(0, |row| at(row, kind))
    }

    /// How many rows of a kind a fractal has.
    pub fn count(&self, fractal: usize, kind: Kind) -> u64 {
        self.first(fractal + 1, kind) - self.first(fractal, kind)
    }

    /// A number that no other row of the kind has.
    pub fn ordinal(&self, place: Place) -> u64 {
        self.first(place.fractal, place.kind) + place.index
    }

    /// Whether the fractal is a long-term goal on its own.
    pub fn is_lone(&self, fractal: usize) -> bool {
        fractal >= self.trees
    }

    /// The row of another kind that was the newest when this one was made, or, `back`, one before it.
    ///
    /// None if the fractal has none of the kind.
    pub fn newest(&self, kind: Kind, place: Place, back: u64) -> Option<Place> {
        let (there, here) = (self.count(place.fractal, kind), self.count(place.fractal, place.kind));
        let index = u128::from(place.index) * u128::from(there) / u128::from(here.max(1));
        (there > 0).then(|| Place { kind, index: (index as u64).saturating_sub(back), ..place })
    }

    /// When a row was made. A parent is always older than its children, and of one kind a lower index is older.
    pub fn time(&self, place: Place) -> Micros {
        let (whole, slot) = self.slot(place);
        // Seconds and microseconds that no two rows share, without leaving the slot.
        let jitter =
            self.keys.below(Purpose::Birth, self.ordinal(place) * 16 + place.kind as u64, slot.max(1));
        whole + jitter as Micros
    }

    /// The moment from which a row may have been made, and for how long.
    fn slot(&self, place: Place) -> (Micros, u64) {
        let late = self.keys.below(Purpose::Birth, u64::MAX - place.fractal as u64, self.span as u64 / 2);
        let life = self.span - if place.fractal == 0 { 0 } else { late as Micros };
        let (step, count) = (life / 64, self.count(place.fractal, place.kind).max(1));
        let growing = life - step * (KINDS as Micros + 1);
        let share = i128::from(growing) * i128::from(place.index) / i128::from(count);
        let start = END - life + step * place.kind as Micros + share as Micros;
        (start, (growing as u64 / count).min(step as u64))
    }

    /// All rows of some kinds in the order in which they were made, the fractals side by side, as in life.
    pub fn timeline(&self, kinds: &[Kind]) -> Timeline<'_> {
        let mut next = BinaryHeap::new();
        for &kind in kinds {
            let firsts = (0..self.fractals()).map(|fractal| Place { kind, fractal, index: 0 });
            next.extend(
                firsts.filter(|p| self.count(p.fractal, kind) > 0).map(|p| Reverse((self.time(p), p))),
            );
        }
        Timeline { forest: self, next }
    }

    fn first(&self, fractal: usize, kind: Kind) -> u64 {
        self.before.get(fractal).map_or(0, |row| at(row, kind))
    }
}

fn at(row: &[u64; KINDS], kind: Kind) -> u64 {
    row.get(kind as usize).copied().unwrap_or(0)
}

/// See [`Forest::timeline`].
pub struct Timeline<'a> {
    forest: &'a Forest,
    next: BinaryHeap<Reverse<(Micros, Place)>>,
}

impl Iterator for Timeline<'_> {
    type Item = (Micros, Place);

    fn next(&mut self) -> Option<Self::Item> {
        let mut head = self.next.peek_mut()?;
        let Reverse((time, place)) = *head;
        let following = Place { index: place.index + 1, ..place };
        if following.index < self.forest.count(place.fractal, place.kind) {
            *head = Reverse((self.forest.time(following), following));
        } else {
            std::collections::binary_heap::PeekMut::pop(head);
        }
        Some((time, place))
    }
}

/// Zipf's law in whole numbers: what comes before each tree, of one million for the first.
struct Shares(Vec<u128>);

impl Shares {
    fn new(trees: u64, skew: f64) -> Self {
        let mut sums = vec![0];
        let mut sum = 0;
        for rank in 1..=trees {
            // Rounded far above the last bits of powf, which machines may compute differently.
            sum += ((1e6 / (rank as f64).powf(skew)).round() as u128).max(1);
            sums.push(sum);
        }
        Self(sums)
    }

    /// How many of `total` things belong to the trees before this one.
    fn cut(&self, total: u64, tree: u64) -> u64 {
        let sum = self.0.get(tree as usize).copied().unwrap_or(0);
        let all = self.0.last().copied().unwrap_or(1).max(1);
        ((2 * u128::from(total) * sum + all) / (2 * all)) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forest(scale: f64, skew: f64, fractals: Option<u64>) -> Forest {
        Forest::new(&Options { scale, skew, fractals, ..Options::default() })
    }

    #[test]
    fn scale_1_has_the_goals_of_the_real_development_file() {
        let forest = forest(1.0, 0.65, None);
        let counts = GOALS.map(|kind| forest.total(kind));
        assert_eq!(
            counts,
            [4, 6, 7, 7, 21, 0, 0, 0],
            "3 ultimate and 7 long-term goals, one of them on its own"
        );
        assert_eq!((0..4).map(|f| forest.count(f, Session)).collect::<Vec<_>>(), [9, 7, 5, 0]);
    }

    #[test]
    fn any_scale_skew_and_number_of_fractals_has_45_goals_a_scale_and_every_tree_is_complete() {
        for scale in [1.0, 2.5, 10.0, 333.0, 10_000.0] {
            for (skew, fractals) in [(0.0, None), (0.65, Some(1)), (1.0, None), (4.0, None)] {
                let forest = forest(scale, skew, fractals);
                let goals: u64 = GOALS.iter().map(|&kind| forest.total(kind)).sum();
                assert!(goals.abs_diff((45.0 * scale) as u64) <= 3, "{goals} at {scale}");
                for fractal in (0..forest.fractals()).filter(|&f| !forest.is_lone(f)) {
                    for kind in [Root, Long, Mid, Short, Session, Activity, Group, Template] {
                        assert!(forest.count(fractal, kind) > 0);
                    }
                    for (child, parent) in [(Immediate, Session), (Micro, Immediate), (Nano, Micro)] {
                        assert!(forest.count(fractal, child) == 0 || forest.count(fractal, parent) > 0);
                    }
                }
            }
        }
    }

    #[test]
    fn the_timeline_is_in_order_and_a_parent_is_older_than_its_child() {
        let forest = forest(30.0, 1.0, None);
        let mut last = Micros::MIN;
        let mut seen = 0;
        for (time, place) in forest.timeline(&GOALS) {
            assert!(time >= last && time < END);
            (last, seen) = (time, seen + 1);
            if let (Some(parent), false) = (forest.newest(Long, place, 0), place.kind <= Long) {
                assert!(forest.time(parent) < time, "{place:?}");
            }
        }
        assert_eq!(seen, 45 * 30);
    }
}
