//! The finalists: candidates that the planner would use for some statement, alone or among others.

use crate::advise::lab::Set;
use crate::advise::whatif::WhatIf;
use crate::error::Result;
use crate::progress::Progress;
use crate::workload::Statement;

/// How often the planner is asked again without what it chose before.
const ROUNDS: usize = 3;
/// The widest key that is asked about alone. A wide one that is worth building shows up in the rounds.
const ALONE: usize = 2;

/// Asks about every statement with all of its candidates, again without those chosen, and with each candidate alone.
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
) -> Result<Set> {
    let mut finalists = Set::new();
    progress.start("Asking the planner", Some(statements.len() as u64));
    for (done, (statement, candidates)) in (1u64..).zip(statements.iter().zip(relevant)) {
        progress.check()?;
        let mut left = candidates.clone();
        for _ in 0..ROUNDS {
            let used = whatif.used(statement, &left)?;
            if used.is_empty() {
                break;
            }
            left = left.difference(&used).copied().collect();
            finalists.extend(used);
        }
        for one in candidates {
            let narrow = whatif.width(*one) <= ALONE;
            if narrow && !finalists.contains(one) && whatif.used(statement, &Set::from([*one]))?.contains(one)
            {
                finalists.insert(*one);
            }
        }
        progress.advance(done);
    }
    progress.finish();
    Ok(finalists)
}
