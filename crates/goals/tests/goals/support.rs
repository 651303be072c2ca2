//! A database of the reference case in a folder of its own.

use goals::generate::{Json, Options, generate};
use goals::schema::Variant;
use sqlite_advisor::progress::Silent;
use std::path::PathBuf;

pub type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

pub struct World {
    /// Taken away with the value.
    _folder: tempfile::TempDir,
    pub db: PathBuf,
}

impl World {
    pub fn new(scale: f64, variant: Variant, dirty: f64) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let db = folder.path().join("goals.db");
        let options = Options { scale, variant, dirty, json: Json::Small, ..Options::default() };
        generate(&db, &options, &Silent)?;
        Ok(Self { _folder: folder, db })
    }
}
