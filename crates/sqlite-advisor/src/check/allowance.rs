//! What may stay although it is bad: `-- allow: scan REASON` above a statement.

use crate::model::check::Kind;

/// The word for each kind that can be allowed.
const WORDS: [(&str, Kind); 4] = [
    ("scan", Kind::FullScan),
    ("automatic-index", Kind::AutomaticIndex),
    ("lost-index", Kind::LostIndex),
    ("sort", Kind::TemporaryBTree),
];

/// A kind of finding that is allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowance {
    /// What is allowed.
    pub kind: Kind,
    /// The comment as it is written: the kind and the reason.
    pub written: String,
}

impl Allowance {
    /// Reads the text behind `-- allow:`, a kind and a reason; the error says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let written = text.trim();
        let (word, reason) = written.split_once(char::is_whitespace).unwrap_or((written, ""));
        let is_meant = |known: &str, kind: Kind| known == word || word.parse() == Ok(kind);
        let Some((known, kind)) = WORDS.into_iter().find(|(known, kind)| is_meant(known, *kind)) else {
            return Err(format!(
                "{word:?} cannot be allowed; use {}",
                WORDS.map(|(word, _)| word).join(", ")
            ));
        };
        if reason.trim().is_empty() {
            return Err(format!("gives no reason; write -- allow: {known} WHY"));
        }
        Ok(Self { kind, written: written.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_allowance_names_a_kind_and_a_reason() {
        let read = |text: &str| Allowance::parse(text).map(|a| (a.kind, a.written));
        assert_eq!(read(" scan a nightly report "), Ok((Kind::FullScan, "scan a nightly report".to_owned())));
        assert_eq!(read("temporary-b-tree few").map(|(kind, _)| kind), Ok(Kind::TemporaryBTree));
        assert!(read("scan").is_err_and(|e| e == "gives no reason; write -- allow: scan WHY"));
        assert!(read("all why not").is_err_and(|e| e.starts_with("\"all\" cannot be allowed; use scan, ")));
    }
}
