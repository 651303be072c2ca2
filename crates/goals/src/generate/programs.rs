//! Programs: blocks of days on which sessions are scheduled.

use super::blocks::{COLORS, DAYS};
use super::clock::{self, DAY, Format};
use super::faults;
use super::forest::{Kind, Place};
use super::keys::{Purpose, Uuid};
use super::row::row;
use super::world::World;
use super::{json, text};
use rand::RngExt;

row! {
    /// A plan of some weeks.
    Program of "programs" {
        id: Uuid,
        root_id: Uuid,
        name: String,
        description: String,
        start_date: String,
        end_date: String,
        created_at: String,
        updated_at: String,
        is_active: bool,
        goal_ids: String,
        weekly_schedule: String,
    }
}

row! {
    /// A part of a program.
    Block of "program_blocks" {
        id: String,
        program_id: Uuid,
        name: String,
        start_date: String,
        end_date: String,
        color: &'static str,
        goal_ids: String,
    }
}

row! {
    /// A day of a block.
    Day of "program_days" {
        id: Uuid,
        block_id: String,
        date: String,
        day_number: i64,
        name: String,
        notes: Option<String>,
    }
}

row! {
    /// A session planned for a day.
    Scheduled of "scheduled_sessions" {
        id: Uuid,
        day_id: Uuid,
        session_template_id: Option<Uuid>,
        is_completed: bool,
        completion_data: Option<String>,
    }
}

impl World {
    pub fn programs(&self) -> impl Iterator<Item = Program> {
        self.forest.timeline(&[Kind::Program]).map(|(time, place)| {
            let mut rng = self.rng(place);
            Program {
                id: self.id(place),
                root_id: self.root(place.fractal),
                name: text::title(&mut rng),
                description: text::sentence(&mut rng),
                start_date: self.stamp(midnight(time)),
                end_date: self.stamp(midnight(time) + 42 * DAY),
                created_at: self.stamp(time),
                updated_at: self.stamp(time),
                is_active: rng.random_ratio(3, 4),
                goal_ids: json::goal_ids(self, place),
                weekly_schedule: json::schedule(self, place),
            }
        })
    }

    pub fn blocks(&self) -> impl Iterator<Item = Block> {
        self.forest.timeline(&[Kind::Program]).flat_map(move |(_, program)| {
            (0..3_u64).zip(COLORS).map(move |(block, color)| {
                let (start, end) = self.block_dates(program, block);
                Block {
                    id: self.block_id(program, block),
                    program_id: self.id(program),
                    name: self.block_name(program, block),
                    start_date: start,
                    end_date: end,
                    color,
                    goal_ids: if block == 0 { json::goal_ids(self, program) } else { "[]".to_owned() },
                }
            })
        })
    }

    pub fn days(&self) -> impl Iterator<Item = Day> {
        self.program_days().map(|(program, block, number)| {
            let first = midnight(self.forest.time(program)) + 14 * DAY * block as i64;
            let mut rng = self.keys.rng(Purpose::Day, self.day_ordinal(program, block, number));
            Day {
                id: self.day_id(program, block, number),
                block_id: self.block_id(program, block),
                date: clock::text(first + DAY * number as i64, Format::Date),
                day_number: number as i64,
                name: text::noun(&mut rng),
                notes: rng.random_ratio(1, 5).then(|| text::sentence(&mut rng)),
            }
        })
    }

    pub fn scheduled_sessions(&self) -> impl Iterator<Item = Scheduled> {
        self.program_days().map(|(program, block, number)| {
            let ordinal = self.day_ordinal(program, block, number);
            let template = self.forest.newest(Kind::Template, program, ordinal % 3);
            let is_completed = self.keys.below(Purpose::Scheduled, ordinal, 5) == 0;
            Scheduled {
                id: self.keys.id(Purpose::Scheduled, ordinal),
                day_id: self.day_id(program, block, number),
                session_template_id: template
                    .filter(|_| !faults::hits(self, Purpose::Scheduled, ordinal))
                    .map(|template| self.id(template)),
                is_completed,
                completion_data: is_completed.then(|| "{\"rating\": 4}".to_owned()),
            }
        })
    }

    fn program_days(&self) -> impl Iterator<Item = (Place, u64, u64)> {
        self.forest.timeline(&[Kind::Program]).flat_map(|(_, program)| {
            (0..3).zip(DAYS).flat_map(move |(block, days)| (1..=days).map(move |day| (program, block, day)))
        })
    }
}

fn midnight(time: clock::Micros) -> clock::Micros {
    time - time.rem_euclid(DAY)
}
