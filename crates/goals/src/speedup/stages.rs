//! The databases of the timeline: one file for each point, each made from a copy of the one before it.

use crate::generate::{self, generate};
use crate::migrations::{Point, Style, stage};
use crate::speedup::value;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use sqlite_advisor::CancelToken;
use sqlite_advisor::change::State;
use sqlite_advisor::error::{Context, Error, Result};
use sqlite_advisor::progress::Progress;
use sqlite_advisor::sqlite::Schema;
use sqlite_advisor::sqlite::Session;
use sqlite_advisor::sqlite::files::copy_file;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Before any migration.
pub const B0: &str = "B0";
/// The same with statistics.
pub const B0_ANALYZED: &str = "B0 + ANALYZE";
/// Splits and groups.
pub const M1: &str = "M1";
/// root_id on every table.
pub const M2_ROOTS: &str = "M2.1";
/// 26 indexes.
pub const M2_INDEXES: &str = "M2.3";
/// After the last migration.
pub const M5: &str = "M5";
/// The same with statistics.
pub const M5_ANALYZED: &str = "M5 + ANALYZE";
/// The same with what is advised.
pub const M5_ADVISED: &str = "M5 + advice";

/// Beside the files that are kept: who made them, and what they are.
const NOTE: &str = "timeline.json";

/// The points of one scale.
#[derive(Debug, Serialize, Deserialize)]
pub struct Timeline {
    /// The scale.
    pub scale: u64,
    /// Rows at B0.
    pub rows: u64,
    /// Fractals.
    pub fractals: u64,
    folder: PathBuf,
    made: Vec<(value::Point, PathBuf)>,
}

/// Makes all points but the one with advice.
///
/// # Errors
/// [`Error::File`], [`Error::NoSpace`] or [`Error::Interrupted`].
pub fn build(folder: &Path, scale: u64, seed: u64, progress: &dyn Progress) -> Result<Timeline> {
    let folder = folder.join(format!("scale-{scale}"));
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(Error::file("cannot remove", &folder))?;
    }
    fs::create_dir_all(&folder).map_err(Error::file("cannot make the folder", &folder))?;
    let options = generate::Options { scale: scale as f64, seed, ..generate::Options::default() };
    let mut timeline = Timeline { scale, rows: 0, fractals: options.fractals(), folder, made: vec![] };
    let first = timeline.folder.join("B0.db");
    let began = Instant::now();
    let made = generate(&first, &options, progress)?;
    timeline.rows = made.rows;
    timeline.add(B0, "before any migration", first, None, began)?;
    let analyze = ["ANALYZE".to_owned()];
    timeline.run(B0, B0_ANALYZED, "B0 with statistics", &analyze, progress)?;
    let mut from = B0;
    for (points, name, about) in [
        (&[Point::M1][..], M1, "splits and groups"),
        (&[Point::M2Roots], M2_ROOTS, "root_id copied to every table"),
        (&[Point::M2Integrity, Point::M2Indexes], M2_INDEXES, "26 indexes"),
        (
            &[Point::M2Audit, Point::M3, Point::M4, Point::M5],
            M5,
            "audit columns, hotfix, templates, time of completion",
        ),
    ] {
        let (began, file) = (Instant::now(), timeline.copy(from, name, progress.cancel_token())?);
        migrate(&file, points, progress)?;
        timeline.add(name, about, file, Some(from), began)?;
        from = name;
    }
    timeline.run(M5, M5_ANALYZED, "M5 with statistics", &analyze, progress)?;
    Ok(timeline)
}

/// The pending steps of stages, in one transaction. What `advisor goals migrate` does around them (backup, checks, receipt) is
/// left out: the file is a copy, and its time is that of the steps.
fn migrate(file: &Path, points: &[Point], progress: &dyn Progress) -> Result<()> {
    let conn = Connection::open(file).context(|| format!("cannot open {}", file.display()))?;
    conn.execute_batch("PRAGMA synchronous = OFF; PRAGMA cache_size = -262144; BEGIN IMMEDIATE")?;
    let steps: Vec<_> = points.iter().flat_map(|p| stage(*p, Style::default()).steps).collect();
    progress.start("Migrating", Some(steps.len() as u64));
    for (done, step) in (1u64..).zip(&steps) {
        progress.check()?;
        progress.cancel_token().watch(&conn, || {
            if step.state(&conn, &Schema::read(&conn)?)? == State::Pending {
                step.run(&conn)?;
            }
            Ok(())
        })?;
        progress.advance(done);
    }
    progress.finish();
    conn.execute_batch("COMMIT").context(|| format!("cannot finish {}", file.display()))
}

impl Timeline {
    /// The timeline of a scale as [`Timeline::keep`] left it; none if there is none, or it was made by another program.
    pub fn kept(folder: &Path, scale: u64, key: &str) -> Option<Timeline> {
        let note = folder.join(format!("scale-{scale}")).join(NOTE);
        let text = fs::read_to_string(&note).ok()?;
        // While it is in use there is no note: what a killed process leaves behind is made again.
        fs::remove_file(&note).ok()?;
        let (by, timeline): (String, Timeline) = serde_json::from_str(&text).ok()?;
        (by == key && timeline.made.iter().all(|(_, file)| file.is_file())).then_some(timeline)
    }

    /// Leaves the files where they are, for [`Timeline::kept`].
    ///
    /// # Errors
    /// [`Error::File`] if the note beside them cannot be written.
    pub fn keep(self, key: &str) -> Result<()> {
        let note = self.folder.join(NOTE);
        let text = serde_json::to_string(&(key, &self)).map_err(|e| Error::Invalid(e.to_string()))?;
        fs::write(&note, text).map_err(Error::file("cannot write", &note))
    }

    /// Makes the point with advice.
    ///
    /// # Errors
    /// [`Error::Sqlite`] if the advice cannot be carried out.
    pub fn follow(&mut self, sql: &[String], progress: &dyn Progress) -> Result<()> {
        self.run(M5, M5_ADVISED, "M5 with the advice of this tool", sql, progress)
    }

    /// The points, in their order.
    pub fn points(&self) -> Vec<value::Point> {
        self.made.iter().map(|(point, _)| point.clone()).collect()
    }

    /// The file of a point.
    ///
    /// # Errors
    /// [`Error::Invalid`] if it was not made.
    pub fn path(&self, name: &str) -> Result<&Path> {
        let found = self.made.iter().find(|(point, _)| point.name == name);
        found
            .map(|(_, path)| path.as_path())
            .ok_or_else(|| Error::Invalid(format!("there is no database for {name}")))
    }

    /// A session on a point.
    ///
    /// # Errors
    /// [`Error::Sqlite`] if it cannot be opened.
    pub fn open(&self, name: &str, cancel: &CancelToken) -> Result<Session> {
        Session::open(self.path(name)?, cancel)
    }

    /// Another copy of a point.
    ///
    /// # Errors
    /// [`Error::File`] if it cannot be written.
    pub fn copy(&self, from: &str, name: &str, cancel: &CancelToken) -> Result<PathBuf> {
        let file = self.folder.join(format!("{}.db", name.replace(' ', "")));
        copy_file(self.path(from)?, &file, cancel)?;
        Ok(file)
    }

    /// Takes the files away.
    ///
    /// # Errors
    /// [`Error::File`] if they stay.
    pub fn remove(self) -> Result<()> {
        fs::remove_dir_all(&self.folder).map_err(Error::file("cannot remove", &self.folder))
    }

    fn run(
        &mut self,
        from: &str,
        name: &str,
        about: &str,
        sql: &[String],
        progress: &dyn Progress,
    ) -> Result<()> {
        progress.check()?;
        let (began, file) = (Instant::now(), self.copy(from, name, progress.cancel_token())?);
        let conn = Connection::open(&file).context(|| format!("cannot open {name}"))?;
        conn.execute_batch("PRAGMA synchronous = OFF")?;
        for statement in sql {
            let run = || conn.execute_batch(statement).context(|| format!("cannot run {statement}"));
            progress.cancel_token().watch(&conn, run)?;
        }
        drop(conn);
        self.add(name, about, file, Some(from), began)
    }

    fn add(
        &mut self,
        name: &str,
        about: &str,
        file: PathBuf,
        from: Option<&str>,
        began: Instant,
    ) -> Result<()> {
        let time_ns = u64::try_from(began.elapsed().as_nanos()).unwrap_or(u64::MAX);
        let bytes = fs::metadata(&file).map_err(Error::file("cannot read", &file))?.len();
        let before = from.and_then(|from| self.made.iter().find(|(p, _)| p.name == from));
        let added = before.map_or(0, |(p, _)| bytes as i64 - p.bytes as i64);
        let point = value::Point { name: name.to_owned(), about: about.to_owned(), bytes, added, time_ns };
        self.made.push((point, file));
        Ok(())
    }
}
