//! SARIF 2.1.0, which code scanning of GitHub and Azure and many editors read.
//!
//! The form: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>.

use super::{about, details, identities, message};
use crate::model::check::{Checked, Finding, Kind};
use crate::render::Renderer;
use crate::render::escape::visible;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io;

/// One run of the tool with a result for each finding.
#[derive(Debug, Clone, Copy)]
pub struct Sarif;

impl Renderer<Checked> for Sarif {
    fn render(&self, checked: &Checked, out: &mut dyn io::Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *out, &log(checked))?;
        writeln!(out)
    }
}

fn log(checked: &Checked) -> Value {
    let kinds: BTreeSet<Kind> = checked.findings.iter().map(|finding| finding.kind).collect();
    let all = checked.findings.iter().zip(identities(&checked.findings));
    let results: Vec<Value> = all.map(|(finding, identity)| result(finding, &identity)).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": checked.tool.name,
                "version": checked.tool.version,
                "rules": kinds.into_iter().map(rule).collect::<Vec<_>>(),
            }},
            "results": results,
        }],
    })
}

fn rule(kind: Kind) -> Value {
    json!({
        "id": kind,
        "shortDescription": { "text": about(kind) },
        "defaultConfiguration": { "level": level(kind) },
    })
}

fn result(finding: &Finding, identity: &str) -> Value {
    let text = std::iter::once(message(finding)).chain(details(finding)).collect::<Vec<_>>().join("\n");
    json!({
        "ruleId": finding.kind,
        "level": level(finding.kind),
        "message": { "text": text },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": uri(&finding.file) },
            "region": { "startLine": finding.line.max(1), "snippet": { "text": visible(&finding.sql) } },
        }}],
        "partialFingerprints": { "finding/v1": identity },
    })
}

fn level(kind: Kind) -> &'static str {
    if kind.fails() { "error" } else { "note" }
}

/// A path as a reference of a URI, relative unless the path is absolute.
fn uri(path: &str) -> String {
    let mut out = if path.starts_with('/') { "file://".to_owned() } else { String::new() };
    for byte in path.trim_start_matches("./").bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(byte.into())
            }
            b'\\' if cfg!(windows) => out.push('/'),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_reference_whatever_stands_in_it() {
        assert_eq!(uri("./sql/a b:c é.sql"), "sql/a%20b%3Ac%20%C3%A9.sql");
        assert_eq!(uri("/home/q.sql"), "file:///home/q.sql");
    }
}
