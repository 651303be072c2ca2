//! What a fractal practises: activities in groups, their metrics and splits, and templates for sessions.

use super::clock::{self, Format};
use super::forest::Kind;
use super::keys::{Purpose, Uuid};
use super::row::row;
use super::world::World;
use super::{json, text};
use rand::RngExt;

row! {
    /// Something that is practised.
    Activity of "activity_definitions" {
        id: Uuid,
        root_id: Uuid,
        name: String,
        description: String,
        created_at: String,
        has_sets: bool,
        has_metrics: bool,
        metrics_multiplicative: bool,
        has_splits: bool,
        group_id: Option<Uuid>,
    }
}

row! {
    /// A group of activities.
    Group of "activity_groups" {
        id: Uuid,
        root_id: Uuid,
        name: String,
        description: String,
        created_at: String,
        sort_order: i64,
    }
}

row! {
    /// What is measured of an activity.
    Metric of "metric_definitions" {
        id: Uuid,
        activity_id: Uuid,
        name: &'static str,
        unit: &'static str,
        created_at: String,
        is_active: bool,
        is_top_set_metric: bool,
        is_multiplicative: bool,
        root_id: Uuid,
    }
}

row! {
    /// A part of an activity, such as left and right.
    Split of "split_definitions" {
        id: Uuid,
        activity_id: Uuid,
        name: &'static str,
        order: i64,
        created_at: String,
        root_id: Uuid,
    }
}

row! {
    /// A plan for sessions.
    Template of "session_templates" {
        id: Uuid,
        name: String,
        description: String,
        root_id: Uuid,
        created_at: String,
        template_data: String,
    }
}

const METRICS: [(&str, &str); 8] = [
    ("Weight", "kg"),
    ("Reps", "reps"),
    ("Speed", "bpm"),
    ("Duration", "min"),
    ("Distance", "km"),
    ("Accuracy", "%"),
    ("Pages", "pages"),
    ("Score", "points"),
];

impl World {
    pub fn activities(&self) -> impl Iterator<Item = Activity> {
        self.forest.timeline(&[Kind::Activity]).map(|(time, place)| {
            let mut rng = self.rng(place);
            // 7 of 20 were written by the column's default, without fractions of a second.
            let card = self.keys.deal(Purpose::Activity, self.forest.ordinal(place), 20);
            Activity {
                id: self.id(place),
                root_id: self.root(place.fractal),
                name: text::thing(&mut rng),
                description: if card.is_multiple_of(4) { text::sentence(&mut rng) } else { String::new() },
                created_at: clock::text(time, if card < 7 { Format::Seconds } else { Format::Blank }),
                has_sets: self.has_sets(place),
                has_metrics: self.metrics(place) > 0 || rng.random_ratio(1, 3),
                metrics_multiplicative: card == 19,
                has_splits: self.splits(place) > 0,
                group_id: self
                    .forest
                    .newest(Kind::Group, place, rng.random_range(0..3))
                    .filter(|_| (3..10).contains(&card))
                    .map(|group| self.id(group)),
            }
        })
    }

    pub fn groups(&self) -> impl Iterator<Item = Group> {
        self.forest.timeline(&[Kind::Group]).map(|(time, place)| {
            let mut rng = self.rng(place);
            Group {
                id: self.id(place),
                root_id: self.root(place.fractal),
                name: text::noun(&mut rng),
                description: String::new(),
                created_at: self.stamp(time),
                sort_order: place.index as i64,
            }
        })
    }

    pub fn metric_definitions(&self) -> impl Iterator<Item = Metric> {
        self.forest.timeline(&[Kind::Activity]).flat_map(move |(time, activity)| {
            (0..self.metrics(activity)).map(move |index| {
                let number = self.forest.ordinal(activity) + index;
                let (name, unit) = METRICS.get((number % 8) as usize).copied().unwrap_or(("Score", "points"));
                Metric {
                    id: self.metric_id(activity, index),
                    activity_id: self.id(activity),
                    name,
                    unit,
                    created_at: self.stamp(time + index as i64),
                    is_active: true,
                    is_top_set_metric: self.keys.below(Purpose::Metric, number, 24) == 0,
                    is_multiplicative: true,
                    root_id: self.root(activity.fractal),
                }
            })
        })
    }

    pub fn split_definitions(&self) -> impl Iterator<Item = Split> {
        self.forest.timeline(&[Kind::Activity]).flat_map(move |(time, activity)| {
            let names = ["Left", "Right"].into_iter().zip(0..self.splits(activity));
            names.map(move |(name, order)| Split {
                id: self.split_id(activity, order),
                activity_id: self.id(activity),
                name,
                order: order as i64,
                created_at: self.stamp(time),
                root_id: self.root(activity.fractal),
            })
        })
    }

    pub fn templates(&self) -> impl Iterator<Item = Template> {
        self.forest.timeline(&[Kind::Template]).map(|(time, place)| {
            let mut rng = self.rng(place);
            Template {
                id: self.id(place),
                name: text::title(&mut rng),
                description: text::sentence(&mut rng),
                root_id: self.root(place.fractal),
                created_at: self.stamp(time),
                template_data: json::template(self, place),
            }
        })
    }
}
