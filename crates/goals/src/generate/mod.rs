//! Synthetic databases of any size that look like the real ones, the same to the byte for the same options.
//!
//! * [`options`]: what is wanted
//! * `forest`: which fractals there are and when each row was made; `keys`: ids and random numbers from the seed;
//!   `world`: both, and who belongs to whom; `blocks`: the parts of a program
//! * `goals`, `catalog`, `practice`, `programs`: one iterator of rows per table; `json` and `text`: what they say;
//!   `faults`: what is wrong with them on request
//! * `load`: rows into tables
//!
//! No row remembers another: ids follow from the seed and a row's place, so memory does not grow with the scale.

mod blocks;
mod catalog;
mod clock;
mod faults;
mod forest;
mod goals;
mod json;
mod keys;
mod load;
pub mod options;
mod practice;
mod programs;
mod row;
mod text;
mod world;

pub use options::{Json, Options};

use sqlite_advisor::error::{Error, Result};
use sqlite_advisor::model::units;
use sqlite_advisor::progress::Progress;
use std::path::Path;

/// What was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Generated {
    /// Rows in all tables.
    pub rows: u64,
    /// Size of the file.
    pub bytes: u64,
}

/// Makes a new database. A file at the path is replaced, and only once the new one is complete.
///
/// # Errors
/// [`Error::Invalid`] for options out of range or a disk that is too small, [`Error::File`] if the folder cannot be
/// written, [`Error::Interrupted`]; nothing is left behind then.
pub fn generate(path: &Path, options: &Options, progress: &dyn Progress) -> Result<Generated> {
    generate_with_schema(path, options, options.variant.sql(), progress)
}

/// The same into the tables of another schema, such as that of a later stage: columns and tables that the
/// rows know are filled, the others keep their defaults.
///
/// # Errors
/// As [`generate`].
pub fn generate_with_schema(
    path: &Path,
    options: &Options,
    schema: &str,
    progress: &dyn Progress,
) -> Result<Generated> {
    options.check()?;
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    check_space(folder, options)?;
    // On the same disk, so that the finished file only has to be renamed; removed with all it holds on any error.
    let work = tempfile::Builder::new()
        .prefix(".advisor-generate-")
        .tempdir_in(folder)
        .map_err(Error::file("cannot write here", folder))?;
    let file = work.path().join("new.db");

    let world = world::World::new(options);
    progress.start("Generating rows", Some((options.scale * options::ROWS_AT_SCALE_1) as u64));
    let mut loader = load::Loader::new(&file, schema, progress)?;
    loader.load(world.goals())?;
    loader.load(world.activities())?;
    loader.load(world.groups())?;
    loader.load(world.metric_definitions())?;
    loader.load(world.split_definitions())?;
    loader.load(world.activity_instances())?;
    loader.load(world.metric_values())?;
    loader.load(world.links())?;
    loader.load(world.templates())?;
    loader.load(world.programs())?;
    loader.load(world.blocks())?;
    loader.load(world.days())?;
    loader.load(world.scheduled_sessions())?;
    let rows = loader.finish()?;
    progress.finish();

    std::fs::rename(&file, path).map_err(Error::file("cannot put the finished database here", path))?;
    let bytes = std::fs::metadata(path).map_err(Error::file("cannot read", path))?.len();
    Ok(Generated { rows, bytes })
}

fn check_space(folder: &Path, options: &Options) -> Result<()> {
    let free = fs4::available_space(folder).map_err(Error::file("cannot look for free space", folder))?;
    let needed = options.bytes() as u64;
    if needed <= free {
        return Ok(());
    }
    Err(Error::Invalid(format!(
        "{}: scale {} needs about {} free, has {}; use a smaller scale or another folder",
        folder.display(),
        options.scale,
        units::bytes(needed),
        units::bytes(free)
    )))
}
