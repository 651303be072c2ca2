//! What was done in sessions: activity instances and the values noted for them. Two thirds of all rows.

use super::clock::{self, Format, SECOND};
use super::faults;
use super::forest::Kind;
use super::keys::{Purpose, Uuid};
use super::row::row;
use super::world::World;
use rand::RngExt;

row! {
    /// An activity done in a session.
    ActivityInstance of "activity_instances" {
        id: Uuid,
        practice_session_id: Uuid,
        activity_definition_id: Uuid,
        created_at: String,
        time_start: Option<String>,
        time_stop: Option<String>,
        duration_seconds: Option<i64>,
        root_id: Uuid,
    }
}

row! {
    /// A number noted for it.
    MetricValue of "metric_values" {
        id: Uuid,
        activity_instance_id: Uuid,
        metric_definition_id: Uuid,
        value: f64,
        split_definition_id: Option<Uuid>,
        root_id: Uuid,
    }
}

impl World {
    pub fn activity_instances(&self) -> impl Iterator<Item = ActivityInstance> {
        self.forest.timeline(&[Kind::Session]).flat_map(move |(time, session)| {
            let (id, root_id) = (self.id(session), self.root(session.fractal));
            self.instances(session).map(move |instance| {
                let mut rng = self.keys.rng(Purpose::Instance, instance.ordinal);
                // Cards of 79: 52 were made with their session, 14 were timed, 11 of them to the end.
                let card = self.keys.deal(Purpose::Activity, instance.ordinal, 79);
                let created = if card < 52 { time } else { time + SECOND * rng.random_range(30..3_000) };
                let start = created + SECOND * rng.random_range(1..60) + rng.random_range(0..SECOND);
                let duration = rng.random_range(0..750);
                let lost = faults::hits(self, Purpose::Instance, instance.ordinal);
                ActivityInstance {
                    id: instance.id,
                    practice_session_id: if lost { self.keys.deleted(instance.ordinal) } else { id },
                    activity_definition_id: self.id(instance.activity),
                    created_at: clock::text(
                        created,
                        if card >= 73 { Format::Seconds } else { Format::Blank },
                    ),
                    time_start: (card >= 65).then(|| self.stamp(start)),
                    time_stop: (card >= 68).then(|| self.stamp(start + duration * SECOND)),
                    duration_seconds: (card >= 68).then_some(duration),
                    root_id,
                }
            })
        })
    }

    pub fn metric_values(&self) -> impl Iterator<Item = MetricValue> {
        let sessions = self.forest.timeline(&[Kind::Session]);
        let instances = sessions.flat_map(move |(_, session)| self.instances(session));
        instances.flat_map(move |instance| {
            let metrics = self.metrics(instance.activity).max(1);
            let splits = self.splits(instance.activity);
            let root_id = self.root(instance.activity.fractal);
            (0..instance.values).map(move |index| {
                let ordinal = instance.ordinal * 8 + index;
                let lost = faults::hits(self, Purpose::Value, ordinal);
                MetricValue {
                    id: self.keys.id(Purpose::Value, ordinal),
                    activity_instance_id: if lost { self.keys.deleted(ordinal) } else { instance.id },
                    metric_definition_id: self.metric_id(instance.activity, index % metrics),
                    value: self.value(ordinal),
                    split_definition_id: (splits > 0)
                        .then(|| self.split_id(instance.activity, index / metrics % splits)),
                    root_id,
                }
            })
        })
    }

    /// 1 to 150, small ones more often, mean 38; 97 of 100 are whole numbers.
    pub fn value(&self, ordinal: u64) -> f64 {
        let bits = self.keys.bits(Purpose::Value, ordinal);
        let (one, two, three) = (bits % 149, (bits >> 16) % 149, (bits >> 32) % 100);
        let whole = 1 + (one * two + 74) / 149;
        whole as f64 + if three < 3 { 0.5 } else { 0.0 }
    }
}
