//! The document as JSON, and back. The form is described in README.md, section "JSON".

use crate::error::{Error, Result};
use crate::model::report::{Report, VERSION};
use crate::render::Renderer;
use serde::{Deserialize, Serialize};
use std::io;

/// The whole result, pretty-printed; [`read`] reads a report.
#[derive(Debug, Clone, Copy)]
pub struct Json;

impl<R: Serialize> Renderer<R> for Json {
    fn render(&self, result: &R, out: &mut dyn io::Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *out, result)?;
        out.write_all(b"\n")
    }
}

/// Reads what [`Json`] wrote.
///
/// # Errors
/// [`Error::Invalid`] for text that is not such a document, or one of another version.
pub fn read(json: &str) -> Result<Report> {
    #[derive(Deserialize)]
    struct Head {
        version: u64,
    }
    let invalid =
        |e: serde_json::Error| Error::Invalid(format!("is not a result of advisor --format json: {e}"));
    // The version first: a document of another version may lack whatever this one requires.
    let head: Head = serde_json::from_str(json).map_err(invalid)?;
    if head.version != u64::from(VERSION) {
        return Err(Error::Invalid(format!(
            "has version {}, and this advisor reads version {VERSION}; run the advisor that wrote it",
            head.version
        )));
    }
    serde_json::from_str(json).map_err(invalid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_document_is_refused_in_one_sentence() {
        let said = |json| read(json).err().map(|e| e.to_string()).unwrap_or_default();
        assert_eq!(
            said(r#"{"version": 7}"#),
            "has version 7, and this advisor reads version 1; run the advisor that wrote it"
        );
        for json in ["", "[]", "{}", r#"{"version": 1}"#, "\u{0}"] {
            assert!(said(json).starts_with("is not a result of advisor --format json: "), "{json}");
            assert_eq!(said(json).lines().count(), 1);
        }
    }
}
