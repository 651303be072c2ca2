//! Inputs changed by chance, the same for the same number.

/// Numbers that look random and are the same in every run (xorshift64*, Vigna, arXiv 1402.6246).
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    /// Another row of numbers for each number.
    pub fn new(seed: u64) -> Self {
        let mut chance = Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        for _ in 0..4 {
            chance.next();
        }
        chance
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// A number below the limit; 0 for a limit of 0.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() >> 11) as usize % limit.max(1)
    }

    /// One of them.
    pub fn one_of<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> Option<&'a T> {
        let at = self.below(all.len());
        all.get(at).copied()
    }
}

/// What an input is, which tells how to change it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A binary file: bytes change in their place, so that the rest still means what it did.
    Bytes,
    /// A text: words and lines come, go and change places as well.
    Text,
}

/// Numbers at which counters and lengths turn over.
const EDGES: [u64; 12] =
    [0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fff_ffff, 0xffff_ffff, 0x7fff_ffff_ffff_ffff, u64::MAX];

/// Words that a reader of texts looks for.
const WORDS: [&str; 48] = [
    "SELECT",
    "FROM",
    "WHERE",
    "CREATE",
    "TABLE",
    "INDEX",
    "UNIQUE",
    "VIEW",
    "TRIGGER",
    "BEGIN",
    "END",
    ";",
    "(",
    ")",
    ",",
    "'",
    "\"",
    "`",
    "[",
    "]",
    "--",
    "/*",
    "*/",
    "?",
    "?999999999999",
    ":a",
    "@p",
    "$1",
    "NULL",
    "x'00'",
    "x'0",
    "1e308",
    "-1e309",
    "9223372036854775808",
    "NaN",
    "{",
    "}",
    ":",
    "\\u0000",
    "\\ud800",
    "\u{0}",
    "\u{202e}",
    "\u{1b}[2J",
    "é",
    "\u{feff}",
    "\r\n",
    "<script>",
    "AS (a||a) STORED",
];

/// The input with one to a dozen changes; `others` lend pieces.
pub fn mutated(input: &[u8], others: &[Vec<u8>], kind: Kind, chance: &mut Chance) -> Vec<u8> {
    let mut bytes = input.to_vec();
    let most = [1, 3, 12][chance.below(3)];
    for _ in 0..1 + chance.below(most) {
        match kind {
            Kind::Text if chance.below(3) > 0 => change_words(&mut bytes, others, chance),
            _ => change_bytes(&mut bytes, kind, chance),
        }
    }
    // A text that doubles again and again is bounded, since what is looked for is not how much fits.
    bytes.truncate(1 << 18);
    bytes
}

fn change_bytes(bytes: &mut Vec<u8>, kind: Kind, chance: &mut Chance) {
    // A database is decided by its header and the heads of its pages.
    let within = match (kind, chance.below(3)) {
        (Kind::Bytes, 0) => 100,
        (Kind::Bytes, 1) => 1024,
        _ => bytes.len(),
    };
    let at = chance.below(within.min(bytes.len()));
    match chance.below(6) {
        0 => flip(bytes, at, chance),
        1 => set(bytes, at, &[chance.below(256) as u8]),
        2 => {
            let edge = EDGES[chance.below(EDGES.len())].to_be_bytes();
            set(bytes, at, &edge[8 - [1, 2, 4, 8][chance.below(4)]..]);
        }
        3 => {
            let from = chance.below(bytes.len());
            let piece: Vec<u8> = bytes.iter().skip(from).take(1 + chance.below(64)).copied().collect();
            set(bytes, at, &piece);
        }
        4 if chance.below(8) == 0 => bytes.truncate(at),
        4 if chance.below(4) == 0 => bytes.extend(std::iter::repeat_n(0, chance.below(2048))),
        _ => flip(bytes, at, chance),
    }
}

fn flip(bytes: &mut [u8], at: usize, chance: &mut Chance) {
    if let Some(byte) = bytes.get_mut(at) {
        *byte ^= 1 << chance.below(8);
    }
}

fn set(bytes: &mut [u8], at: usize, new: &[u8]) {
    for (byte, new) in bytes.iter_mut().skip(at).zip(new) {
        *byte = *new;
    }
}

fn change_words(bytes: &mut Vec<u8>, others: &[Vec<u8>], chance: &mut Chance) {
    let [a, b] = [word(bytes, chance), word(bytes, chance)];
    let new = match chance.below(7) {
        0 => vec![],
        1 => bytes.get(b).unwrap_or_default().to_vec(),
        2 => bytes.get(a.clone()).unwrap_or_default().repeat(2),
        3 => {
            let other = &others[chance.below(others.len())];
            let from = chance.below(other.len());
            other.iter().skip(from).take(1 + chance.below(200)).copied().collect()
        }
        // Deep nesting is what recursive readers fail at.
        4 if chance.below(8) == 0 => {
            let open = chance.one_of(&["(", "[", "{\"a\":", "NOT ", "-", "((SELECT ", "CASE WHEN ", "/*"]);
            open.unwrap_or_default().repeat(1 << chance.below(14)).into_bytes()
        }
        _ => chance.one_of(&WORDS).unwrap_or_default().as_bytes().to_vec(),
    };
    bytes.splice(a, new);
}

/// Where a word stands that chance has chosen, or a piece of bytes.
fn word(bytes: &[u8], chance: &mut Chance) -> std::ops::Range<usize> {
    let at = chance.below(bytes.len());
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let start = at - bytes.iter().take(at).rev().take_while(|byte| is_word(byte)).count();
    let end = at + bytes.iter().skip(at).take_while(|byte| is_word(byte)).count();
    start..end.max(at + 1).min(bytes.len())
}
