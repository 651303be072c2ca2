//! The database that a command is about.

use clap::Args;
use std::path::{Path, PathBuf};

/// The database, named with or without `--db`.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Database {
    /// The database
    #[arg(value_name = "DATABASE")]
    file: Option<PathBuf>,
    /// The database, behind an option
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    db: Option<PathBuf>,
}

impl Database {
    /// Its path; empty only where another command was named, which needs none.
    pub fn path(&self) -> &Path {
        self.file.as_deref().or(self.db.as_deref()).unwrap_or(Path::new(""))
    }

    /// True if it was named.
    pub fn is_given(&self) -> bool {
        self.file.is_some() || self.db.is_some()
    }
}
