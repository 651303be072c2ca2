//! The blocks and days of a program: how they are numbered, named and dated, in their own tables and in the JSON texts.

use super::clock::{self, DAY, Format};
use super::forest::{Kind, Place};
use super::keys::{Purpose, Uuid};
use super::text;
use super::world::World;

/// Days of the three blocks of a program, 5 in all.
pub const DAYS: [u64; 3] = [1, 2, 2];
pub const COLORS: [&str; 3] = ["#3A86FF", "#ff388e", "#3A86FF"];

impl World {
    /// Made by the browser: the milliseconds since 1970 as text, 13 digits.
    pub fn block_id(&self, program: Place, block: u64) -> String {
        let ordinal = self.forest.ordinal(program) * 3 + block;
        // Each block has a millisecond of its own within the five years before the end.
        let room = (5 * 365 * DAY / 1000) as u64 / (self.forest.total(Kind::Program) * 3).max(1);
        let within = self.keys.below(Purpose::Block, ordinal, room.max(1));
        (clock::END as u64 / 1000 - ordinal * room.max(1) - within - 1).to_string()
    }

    pub fn block_name(&self, program: Place, block: u64) -> String {
        text::noun(&mut self.keys.rng(Purpose::Block, self.forest.ordinal(program) * 3 + block))
    }

    /// First and last day of a block.
    pub fn block_dates(&self, program: Place, block: u64) -> (String, String) {
        let first = self.forest.time(program) + 14 * DAY * block as i64;
        (clock::text(first, Format::Date), clock::text(first + 13 * DAY, Format::Date))
    }

    pub fn day_id(&self, program: Place, block: u64, number: u64) -> Uuid {
        self.keys.id(Purpose::Day, self.day_ordinal(program, block, number))
    }

    /// A number that no other day has.
    pub fn day_ordinal(&self, program: Place, block: u64, number: u64) -> u64 {
        self.forest.ordinal(program) * 16 + block * 4 + number
    }
}
