//! The JSON texts, with the keys and sizes of the real ones. The names in them need no escapes.

use super::blocks::{COLORS, DAYS};
use super::clock::{Micros, SECOND};
use super::forest::{Kind, Place};
use super::keys::Purpose;
use super::options::Json;
use super::text;
use super::world::{Instance, World};
use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_pcg::Pcg64;
use std::fmt::Write;

const SECTIONS: [&str; 3] = ["Warm-up", "Main practice", "Cool-down"];
const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// A String takes every write.
macro_rules! push {
    ($to:expr, $($format:tt)*) => {{ let _ = write!($to, $($format)*); }};
}

/// `goals.session_data`, and in development `goals.attributes` too: what was planned and done, section by section.
///
/// A session that comes from a program names its day in `program_context`, at the top level.
pub fn session(
    world: &World,
    time: Micros,
    session: Place,
    template: Option<Place>,
    minutes: u32,
) -> Option<String> {
    if world.options.json == Json::None {
        return None;
    }
    let mut rng = world.keys.rng(Purpose::Context, world.number(session));
    let mut to = String::with_capacity(2048);
    to.push('{');
    if let Some(template) = template {
        let name = text::title(&mut world.rng(template));
        push!(to, "\"template_id\": \"{}\", \"template_name\": \"{name}\", ", world.id(template));
    }
    push!(to, "\"total_duration_minutes\": {minutes}");
    if let Some(program) = world.forest.newest(Kind::Program, session, 0).filter(|_| rng.random_ratio(1, 10))
    {
        push!(to, ", \"program_context\": ");
        context(&mut to, world, program, &mut rng);
    }
    push!(to, ", \"sections\": [");
    if world.options.json == Json::Real {
        let sections = [1, 2, 2, 3, 3].choose(&mut rng).copied().unwrap_or(2);
        let mut instances = world.instances(session);
        for (i, name) in SECTIONS.iter().take(sections).enumerate() {
            let separator = if i > 0 { ", " } else { "" };
            let part = minutes as usize / sections;
            push!(to, "{separator}{{\"name\": \"{name}\", \"duration_minutes\": {part}, ");
            push!(to, "\"actual_duration_minutes\": null, \"activities\": [], \"exercises\": [");
            let exercises = rng.random_range(0..=2);
            for (j, instance) in instances.by_ref().take(exercises).enumerate() {
                to.push_str(if j > 0 { ", " } else { "" });
                exercise(&mut to, world, time, &instance, &mut rng);
            }
            to.push_str("]}");
        }
    }
    to.push_str("]}");
    Some(to)
}

fn exercise(to: &mut String, world: &World, time: Micros, instance: &Instance, rng: &mut Pcg64) {
    let activity = instance.activity;
    let name = text::thing(&mut world.rng(activity));
    let (sets, metrics) = (world.has_sets(activity), world.metrics(activity));
    let start = time + SECOND * rng.random_range(1..900);
    let seconds = rng.random_range(0..750);
    push!(to, "{{\"activity_id\": \"{}\", \"instance_id\": \"{}\", ", world.id(activity), instance.id);
    push!(to, "\"type\": \"activity\", \"name\": \"{name}\", \"description\": \"\", ");
    push!(to, "\"completed\": {}, \"has_sets\": {sets}, ", rng.random_ratio(1, 2));
    push!(to, "\"has_metrics\": {}, \"has_splits\": {}, ", metrics > 0, world.splits(activity) > 0);
    push!(
        to,
        "\"notes\": \"{}\", ",
        if rng.random_ratio(1, 4) { text::sentence(rng) } else { String::new() }
    );
    push!(to, "\"duration_seconds\": {seconds}, \"time_start\": \"{}\", ", world.stamp(start));
    push!(to, "\"time_stop\": \"{}\", ", world.stamp(start + seconds * SECOND));
    push!(to, "\"metrics\": [");
    numbers(to, world, instance, metrics);
    push!(to, "], \"sets\": [");
    for set in 0..if sets { rng.random_range(1..=4_u64) } else { 0 } {
        to.push_str(if set > 0 { ", " } else { "" });
        let id = world.keys.id(Purpose::Context, instance.ordinal * 4 + set);
        push!(to, "{{\"instance_id\": \"{id}\", \"completed\": false, \"metrics\": [");
        numbers(to, world, instance, metrics);
        to.push_str("]}");
    }
    to.push_str("]}");
}

fn numbers(to: &mut String, world: &World, instance: &Instance, metrics: u64) {
    for metric in 0..metrics {
        let separator = if metric > 0 { ", " } else { "" };
        let value = world.value(instance.ordinal * 8 + metric);
        let id = world.metric_id(instance.activity, metric);
        push!(to, "{separator}{{\"metric_id\": \"{id}\", \"value\": {value}}}");
    }
}

fn context(to: &mut String, world: &World, program: Place, rng: &mut Pcg64) {
    let block = rng.random_range(0..3_usize);
    let day = rng.random_range(1..=DAYS.get(block).copied().unwrap_or(1));
    let block = block as u64;
    push!(to, "{{\"program_id\": \"{}\", ", world.id(program));
    push!(to, "\"program_name\": \"{}\", ", text::title(&mut world.rng(program)));
    push!(to, "\"block_id\": \"{}\", ", world.block_id(program, block));
    push!(to, "\"block_name\": \"{}\", ", world.block_name(program, block));
    push!(to, "\"day_id\": \"{}\", \"day_name\": \"Day {day}\"}}", world.day_id(program, block, day));
}

/// `session_templates.template_data`
pub fn template(world: &World, template: Place) -> String {
    match world.options.json {
        Json::None => return "{}".to_owned(),
        Json::Small => return "{\"sections\": []}".to_owned(),
        Json::Real => {}
    }
    let mut rng = world.keys.rng(Purpose::Template, world.number(template));
    let sections: usize = if rng.random_ratio(1, 2) { 1 } else { rng.random_range(2..=3) };
    let mut to = String::with_capacity(512);
    push!(to, "{{\"total_duration_minutes\": {}, \"sections\": [", 15 * sections);
    for (i, name) in SECTIONS.iter().take(sections).enumerate() {
        let separator = if i > 0 { ", " } else { "" };
        push!(to, "{separator}{{\"name\": \"{name}\", \"duration_minutes\": 15, \"activities\": [");
        if let Some(activity) =
            world.forest.newest(Kind::Activity, template, i as u64).filter(|_| rng.random_ratio(1, 2))
        {
            let name = text::thing(&mut world.rng(activity));
            push!(to, "{{\"activity_id\": \"{}\", \"name\": \"{name}\"}}", world.id(activity));
        }
        to.push_str("]}");
    }
    to.push_str("]}");
    to
}

/// `programs.goal_ids` and `program_blocks.goal_ids`: one goal.
pub fn goal_ids(world: &World, program: Place) -> String {
    match world.forest.newest(Kind::Short, program, 0) {
        Some(goal) if world.options.json != Json::None => format!("[\"{}\"]", world.id(goal)),
        _ => "[]".to_owned(),
    }
}

/// `programs.weekly_schedule`: the blocks once more, each with an empty week.
pub fn schedule(world: &World, program: Place) -> String {
    if world.options.json != Json::Real {
        return "[]".to_owned();
    }
    let mut to = String::with_capacity(800);
    to.push('[');
    for (block, color) in (0..3_u64).zip(COLORS) {
        let separator = if block > 0 { ", " } else { "" };
        let (start, end) = world.block_dates(program, block);
        let (id, name) = (world.block_id(program, block), world.block_name(program, block));
        push!(to, "{separator}{{\"id\": \"{id}\", \"name\": \"{name}\", \"color\": \"{color}\", ");
        push!(to, "\"startDate\": \"{start}\", \"endDate\": \"{end}\", \"weeklySchedule\": {{\"daily\": []");
        for day in WEEKDAYS {
            push!(to, ", \"{day}\": []");
        }
        to.push_str("}}");
    }
    to.push(']');
    to
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::options::Options;

    #[test]
    fn every_text_is_json_and_names_rows_that_exist() {
        let world = World::new(&Options { scale: 20.0, ..Options::default() });
        let mut exercises = 0;
        for (time, place) in world.forest.timeline(&[Kind::Session]) {
            let text = session(&world, time, place, None, 30).unwrap();
            let value: serde_json::Value = serde_json::from_str(&text).unwrap();
            for section in value["sections"].as_array().unwrap() {
                for exercise in section["exercises"].as_array().unwrap() {
                    let id = exercise["instance_id"].as_str().unwrap();
                    assert!(world.instances(place).any(|instance| instance.id.as_str() == id));
                    exercises += 1;
                }
            }
        }
        assert!(exercises > 400, "{exercises}");
        for (_, place) in world.forest.timeline(&[Kind::Template]) {
            serde_json::from_str::<serde_json::Value>(&template(&world, place)).unwrap();
        }
        for (_, place) in world.forest.timeline(&[Kind::Program]) {
            serde_json::from_str::<serde_json::Value>(&schedule(&world, place)).unwrap();
            serde_json::from_str::<Vec<String>>(&goal_ids(&world, place)).unwrap();
        }
    }
}
