//! A report of GitLab's Code Quality, which stands beside the lines of a merge request.
//!
//! The form: <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>.

use super::{cure_sql, identities, message};
use crate::model::check::{Checked, Finding, Kind};
use crate::render::Renderer;
use crate::render::escape::visible;
use serde_json::{Value, json};
use std::io;

/// A list of all findings.
#[derive(Debug, Clone, Copy)]
pub struct Gitlab;

impl Renderer<Checked> for Gitlab {
    fn render(&self, checked: &Checked, out: &mut dyn io::Write) -> io::Result<()> {
        let all = checked.findings.iter().zip(identities(&checked.findings));
        let issues: Vec<Value> = all.map(|(finding, identity)| issue(finding, &identity)).collect();
        serde_json::to_writer_pretty(&mut *out, &issues)?;
        writeln!(out)
    }
}

fn issue(finding: &Finding, identity: &str) -> Value {
    let severity = match finding.kind {
        Kind::NotPrepared => "critical",
        kind if kind.fails() => "major",
        _ => "info",
    };
    let cure = finding.cure.as_ref().map(|cure| format!("; cure: {}", cure_sql(cure)));
    json!({
        "description": message(finding) + &cure.unwrap_or_default(),
        "check_name": finding.kind,
        "fingerprint": identity,
        "severity": severity,
        "location": {
            "path": visible(finding.file.trim_start_matches("./")),
            "lines": { "begin": finding.line },
        },
    })
}
