//! What may stay although it is bad: `-- allow: scan REASON` above a statement.

use crate::model::check::Kind;

/// A kind of finding that is allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowance {
    /// What is allowed.
    pub kind: Kind,
    /// Why, in somebody's words.
    pub reason: String,
}

impl Allowance {
    /// Reads the text behind `-- allow:`, a kind and a reason; the error says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (word, reason) = text.trim().split_once(char::is_whitespace).unwrap_or((text.trim(), ""));
        let kinds = || Kind::ALL.into_iter().filter_map(|kind| Some((kind, kind.allowance()?)));
        let Some((kind, word)) = kinds().find(|(kind, known)| *known == word || kind.id() == word) else {
            let known: Vec<_> = kinds().map(|(_, known)| known).collect();
            return Err(format!("{word:?} cannot be allowed; use {}", known.join(", ")));
        };
        match reason.trim() {
            "" => Err(format!("gives no reason; write -- allow: {word} WHY")),
            reason => Ok(Self { kind, reason: reason.to_owned() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_allowance_names_a_kind_and_a_reason() {
        let read = |text: &str| Allowance::parse(text).map(|a| (a.kind, a.reason));
        assert_eq!(read(" scan  a nightly report "), Ok((Kind::FullScan, "a nightly report".to_owned())));
        assert_eq!(read("temporary-b-tree few rows"), Ok((Kind::TemporaryBTree, "few rows".to_owned())));
        assert!(read("scan").is_err_and(|e| e == "gives no reason; write -- allow: scan WHY"));
        assert!(read("all why not").is_err_and(|e| e.starts_with("\"all\" cannot be allowed; use scan, ")));
    }
}
