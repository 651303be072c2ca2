//! The finalists: candidates that the planner would use for some statement, alone or among others.

use crate::advise::lab::Set;
use crate::advise::whatif::WhatIf;
use crate::error::Result;
use crate::progress::Progress;
use crate::workload::Statement;
use std::collections::{BTreeMap, BTreeSet};

/// How often the planner is asked again without what it chose before.
const ROUNDS: usize = 3;
/// The widest key that is asked about alone. A wide one that is worth building shows up in the rounds.
const ALONE: usize = 2;

/// The finalists, each with the statements that would use it.
pub type Fits = BTreeMap<usize, BTreeSet<usize>>;

/// Asks about every statement with all of its candidates, again without those chosen, and with each narrow one alone.
///
/// `relevant` holds the candidates of each statement.
///
/// # Errors
/// Those of [`WhatIf::used`].
pub fn shortlist(
    whatif: &mut WhatIf<'_>,
    statements: &[Statement],
    relevant: &[Set],
    progress: &dyn Progress,
) -> Result<Fits> {
    let mut fits = Fits::new();
    progress.start("Asking the planner", Some(statements.len() as u64));
    for (i, (statement, candidates)) in statements.iter().zip(relevant).enumerate() {
        progress.check()?;
        let mut left = candidates.clone();
        let mut useful = Set::new();
        for _ in 0..ROUNDS {
            let used = whatif.used(statement, &left)?;
            if used.is_empty() {
                break;
            }
            left = left.difference(&used).copied().collect();
            useful.extend(used);
        }
        let narrow: Vec<usize> =
            candidates.iter().copied().filter(|one| whatif.width(*one) <= ALONE).collect();
        for one in narrow {
            useful.extend(whatif.used(statement, &Set::from([one]))?);
        }
        for one in useful {
            fits.entry(one).or_default().insert(i);
        }
        progress.advance(i as u64 + 1);
    }
    progress.finish();
    Ok(fits)
}
