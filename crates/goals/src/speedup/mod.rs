//! The reference case before and after each migration: what was claimed, what was measured, and what it costs.
//!
//! [`measure`] is the way: [`stages`] makes the database of every point, [`claims`] and [`queries`] run on all of them in turns,
//! [`indexes`] judges what the migration added, [`verdict`] holds the claims against the numbers. The value that comes out is
//! the whole of `report.json`; every page is rendered from it and from nothing else.

pub mod claims;
pub mod clock;
pub mod indexes;
pub mod queries;
pub mod stages;
pub mod texts;
pub mod value;
pub mod verdict;

use serde::{Deserialize, Serialize};
use sqlite_advisor::advise::{Request, advise};
use sqlite_advisor::error::{Error, Result};
use sqlite_advisor::model::report::Recommendation;
use sqlite_advisor::progress::Progress;
use stages::Timeline;
use std::path::{Path, PathBuf};
use value::{Advised, Speedup};

/// The advice is asked for at a scale at which it takes seconds.
pub const ADVISE_UP_TO: u64 = 100;

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

/// The databases of all scales, made in a folder as they are asked for.
pub struct Timelines {
    folder: PathBuf,
    seed: u64,
    /// Under this name the files stay for the next time; without one they are thrown away.
    key: Option<String>,
    advised: Advised,
    /// The one that was asked, until it is its turn.
    asked: Option<Timeline>,
}

impl Timelines {
    /// Asks for the advice, at the largest scale up to the one given, or at the largest of all.
    ///
    /// # Errors
    /// [`Error::File`] if the folder cannot be written, [`Error::Interrupted`].
    pub fn open(
        folder: &Path,
        options: &Options,
        key: Option<String>,
        progress: &dyn Progress,
    ) -> Result<Self> {
        let largest = options.scales.iter().copied().max().unwrap_or(1);
        let asked_at = options.scales.iter().copied().filter(|s| *s <= options.advise_up_to).max();
        let asked_at = asked_at.unwrap_or(largest);
        let file = folder.join("advice.json");
        let kept = std::fs::read_to_string(&file).ok().zip(key.as_ref());
        let kept = kept.and_then(|(text, key)| {
            let Kept { by, seed, advised } = serde_json::from_str(&text).ok()?;
            (by == *key && seed == options.seed && advised.scale == asked_at).then_some(advised)
        });
        let mut asked = None;
        let advised = match kept {
            Some(advised) => advised,
            None => {
                let mut timeline = stages::build(folder, asked_at, options.seed, progress)?;
                let advised = advised(&timeline, progress)?;
                timeline.follow(&advised.sql, progress)?;
                asked = Some(timeline);
                advised
            }
        };
        if let Some(key) = &key {
            let kept = Kept { by: key.clone(), seed: options.seed, advised: advised.clone() };
            let text = serde_json::to_string(&kept).map_err(|e| Error::Invalid(e.to_string()))?;
            std::fs::write(&file, text).map_err(Error::file("cannot write", &file))?;
        }
        Ok(Self { folder: folder.to_owned(), seed: options.seed, key, advised, asked })
    }

    /// The points of a scale, with the advice followed.
    ///
    /// # Errors
    /// [`Error::File`], [`Error::NoSpace`] or [`Error::Interrupted`].
    pub fn at(&mut self, scale: u64, progress: &dyn Progress) -> Result<Timeline> {
        if let Some(timeline) = self.asked.take_if(|timeline| timeline.scale == scale) {
            return Ok(timeline);
        }
        if let Some(timeline) = self.key.as_ref().and_then(|key| Timeline::kept(&self.folder, scale, key)) {
            return Ok(timeline);
        }
        let mut timeline = stages::build(&self.folder, scale, self.seed, progress)?;
        timeline.follow(&self.advised.sql, progress)?;
        Ok(timeline)
    }

    /// Keeps the files or throws them away.
    ///
    /// # Errors
    /// [`Error::File`]
    pub fn done(&self, timeline: Timeline) -> Result<()> {
        match &self.key {
            Some(key) => timeline.keep(key),
            None => timeline.remove(),
        }
    }
}

/// The advice as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    by: String,
    seed: u64,
    advised: Advised,
}

/// Measures at all scales and sums up. What has a time already is not timed again.
///
/// # Errors
/// [`Error::Invalid`] if the two forms of a claim give different rows, [`Error::File`] if the folder cannot be written,
/// [`Error::Interrupted`].
pub fn measure(
    mut timelines: Timelines,
    options: &Options,
    times: &claims::Times,
    progress: &dyn Progress,
) -> Result<Speedup> {
    let largest = options.scales.iter().copied().max().unwrap_or(1);
    let (mut scales, mut queries, mut indexes) = (vec![], vec![], vec![]);
    let mut wanted = options.scales.clone();
    wanted.sort_unstable();
    wanted.dedup();
    for scale in wanted {
        let timeline = timelines.at(scale, progress)?;
        scales.push(claims::measure(&timeline, times, progress)?);
        if scale == largest {
            let application = queries::prepare(
                &texts::application(),
                &timeline.open(stages::M5_ADVISED, progress.cancel_token())?,
            )?;
            queries = queries::measure(&timeline, &application, progress)?;
            indexes = indexes::judge(&timeline, &application, progress)?;
        }
        timelines.done(timeline)?;
    }
    progress.check()?;
    Ok(Speedup {
        kind: value::KIND.to_owned(),
        version: value::VERSION,
        command: options.command.clone(),
        tool: sqlite_advisor::model::report::Tool {
            name: "sqlite-advisor".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        },
        sqlite: value::sqlite()?,
        machine: value::machine(),
        seed: options.seed,
        rounds: value::Rounds {
            least: clock::ROUNDS.0,
            most: clock::ROUNDS.1,
            milliseconds: claims::BUDGET.as_millis() as u64,
            stop_times: clock::STOP_TIMES,
            stop_from_milliseconds: clock::STOP_FROM.as_millis() as u64,
        },
        verdicts: verdict::verdicts(&scales),
        growth: verdict::growth(&scales),
        summary: verdict::summary(&scales, &queries, &indexes),
        scales,
        queries,
        indexes,
        advised: timelines.advised,
    })
}

/// The advice on the migrated database for all that the application sends and for the claims.
fn advised(timeline: &Timeline, progress: &dyn Progress) -> Result<Advised> {
    let queries = texts::application().into_iter().chain(texts::claims());
    let found = advise(&Request::new(timeline.path(stages::M5)?).queries(queries), progress)?;
    // The advised set with its ANALYZE; what the rules say beside it is for people to weigh.
    let is_applied = |r: &&Recommendation| r.proposal().is_none() && r.common().rule.is_none();
    let applied = || found.recommendations.iter().filter(is_applied);
    Ok(Advised {
        scale: timeline.scale,
        sql: applied().filter_map(Recommendation::sql).map(str::to_owned).collect(),
        reasons: applied().map(|r| r.common().reason.clone()).collect(),
        index_bytes: found.totals.index_bytes,
        speedup_geomean: found.totals.speedup_geomean,
        speedup_geomean_vm_steps: found.totals.speedup_geomean_vm_steps,
        insert_vm_steps: found.totals.write_vm_steps,
    })
}
