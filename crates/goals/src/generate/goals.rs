//! Goals, sessions among them, and the links between sessions and goals.

use super::clock::{self, DAY, Format, Micros, SECOND};
use super::faults::{self, GoalFault};
use super::forest::{GOALS, Kind, Place};
use super::keys::{Purpose, Uuid};
use super::row::row;
use super::world::World;
use super::{json, text};
use rand::RngExt;

row! {
    /// A goal of any type; a practice session is one too.
    Goal of "goals" {
        id: Uuid,
        kind as "type": &'static str,
        name: String,
        description: String,
        deadline: Option<String>,
        completed: bool,
        created_at: String,
        parent_id: Option<String>,
        root_id: Option<Uuid>,
        duration_minutes: Option<u32>,
        session_data: Option<String>,
        attributes: Option<String>,
        updated_at: Option<String>,
        session_start: Option<String>,
        session_end: Option<String>,
        total_duration_seconds: Option<i64>,
        template_id: Option<Uuid>,
    }
}

row! {
    /// That a session serves a short-term goal.
    Link of "practice_session_goals" {
        practice_session_id: Uuid,
        short_term_goal_id: Uuid,
    }
}

impl World {
    pub fn goals(&self) -> impl Iterator<Item = Goal> {
        self.forest.timeline(&GOALS).map(|(time, place)| {
            let mut goal = self.goal(time, place);
            if place.kind == Kind::Session {
                self.fill_session(time, place, &mut goal);
            }
            if let Some(fault) = faults::of_goal(self, place) {
                self.spoil(place, fault, &mut goal);
            }
            goal
        })
    }

    /// Every goal; as the application leaves it, only a session knows its root.
    fn goal(&self, time: Micros, place: Place) -> Goal {
        let mut rng = self.rng(place);
        let is_session = place.kind == Kind::Session;
        Goal {
            id: self.id(place),
            kind: self.type_of(place),
            name: text::goal(&mut rng),
            description: if rng.random_ratio(1, 3) { text::sentence(&mut rng) } else { String::new() },
            deadline: rng
                .random_ratio(if is_session { 0 } else { 1 }, 8)
                .then(|| self.stamp(time + DAY * rng.random_range(7..180))),
            completed: rng.random_ratio(1, 45),
            created_at: self.stamp(time),
            parent_id: self.parent(place).map(|parent| self.id(parent).to_string()),
            root_id: is_session.then(|| self.root(place.fractal)),
            duration_minutes: None,
            session_data: None,
            attributes: None,
            updated_at: None,
            session_start: None,
            session_end: None,
            total_duration_seconds: None,
            template_id: None,
        }
    }

    fn type_of(&self, place: Place) -> &'static str {
        match place.kind {
            Kind::Root if self.forest.is_lone(place.fractal) => "LongTermGoal",
            Kind::Long => "LongTermGoal",
            Kind::Mid => "MidTermGoal",
            Kind::Short => "ShortTermGoal",
            Kind::Session => "PracticeSession",
            Kind::Immediate => "ImmediateGoal",
            Kind::Micro => "MicroGoal",
            Kind::Nano => "NanoGoal",
            _ => "UltimateGoal",
        }
    }

    /// What only sessions have. Production keeps it in `session_data` alone; development has promoted it to columns.
    fn fill_session(&self, time: Micros, place: Place, goal: &mut Goal) {
        // The number of the card stands for one of the 21 real sessions: some have an end, most have data.
        let card = self.card(Purpose::Session, place);
        let mut rng = self.keys.rng(Purpose::Session, self.number(place));
        let minutes = [10, 20, 30, 45, 65].get(rng.random_range(0..5_usize)).copied().unwrap_or(30);
        let template = self.recent(Kind::Template, place, Purpose::Template, 3);
        let length = SECOND * rng.random_range(300..4_000) + rng.random_range(0..SECOND);
        if card < 19 {
            goal.duration_minutes = Some(minutes);
            goal.session_data = json::session(self, time, place, template, minutes);
        }
        if card < 8 {
            goal.updated_at = Some(self.stamp(time + length));
        }
        if !self.is_development() {
            return;
        }
        goal.attributes.clone_from(&goal.session_data);
        goal.template_id = template.filter(|_| (1..19).contains(&card)).map(|place| self.id(place));
        goal.session_start =
            (card < 20).then(|| clock::text(time, if card == 0 { Format::T } else { Format::Blank }));
        goal.session_end = (card < 8)
            .then(|| clock::text(time + length, if card == 0 { Format::Browser } else { Format::T }));
        goal.total_duration_seconds = (card < 7).then_some(length / SECOND);
    }

    fn spoil(&self, place: Place, fault: GoalFault, goal: &mut Goal) {
        let missing = self.keys.deleted(self.number(place));
        let neighbour = (place.fractal + 1) % self.forest.fractals().max(1);
        match fault {
            GoalFault::Orphan => goal.parent_id = Some(missing.to_string()),
            GoalFault::EmptyParent => goal.parent_id = Some(String::new()),
            GoalFault::SelfParent => goal.parent_id = Some(goal.id.to_string()),
            GoalFault::Cycle => goal.parent_id = Some(self.id(faults::partner(self, place)).to_string()),
            GoalFault::WrongRoot if neighbour != place.fractal => goal.root_id = Some(self.root(neighbour)),
            GoalFault::DanglingRoot | GoalFault::WrongRoot => goal.root_id = Some(missing),
        }
    }

    /// 8 of 21 sessions have no link, 12 have one and 1 has two.
    pub fn links(&self) -> impl Iterator<Item = Link> {
        self.forest.timeline(&[Kind::Session]).flat_map(move |(_, session)| {
            let links = match self.card(Purpose::Parent, session) {
                0..8 => 0,
                8..20 => 1,
                _ => 2,
            };
            let first = self.parent(session).filter(|_| links > 0);
            let second = first.filter(|_| links > 1).map(|goal| match goal.index {
                0 => Place { index: 1, ..goal },
                i => Place { index: i - 1, ..goal },
            });
            let exists = |goal: &Place| goal.index < self.forest.count(goal.fractal, goal.kind);
            first.into_iter().chain(second.filter(exists)).map(move |goal| Link {
                practice_session_id: self.id(session),
                short_term_goal_id: self.id(goal),
            })
        })
    }
}
