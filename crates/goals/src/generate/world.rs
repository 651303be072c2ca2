//! What all tables share: the plan, the keys, and who belongs to whom.

use super::clock::{self, Format, Micros};
use super::forest::{Forest, Kind, Place};
use super::keys::{Keys, Purpose, Uuid};
use super::options::Options;
use crate::schema::Variant;
use rand_pcg::Pcg64;

/// Instances per session: 21 sessions of the real development file.
const INSTANCES: [u64; 21] = [0, 0, 1, 1, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 5, 5, 6, 6, 7, 8, 10];
/// Metric values per instance, for 79 instances: how many have at most 0, 1, 2, ... values.
const VALUES: [(u64, u64); 7] = [(39, 0), (48, 1), (59, 2), (68, 3), (74, 4), (75, 6), (79, 7)];
/// Metric definitions per activity, for 20 activities.
const METRICS: [u64; 20] = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 3];

/// All that a table needs to write its rows.
#[derive(Debug)]
pub struct World {
    pub options: Options,
    pub keys: Keys,
    pub forest: Forest,
    /// The goal at the top of each fractal.
    roots: Vec<Uuid>,
}

/// An activity done in a session.
#[derive(Debug, Clone, Copy)]
pub struct Instance {
    pub ordinal: u64,
    pub id: Uuid,
    pub activity: Place,
    /// How many metric values were noted.
    pub values: u64,
}

impl World {
    pub fn new(options: &Options) -> Self {
        let (forest, keys) = (Forest::new(options), Keys { seed: options.seed });
        let mut world = Self { options: options.clone(), keys, forest, roots: Vec::new() };
        let root = |fractal| world.id(Place { kind: Kind::Root, fractal, index: 0 });
        world.roots = (0..world.forest.fractals()).map(root).collect();
        world
    }

    /// Whether the tables are the development file's, which hold some things twice.
    pub fn is_development(&self) -> bool {
        self.options.variant == Variant::Development
    }

    /// A number that no other place has.
    pub fn number(&self, place: Place) -> u64 {
        self.forest.ordinal(place) * 16 + place.kind as u64
    }

    pub fn id(&self, place: Place) -> Uuid {
        self.keys.id(Purpose::Place, self.number(place))
    }

    pub fn rng(&self, place: Place) -> Pcg64 {
        self.keys.rng(Purpose::Place, self.number(place))
    }

    /// The id of the goal at the top of a fractal.
    pub fn root(&self, fractal: usize) -> Uuid {
        self.roots.get(fractal).copied().unwrap_or_else(|| self.keys.deleted(fractal as u64))
    }

    /// The time as the application writes it.
    pub fn stamp(&self, at: Micros) -> String {
        clock::text(at, Format::Blank)
    }

    /// Which of 21 cards the session has; a purpose has its own cards.
    pub fn card(&self, purpose: Purpose, session: Place) -> u64 {
        self.keys.deal(purpose, self.forest.ordinal(session), 21)
    }

    /// A row of another kind in the same fractal that was lately made when this one was.
    pub fn recent(&self, kind: Kind, place: Place, purpose: Purpose, within: u64) -> Option<Place> {
        self.forest.newest(kind, place, self.keys.below(purpose, self.number(place), within))
    }

    /// The goal on which a goal hangs. 6 of 21 sessions hang on none, as the application leaves them.
    pub fn parent(&self, place: Place) -> Option<Place> {
        use Kind::{Immediate, Long, Micro, Mid, Nano, Root, Session, Short};
        let kind = match place.kind {
            Long => Root,
            Mid => Long,
            Short => Mid,
            Session if self.card(Purpose::Parent, place) >= 6 => Short,
            Immediate => Session,
            Micro => Immediate,
            Nano => Micro,
            _ => return None,
        };
        self.recent(kind, place, Purpose::Parent, 3)
    }

    /// How many metrics an activity has.
    pub fn metrics(&self, activity: Place) -> u64 {
        let card = self.keys.deal(Purpose::Metric, self.forest.ordinal(activity), METRICS.len() as u64);
        METRICS.get(card as usize).copied().unwrap_or(0)
    }

    /// 8 of 20 activities are done in sets.
    pub fn has_sets(&self, activity: Place) -> bool {
        self.keys.deal(Purpose::Activity, self.forest.ordinal(activity), 20) >= 12
    }

    pub fn metric_id(&self, activity: Place, metric: u64) -> Uuid {
        self.keys.id(Purpose::Metric, self.forest.ordinal(activity) * 4 + metric)
    }

    /// How many splits an activity has: 1 of 20 has two.
    pub fn splits(&self, activity: Place) -> u64 {
        if self.keys.deal(Purpose::Split, self.forest.ordinal(activity), 20) == 0 { 2 } else { 0 }
    }

    pub fn split_id(&self, activity: Place, split: u64) -> Uuid {
        self.keys.id(Purpose::Split, self.forest.ordinal(activity) * 8 + split)
    }

    /// The activities done in a session.
    pub fn instances(&self, session: Place) -> impl Iterator<Item = Instance> {
        let cards = INSTANCES.len() as u64;
        let ordinal = self.forest.ordinal(session);
        let hand = self.keys.hand(Purpose::Instance, ordinal / cards, cards);
        let count = move |position| INSTANCES.get(hand(position) as usize).copied().unwrap_or(0);
        let position = ordinal % cards;
        let first = ordinal / cards * INSTANCES.iter().sum::<u64>() + (0..position).map(&count).sum::<u64>();
        (0..count(position)).map(move |i| self.instance(session, first + i, i))
    }

    fn instance(&self, session: Place, ordinal: u64, index: u64) -> Instance {
        let card = self.keys.deal(Purpose::Value, ordinal, 79);
        let values = VALUES.iter().find(|(upto, _)| card < *upto).map_or(0, |(_, values)| *values);
        let id = self.keys.id(Purpose::Instance, ordinal);
        // One of those that the fractal already has, another for each instance of the session.
        let first = Place { kind: Kind::Activity, fractal: session.fractal, index: 0 };
        let known = self.forest.newest(Kind::Activity, session, 0).unwrap_or(first).index + 1;
        let start = index + self.keys.below(Purpose::Activity, ordinal, 4);
        let older = (start..start + known).map(|back| known - 1 - back % known);
        // Values need an activity with metrics; if the fractal has none yet, a later one.
        let newer = known..self.forest.count(session.fractal, Kind::Activity);
        let mut activities = older.chain(newer).map(|index| Place { index, ..first });
        match activities.find(|&activity| values == 0 || self.metrics(activity) > 0) {
            Some(activity) => Instance { ordinal, id, activity, values },
            None => Instance { ordinal, id, activity: first, values: 0 },
        }
    }
}
