//! What the user asks for, checked before anything is written.

use crate::schema::Variant;
use sqlite_advisor::error::{Error, Result};
use std::str::FromStr;

/// Rows of a database at scale 1, as in the real development file.
pub const ROWS_AT_SCALE_1: f64 = 329.0;

/// How much of the JSON texts is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Json {
    /// Of the sizes found in the real files: 1.7 kB for a session.
    #[default]
    Real,
    /// The outermost keys only.
    Small,
    /// NULL, or empty where the column needs a value.
    None,
}

impl FromStr for Json {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        match name {
            "real" => Ok(Self::Real),
            "small" => Ok(Self::Small),
            "none" => Ok(Self::None),
            _ => Err(Error::Invalid(format!(
                "unknown JSON size {name:?}; use \"real\", \"small\" or \"none\""
            ))),
        }
    }
}

/// The database that is wanted. The same options give the same rows on every machine.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// How many times the real development file: 1 is 45 goals. At least 1; 2.5 is allowed.
    pub scale: f64,
    /// Any number; another seed gives other ids, names and values.
    pub seed: u64,
    /// Whose tables.
    pub variant: Variant,
    /// How many fractals; 4 times the square root of the scale unless given.
    pub fractals: Option<u64>,
    /// Zipf's exponent of their sizes: 0 makes them equal. 0.65 fits the three real trees of 17, 13 and 8 goals.
    pub skew: f64,
    /// The size of the JSON texts.
    pub json: Json,
    /// The share of goals, instances, values and scheduled sessions that get one of the faults of the real files.
    pub dirty: f64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            scale: 1.0,
            seed: 1,
            variant: Variant::default(),
            fractals: None,
            skew: 0.65,
            json: Json::default(),
            dirty: 0.0,
        }
    }
}

impl Options {
    /// Says what cannot be done.
    ///
    /// # Errors
    /// [`Error::Invalid`] with one sentence about the first argument out of its range.
    pub fn check(&self) -> Result<()> {
        let refuse = |text: String| Err(Error::Invalid(text));
        let most = self.most_fractals();
        if !(1.0..=1e15).contains(&self.scale) {
            return refuse(format!(
                "scale {} is not possible; use a number from 1 (45 goals) up",
                self.scale
            ));
        }
        if !(0.0..=4.0).contains(&self.skew) {
            return refuse(format!(
                "skew {} is not possible; use a number from 0 (equal sizes) to 4",
                self.skew
            ));
        }
        if !(0.0..=1.0).contains(&self.dirty) {
            return refuse(format!("dirty {} is not possible; use a share from 0 to 1", self.dirty));
        }
        match self.fractals {
            Some(0) => refuse("0 fractals are not possible; use a number from 1 up".to_owned()),
            Some(n) if n > most => {
                refuse(format!("{n} fractals are too many for scale {}; use up to {most}", self.scale))
            }
            _ => Ok(()),
        }
    }

    /// How many fractals the database has.
    pub fn fractals(&self) -> u64 {
        self.fractals.unwrap_or((4.0 * self.scale.sqrt()) as u64)
    }

    /// Each needs a long-term goal and what hangs on it.
    fn most_fractals(&self) -> u64 {
        (4.0 * self.scale) as u64
    }

    /// Bytes of the finished file, roughly; measured at scale 1,000.
    pub fn bytes(&self) -> f64 {
        self.scale
            * match (self.json, self.variant) {
                (Json::Real, Variant::Production) => 109e3,
                (Json::Real, Variant::Development) => 147e3,
                _ => 76e3,
            }
    }
}
