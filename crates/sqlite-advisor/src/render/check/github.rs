//! Workflow commands of GitHub Actions, which stand as annotations beside the lines of a pull request.
//!
//! The form: <https://docs.github.com/actions/using-workflows/workflow-commands-for-github-actions>.

use super::{details, message, verdict};
use crate::model::check::{Checked, Finding};
use crate::render::Renderer;
use crate::render::escape::visible;
use std::io;

/// One command for each finding, then the verdict for the log.
#[derive(Debug, Clone, Copy)]
pub struct Github;

impl Renderer<Checked> for Github {
    fn render(&self, checked: &Checked, out: &mut dyn io::Write) -> io::Result<()> {
        for finding in &checked.findings {
            writeln!(out, "{}", command(finding))?;
        }
        writeln!(out, "{}", verdict(checked))
    }
}

fn command(finding: &Finding) -> String {
    let level = if finding.kind.fails() { "error" } else { "notice" };
    let text = std::iter::once(message(finding)).chain(details(finding)).collect::<Vec<_>>().join("\n");
    format!(
        "::{level} file={},line={},title={}::{}",
        property(&visible(&finding.file)),
        finding.line,
        finding.kind,
        data(&text)
    )
}

/// Text behind `::`, where a line break would end the command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property, which a comma or a colon would end as well.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_can_end_a_command_or_begin_another() {
        assert_eq!(data("100%\r\n::set-env name=x::y"), "100%25%0D%0A::set-env name=x::y");
        assert_eq!(property("a,b:c"), "a%2Cb%3Ac");
    }
}
