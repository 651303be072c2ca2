//! JUnit XML, which every CI shows as a list of tests: each statement is one.
//!
//! The form is the part that the schemas of Ant, Surefire and Jenkins have in common.

use super::{details, message, verdict};
use crate::model::check::{Checked, Finding, Locked};
use crate::render::Renderer;
use crate::render::escape::visible;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use std::io;

/// A suite with a test for each statement.
#[derive(Debug, Clone, Copy)]
pub struct Junit;

impl Renderer<Checked> for Junit {
    fn render(&self, checked: &Checked, out: &mut dyn io::Write) -> io::Result<()> {
        let mut xml = Writer::new_with_indent(&mut *out, b' ', 2);
        xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        let tests = checked.statements.statements.len().to_string();
        let failed = |one: &&Locked| findings(checked, one).any(|finding| finding.kind.fails());
        let failures = checked.statements.statements.iter().filter(failed).count().to_string();
        let counts = [("name", "advisor check"), ("tests", &tests), ("failures", &failures), ("errors", "0")];
        xml.create_element("testsuites").with_attributes(counts).write_inner_content(|xml| {
            let suite = xml.create_element("testsuite").with_attributes(counts);
            suite.write_inner_content(|xml| {
                for statement in &checked.statements.statements {
                    test(xml, checked, statement)?;
                }
                xml.create_element("system-out").write_text_content(BytesText::new(&verdict(checked)))?;
                Ok(())
            })?;
            Ok(())
        })?;
        writeln!(out)
    }
}

/// What was found of a statement.
fn findings<'c>(checked: &'c Checked, statement: &'c Locked) -> impl Iterator<Item = &'c Finding> {
    checked.findings.iter().filter(|finding| finding.statement == statement.name)
}

/// A test of one statement: a failure for each finding that fails, and what is only told as its output.
fn test<W: io::Write>(xml: &mut Writer<W>, checked: &Checked, statement: &Locked) -> io::Result<()> {
    let name = visible(&statement.name);
    let test = xml
        .create_element("testcase")
        .with_attributes([("classname", visible(&checked.schema).as_str()), ("name", &name)]);
    let mut all = findings(checked, statement).peekable();
    if all.peek().is_none() {
        test.write_empty()?;
        return Ok(());
    }
    test.write_inner_content(|xml| {
        for finding in all {
            let (message, kind) = (message(finding), finding.kind.to_string());
            let place = format!("{}:{}", visible(&finding.file), finding.line);
            let lines = [place, visible(&finding.sql)].into_iter().chain(details(finding));
            let text = lines.collect::<Vec<_>>().join("\n");
            if finding.kind.fails() {
                xml.create_element("failure")
                    .with_attributes([("type", kind.as_str()), ("message", &message)])
                    .write_text_content(BytesText::new(&text))?;
            } else {
                xml.create_element("system-out").write_text_content(BytesText::new(&message))?;
            }
        }
        Ok(())
    })?;
    Ok(())
}
