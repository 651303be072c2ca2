//! The second look: the database is looked at as if the choice had been followed, until nothing is left to advise.
//!
//! A search that removes greedily ends where its path led. From where it ended the next one may see a little more, such as
//! an index that pays only now that another stands. So who follows the advice and asks again hears of no more.

use crate::advise::candidates::Set;
use crate::advise::choose::{Chosen, choose, point_of};
use crate::advise::evidence::Evidence;
use crate::advise::finalists::{Finalists, View};
use crate::advise::lab::Lab;
use crate::advise::subject::Subject;
use crate::database::Schema;
use crate::error::Result;
use crate::progress::{OnlyStops, Progress};
use std::collections::BTreeSet;

/// The most looks.
const LOOKS: usize = 4;

/// Looks again at what was chosen, without what is unused and with it. With a limit on what may be added there is always
/// more to advise, so then nothing changes; nor once the time is up.
///
/// # Errors
/// Those of [`Finalists::find`] and [`choose`].
pub fn again(
    lab: &mut Lab<'_>,
    subject: &Subject,
    evidence: &mut Evidence,
    mut finalists: Finalists,
    mut choice: Chosen,
    progress: &dyn Progress,
) -> Result<(Finalists, Chosen)> {
    let limited = subject.request.budget.is_some() || subject.request.max_indexes.is_some();
    if limited || choice.stopped || choice.set == finalists.standing {
        return Ok((finalists, choice));
    }
    progress.start("Looking again", None);
    let first = choice.set.clone();
    for _ in 0..LOOKS {
        let before = choice.set.clone();
        let unused = unused(lab, &finalists, &before)?;
        for kept in BTreeSet::from([Set::new(), unused]) {
            let there = &choice.set | &kept;
            let next = look(lab, subject, evidence, &finalists, &there, &OnlyStops(progress))?;
            // What cannot go any more, such as an index that finds the children of a parent, stays.
            let fixed = &there - &next.open;
            lab.take_up(&next, fixed.clone())?;
            let chosen = choose(lab, subject, &next, &OnlyStops(progress))?;
            finalists = next.joined(finalists, &subject.schema);
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
        lab.take_up(&finalists, Set::new())?;
        let analyzed = &choice.analyzed;
        let found = point_of(lab, subject, &finalists, analyzed, &choice.set)?;
        choice.curve.iter_mut().filter(|point| point.chosen).for_each(|point| *point = found.clone());
        // What trying all sets had found is another set now.
        choice.optimum = None;
    }
    progress.finish();
    Ok((finalists, choice))
}

/// What stood, is not in a set, and would not be read beside it either: who follows the advice may let it stand.
fn unused(lab: &mut Lab<'_>, finalists: &Finalists, set: &Set) -> Result<Set> {
    let used = lab.uses(&(set | &finalists.standing))?;
    Ok(&(&finalists.standing - set) - &used)
}

/// The finalists of the database with a set.
fn look(
    lab: &mut Lab<'_>,
    subject: &Subject,
    evidence: &mut Evidence,
    finalists: &Finalists,
    set: &Set,
    progress: &dyn Progress,
) -> Result<Finalists> {
    let plans = lab.plans(set)?;
    lab.shown(set, |session| {
        let schema = Schema::read(session.connection())?;
        let view = View { schema: &schema, session, plans: &plans };
        Finalists::find(subject, &view, evidence, &finalists.candidates, progress)
    })
}
