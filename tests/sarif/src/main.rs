//! usage: sarif FILE
//!
//! Fails where the document lacks a field that the schema wants, or has one that the schema does not know.

use serde_json::Value;
use serde_sarif::sarif::Sarif;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args().nth(1).ok_or("usage: sarif FILE")?;
    let told: Value = serde_json::from_str(&std::fs::read_to_string(&file)?)?;
    let typed: Sarif = serde_json::from_value(told.clone())?;
    // A field that the types do not have is lost on the way.
    if serde_json::to_value(&typed)? != told {
        return Err(format!("{file} has a field that SARIF 2.1.0 does not know").into());
    }
    let results = typed.runs.iter().flat_map(|run| run.results.iter().flatten()).count();
    println!("{file}: {results} results, as the schema of SARIF 2.1.0 wants them");
    Ok(())
}
