//! The second look: the database is looked at as if the choice had been followed, until nothing is left to advise.
//!
//! A search that removes greedily ends where its path led. From where it ended the next one may see a little more, such as
//! an index that pays only now that another stands. So who follows the advice and asks again hears of no more.

use crate::advise::candidates::shapes::Set;
use crate::advise::candidates::{Candidates, Catalog};
use crate::advise::prepare::Prepared;
use crate::advise::prepare::profile::Profile;
use crate::advise::select::choose::{Selection, choose, point_of};
use crate::advise::select::measured::MeasuredCost;
use crate::error::Result;
use crate::progress::{OnlyStops, Progress};
use crate::sqlite::Schema;
use std::collections::BTreeSet;

/// The most looks.
const LOOKS: usize = 4;

/// Looks again at what was chosen, without what is unused and with it. With a limit on what may be added there is always
/// more to advise, so then nothing changes; nor once the time is up.
///
/// # Errors
/// Those of [`Candidates::find`] and [`choose`].
pub fn iterate(
    costs: &mut MeasuredCost<'_>,
    prepared: &Prepared,
    profile: &mut Profile,
    mut candidates: Candidates,
    mut choice: Selection,
    progress: &dyn Progress,
) -> Result<(Candidates, Selection)> {
    let limited = prepared.request.budget.is_some() || prepared.request.max_indexes.is_some();
    if limited || choice.stopped || choice.set == candidates.standing {
        return Ok((candidates, choice));
    }
    progress.start("Looking iterate", None);
    let first = choice.set.clone();
    for _ in 0..LOOKS {
        let before = choice.set.clone();
        let unused = unused(costs, &candidates, &before)?;
        for kept in BTreeSet::from([Set::new(), unused]) {
            let there = &choice.set | &kept;
            let next = look(costs, prepared, profile, &candidates, &there, &OnlyStops(progress))?;
            // What cannot go any more, such as an index that finds the children of a parent, stays.
            let fixed = &there - &next.open;
            costs.extend(&next, fixed.clone())?;
            let chosen = choose(costs, prepared, &next, &OnlyStops(progress))?;
            candidates = next.joined(candidates, &prepared.schema);
            choice.bytes = chosen.bytes;
            choice.stopped |= chosen.stopped;
            if choice.stopped {
                break;
            }
            let found = &chosen.set | &fixed;
            choice.set = &(&choice.set & &found) | &(&found - &there);
        }
        if choice.set == before || choice.stopped {
            break;
        }
    }
    if choice.set != first {
        costs.extend(&candidates, Set::new())?;
        let analyzed = &choice.analyzed;
        let found = point_of(costs, prepared, &candidates, analyzed, &choice.set)?;
        choice.curve.iter_mut().filter(|point| point.chosen).for_each(|point| *point = found.clone());
        // What trying all sets had found is another set now.
        choice.optimum = None;
    }
    progress.finish();
    Ok((candidates, choice))
}

/// What stood, is not in a set, and would not be read beside it either: who follows the advice may let it stand.
fn unused(costs: &mut MeasuredCost<'_>, candidates: &Candidates, set: &Set) -> Result<Set> {
    let used = costs.uses(&(set | &candidates.standing))?;
    Ok(&(&candidates.standing - set) - &used)
}

/// The finalists of the database with a set.
fn look(
    costs: &mut MeasuredCost<'_>,
    prepared: &Prepared,
    profile: &mut Profile,
    candidates: &Candidates,
    set: &Set,
    progress: &dyn Progress,
) -> Result<Candidates> {
    let plans = costs.plans(set)?;
    costs.shown(set, |session| {
        let schema = Schema::read(session.connection())?;
        let view = Catalog { schema: &schema, session, plans: &plans };
        Candidates::find(prepared, &view, profile, &candidates.candidates, progress)
    })
}
