//! Looks again as if the choice had been followed, until nothing is left to advise: who follows the advice and asks again
//! hears of no more, such as an index that only makes sense beside another.

use crate::advise::candidates::{Candidates, Catalog};
use crate::advise::prepare::Prepared;
use crate::advise::prepare::profile::Profile;
use crate::advise::select::measured::MeasuredCost;
use crate::advise::select::selection::{Selection, seen_from_found, select};
use crate::error::Result;
use crate::model::configuration::{Configuration, Scenario};
use crate::model::ids::QueryId;
use crate::model::plan::Plan;
use crate::progress::{OnlyStops, Progress};
use crate::sqlite::schema::{ExistingIndex, Origin};
use crate::sqlite::{Schema, Session};

/// The most looks.
const LOOKS: usize = 3;

/// Looks again. With a limit on what may be added there is always more to advise, so then nothing changes; nor once the time
/// is up.
///
/// # Errors
/// Those of [`Candidates::find`] and [`select`].
pub fn iterate(
    prepared: &Prepared,
    mut candidates: Candidates,
    mut selection: Selection,
    profile: &mut Profile,
    model: &mut MeasuredCost<'_>,
    analyzed: &Session,
    progress: &dyn Progress,
) -> Result<(Candidates, Selection)> {
    let limited = prepared.request.budget.is_some() || prepared.request.max_indexes.is_some();
    let quiet = OnlyStops(progress);
    progress.start("Looking again", None);
    for _ in 0..LOOKS {
        let configuration = &selection.position.configuration;
        let changed =
            candidates.all.enumerate().any(|(i, c)| c.existing != configuration.indexes.contains(&i));
        if limited || selection.stopped || !changed {
            break;
        }
        let schema = followed(&prepared.schema, &candidates, configuration);
        let plans = plans(prepared, model, configuration)?;
        let catalog = Catalog { schema: &schema, plans: &plans, analyzed };
        let next = Candidates::find(prepared, &catalog, profile, &candidates, &quiet)?;
        if next.all.len() == candidates.all.len() {
            break;
        }
        candidates = next;
        model.extend(prepared, &candidates, &candidates.statistics)?;
        selection = select(prepared, &candidates, model, Some(&selection.position), &quiet)?;
    }
    if !limited && !selection.stopped {
        selection = until_stable(prepared, &candidates, selection, model, &quiet)?;
    }
    progress.finish();
    Ok((candidates, selection))
}

/// Searches from where the choice leads until the search stays there: then it is what the next run finds as well.
fn until_stable(
    prepared: &Prepared,
    candidates: &Candidates,
    mut selection: Selection,
    model: &mut MeasuredCost<'_>,
    progress: &dyn Progress,
) -> Result<Selection> {
    for _ in 0..LOOKS {
        let now = &selection.position.configuration;
        if *now == candidates.found() {
            break;
        }
        let next =
            select(prepared, &candidates.as_if_followed(now), model, None, progress)?.position.configuration;
        if next == *now {
            break;
        }
        let Some(position) = seen_from_found(prepared, candidates, model, next)? else { break };
        selection = selection.at(prepared, candidates, model, position)?;
    }
    Ok(selection)
}

/// The schema as if a configuration were there.
fn followed(found: &Schema, candidates: &Candidates, configuration: &Configuration) -> Schema {
    let mut schema = found.clone();
    let gone = |name: &str| {
        let of_name = candidates.all.enumerate().find(|(_, c)| c.existing && c.name == name);
        of_name.is_some_and(|(id, _)| !configuration.indexes.contains(&id))
    };
    schema.indexes.retain(|index| !gone(&index.name));
    for (_, c) in candidates.new_ones().filter(|(id, _)| configuration.indexes.contains(id)) {
        let sql = Some(c.index.to_sql(&c.name));
        let (name, index) = (c.name.clone(), c.index.clone());
        schema.indexes.push(ExistingIndex { name, index, unique: false, origin: Origin::Created, sql });
    }
    schema
}

fn plans(
    prepared: &Prepared,
    model: &mut MeasuredCost<'_>,
    configuration: &Configuration,
) -> Result<Vec<Vec<Plan>>> {
    let statistics = Scenario::Full.statistics(configuration.statistics);
    let mut all = vec![];
    for at in 0..prepared.workload.statements.len() {
        let query: QueryId = crate::model::ids::Id::at(at);
        all.push(model.planned(query, &configuration.indexes, statistics)?.plans.clone());
    }
    Ok(all)
}
