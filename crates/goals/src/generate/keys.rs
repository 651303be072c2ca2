//! Ids and random numbers that follow from the seed and a row's place, so that nothing has to be remembered.

use rand::SeedableRng;
use rand_pcg::Pcg64;
use rusqlite::ToSql;
use rusqlite::types::{ToSqlOutput, ValueRef};

/// What a random number is for: each purpose has its own stream.
#[derive(Debug, Clone, Copy)]
pub enum Purpose {
    /// A row that the forest counts.
    Place = 1,
    /// The moment of such a row.
    Birth,
    /// Which goal a goal hangs on.
    Parent,
    Metric,
    Split,
    Session,
    Template,
    Instance,
    Activity,
    Value,
    Block,
    Day,
    Scheduled,
    Context,
    Fault,
    /// Ids of rows that are gone.
    Deleted,
}

/// The source of all ids and random numbers of one database.
#[derive(Debug, Clone, Copy)]
pub struct Keys {
    /// As the user gave it.
    pub seed: u64,
}

impl Keys {
    /// 64 bits for a row; for one seed and purpose no two ordinals share them.
    pub fn bits(self, purpose: Purpose, ordinal: u64) -> u64 {
        let stream = mix(mix(self.seed) ^ purpose as u64);
        mix(stream.wrapping_add(ordinal.wrapping_mul(0x9E37_79B9_7F4A_7C15)))
    }

    /// A number below `n` for a row.
    pub fn below(self, purpose: Purpose, ordinal: u64, n: u64) -> u64 {
        ((u128::from(self.bits(purpose, ordinal)) * u128::from(n)) >> 64) as u64
    }

    /// The generator for a row's texts and numbers.
    pub fn rng(self, purpose: Purpose, ordinal: u64) -> Pcg64 {
        Pcg64::seed_from_u64(self.bits(purpose, ordinal))
    }

    /// The id of a row.
    pub fn id(self, purpose: Purpose, ordinal: u64) -> Uuid {
        let low = self.bits(purpose, ordinal);
        Uuid::version_4(u128::from(mix(low ^ self.seed)) << 64 | u128::from(low))
    }

    /// The id of a row that does not exist.
    pub fn deleted(self, ordinal: u64) -> Uuid {
        self.id(Purpose::Deleted, ordinal)
    }

    /// Deals cards 0 to `n - 1`: in each run of `n` ordinals every card comes once, in an order of the run's own.
    ///
    /// So a small database has exactly the frequencies that were observed, not only on average.
    pub fn deal(self, purpose: Purpose, ordinal: u64, n: u64) -> u64 {
        self.hand(purpose, ordinal / n, n)(ordinal % n)
    }

    /// One run of [`Keys::deal`].
    pub fn hand(self, purpose: Purpose, run: u64, n: u64) -> impl Fn(u64) -> u64 {
        let bits = self.bits(purpose, u64::MAX - run);
        let step = (1 + bits % n..).find(|&step| coprime(step, n)).unwrap_or(1);
        move |position| (position * (step % n) + (bits >> 32)) % n
    }
}

fn coprime(mut a: u64, mut b: u64) -> bool {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a == 1
}

/// The finalizer of SplitMix64: a bijection in which each bit of the input changes half of the output.
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

fn digit(value: u8) -> u8 {
    if value < 10 { b'0' + value } else { b'a' + value - 10 }
}

/// A UUID as the application stores it: 36 lower-case characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Uuid([u8; 36]);

impl Uuid {
    fn version_4(random: u128) -> Self {
        let bits = random & !(0xF << 76) & !(0x3 << 62) | 0x4 << 76 | 0x2 << 62;
        let mut digits = [0; 32];
        for (pair, byte) in digits.as_chunks_mut::<2>().0.iter_mut().zip(bits.to_be_bytes()) {
            *pair = [digit(byte >> 4), digit(byte & 0xF)];
        }
        let mut text = [b'-'; 36];
        text[..8].copy_from_slice(&digits[..8]);
        text[9..13].copy_from_slice(&digits[8..12]);
        text[14..18].copy_from_slice(&digits[12..16]);
        text[19..23].copy_from_slice(&digits[16..20]);
        text[24..].copy_from_slice(&digits[20..]);
        Self(text)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl std::fmt::Display for Uuid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl ToSql for Uuid {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(ValueRef::Text(&self.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const KEYS: Keys = Keys { seed: 42 };

    #[test]
    fn an_id_is_a_lower_case_version_4_uuid() {
        let id = KEYS.id(Purpose::Place, 7);
        let groups: Vec<_> = id.as_str().split('-').collect();
        assert_eq!(groups.iter().map(|g| g.len()).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
        assert!(groups[2].starts_with('4') && groups[3].starts_with(['8', '9', 'a', 'b']), "{id}");
        assert!(id.as_str().chars().all(|c| c == '-' || c.is_ascii_digit() || c.is_ascii_lowercase()));
    }

    #[test]
    fn ids_of_places_purposes_and_seeds_differ() {
        let mut ids = BTreeSet::new();
        for seed in 0..3 {
            for ordinal in 0..1000 {
                ids.insert(Keys { seed }.id(Purpose::Place, ordinal).to_string());
                ids.insert(Keys { seed }.id(Purpose::Value, ordinal).to_string());
            }
        }
        assert_eq!(ids.len(), 6000);
    }

    #[test]
    fn each_card_is_dealt_once_a_run_and_runs_differ() {
        for n in [1, 2, 20, 21, 79] {
            let runs: Vec<Vec<u64>> = (0..9)
                .map(|run| (0..n).map(|i| KEYS.deal(Purpose::Session, run * n + i, n)).collect())
                .collect();
            for run in &runs {
                assert_eq!(run.iter().collect::<BTreeSet<_>>().len() as u64, n);
            }
            assert!(n < 20 || runs[0] != runs[1]);
        }
    }
}
