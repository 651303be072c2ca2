//! The faults that years of use without enforced foreign keys left in the real files.

use super::forest::{Kind, Place};
use super::keys::Purpose;
use super::world::World;

/// What is wrong with a goal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GoalFault {
    /// Its parent was deleted.
    Orphan,
    /// Its parent_id is an empty text.
    EmptyParent,
    /// It is its own parent.
    SelfParent,
    /// It and a neighbour are each other's parents.
    Cycle,
    /// Its root_id names a fractal that was deleted.
    DanglingRoot,
    /// Its root_id names another fractal.
    WrongRoot,
}

use GoalFault::{Cycle, DanglingRoot, EmptyParent, Orphan, SelfParent, WrongRoot};

/// Whether a row is one of the `dirty` share. Rows of different purposes are drawn independently.
pub fn hits(world: &World, purpose: Purpose, ordinal: u64) -> bool {
    let row = world.keys.bits(purpose, ordinal);
    let dice = world.keys.bits(Purpose::Fault, row) >> 11;
    (dice as f64) < world.options.dirty * (1_u64 << 53) as f64
}

/// The fault of a goal, if it has one.
///
/// Two neighbours share their fate, so that a cycle closes. Roots are spared: without them there is no fractal.
pub fn of_goal(world: &World, place: Place) -> Option<GoalFault> {
    if place.kind == Kind::Root || world.options.dirty == 0.0 {
        return None;
    }
    let pair = world.number(Place { index: place.index & !1, ..place });
    if !hits(world, Purpose::Parent, pair) {
        return None;
    }
    let faults = [Orphan, EmptyParent, SelfParent, Cycle, DanglingRoot, WrongRoot];
    faults.get(world.keys.below(Purpose::Fault, pair, faults.len() as u64) as usize).copied()
}

/// The other half of a cycle: the neighbour, or the goal itself if it is the last of its kind.
pub fn partner(world: &World, place: Place) -> Place {
    let index = place.index ^ 1;
    if index < world.forest.count(place.fractal, place.kind) { Place { index, ..place } } else { place }
}
