//! `advisor goals generate NEW.db --scale 100 --seed 1`

use crate::cmd::database::Database;
use crate::term::Term;
use anyhow::bail;
use clap::Args;
use goals::generate::{Json, Options, generate};
use goals::schema::Variant;
use sqlite_advisor::model::units;
use std::process::ExitCode;
use std::time::Instant;

/// The arguments of `generate`.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    pub database: Database,
    /// How many times the real development file (45 goals, 329 rows); from 1 up, fractions allowed
    #[arg(long, value_name = "N", default_value_t = 1.0, allow_negative_numbers = true)]
    pub scale: f64,
    /// The same seed and options give the same bytes
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Whose tables: production or development
    #[arg(long, value_name = "NAME", default_value_t)]
    pub variant: Variant,
    /// How many fractals [default: 4 times the square root of the scale]
    #[arg(long, value_name = "N")]
    pub fractals: Option<u64>,
    /// Zipf's exponent of the sizes of fractals; 0 makes them equal
    #[arg(long, value_name = "S", default_value_t = Options::default().skew, allow_negative_numbers = true)]
    pub skew: f64,
    /// The size of JSON texts: real, small or none
    #[arg(long, value_name = "SIZE", default_value = "real")]
    pub json: Json,
    /// The share of rows that get one of the faults of the real files, 0 to 1
    #[arg(long, value_name = "P", default_value_t = 0.0, allow_negative_numbers = true)]
    pub dirty: f64,
    /// Replace an existing file
    #[arg(long)]
    pub force: bool,
}

/// Makes the database and says what was made.
pub fn run(arguments: &Arguments, term: &Term) -> anyhow::Result<ExitCode> {
    let &Arguments { ref database, scale, seed, variant, fractals, skew, json, dirty, force } = arguments;
    let db = database.path();
    if db.exists() && !force {
        bail!("{}: exists; name another file or say --force to replace it", db.display());
    }
    let started = Instant::now();
    let made = generate(db, &Options { scale, seed, variant, fractals, skew, json, dirty }, term)?;
    let seconds = started.elapsed().as_secs_f64();
    term.write(&format!(
        "{}: {} rows, {} in {} ({} rows/s, {}/s)\n",
        db.display(),
        units::count(made.rows),
        units::bytes(made.bytes),
        units::duration((seconds * 1e9) as u64),
        units::count((made.rows as f64 / seconds) as u64),
        units::bytes((made.bytes as f64 / seconds) as u64),
    ))?;
    Ok(ExitCode::SUCCESS)
}
