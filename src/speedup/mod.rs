//! The reference case before and after each migration: what was claimed, what was measured, and what it costs.
//!
//! [`tell`] is the road: [`stages`] makes the database of every point, [`claims`] and [`queries`] run on all of them in turns,
//! [`indexes`] judges what the migration added, [`verdict`] holds the claims against the numbers. The value that comes out is
//! the whole of `report.json`; every page is rendered from it and from nothing else.

pub mod claims;
pub mod indexes;
pub mod queries;
pub mod stages;
pub mod texts;
pub mod value;
pub mod verdict;

use crate::advise::{Request, advise};
use crate::error::Result;
use crate::progress::Progress;
use crate::workload::Text;
use stages::Road;
use std::path::Path;
use value::{Advised, Speedup};

/// What to measure.
#[derive(Debug, Clone)]
pub struct Options {
    /// The scales; the statements of the application are measured at the largest.
    pub scales: Vec<u64>,
    /// The advice is asked for at the largest scale up to this one, and followed at all.
    pub advise_up_to: u64,
    /// The seed of the generator.
    pub seed: u64,
    /// The command that makes this report again.
    pub command: String,
}

/// Makes the databases in a folder, measures and tells. The folder's files may be thrown away afterwards.
///
/// # Errors
/// [`crate::Error::Invalid`] if the two forms of a claim give different rows, [`crate::Error::File`] if the folder cannot be
/// written, [`crate::Error::Interrupted`].
pub fn tell(folder: &Path, options: &Options, progress: &dyn Progress) -> Result<Speedup> {
    let largest = options.scales.iter().copied().max().unwrap_or(1);
    let asked_at =
        options.scales.iter().copied().filter(|s| *s <= options.advise_up_to).max().unwrap_or(largest);
    let mut road = stages::build(folder, asked_at, options.seed, progress)?;
    let advised = ask(&road, progress)?;
    let (mut scales, mut queries, mut indexes) = (vec![], vec![], vec![]);
    // The scale that was asked comes first, so that its advice is there for the others.
    let others: Vec<u64> = options.scales.iter().copied().filter(|s| *s != asked_at).collect();
    for next in others.into_iter().map(Some).chain([None]) {
        road.follow(&advised.sql, progress)?;
        scales.push(claims::measure(&road, progress)?);
        if road.scale == largest {
            queries = queries::measure(&road, progress)?;
            indexes = indexes::judge(&road, progress)?;
        }
        road.remove()?;
        let Some(next) = next else { break };
        road = stages::build(folder, next, options.seed, progress)?;
    }
    scales.sort_by_key(|s| s.scale);
    progress.check()?;
    Ok(Speedup {
        kind: value::KIND.to_owned(),
        version: value::VERSION,
        command: options.command.clone(),
        tool: crate::document::Tool {
            name: "sqlite-advisor".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        },
        sqlite: value::sqlite()?,
        machine: value::machine(),
        seed: options.seed,
        rounds: value::Rounds { most: claims::ROUNDS, milliseconds: claims::BUDGET.as_millis() as u64 },
        verdicts: verdict::verdicts(&scales),
        growth: verdict::growth(&scales),
        summary: verdict::summary(&scales, &queries, &indexes),
        scales,
        queries,
        indexes,
        advised,
    })
}

/// The advice on the migrated database for all that the application sends and for the claims.
fn ask(road: &Road, progress: &dyn Progress) -> Result<Advised> {
    let texts: Vec<Text> = texts::application().into_iter().chain(texts::claims()).collect();
    let found = advise(&Request::new(road.path(stages::M5)?, Some(texts)), progress)?;
    // The advised set with its ANALYZE; what the rules say beside it is for people to weigh.
    let applied = || found.advice.iter().filter(|a| a.kind.is_applied() && a.rule.is_empty());
    Ok(Advised {
        scale: road.scale,
        sql: applied().map(|a| a.sql.clone()).collect(),
        reasons: applied().map(|a| a.reason.clone()).collect(),
        index_bytes: found.totals.index_bytes,
        speedup_geomean: found.totals.speedup_geomean,
        speedup_geomean_vm_steps: found.totals.speedup_geomean_vm_steps,
        insert_vm_steps: found.totals.write_vm_steps,
    })
}
