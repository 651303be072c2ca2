//! Every form of `advisor check`: as it is written, as those who read it define it, and whatever names stand in it.

use crate::check::{QUERIES, Shop, without_index};
use crate::support::{Result, stderr, stdout};
use quick_xml::Reader;
use quick_xml::events::Event;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// What could end a line, a command, an attribute, a block of code or a test's name.
const HOSTILE: &str = "-- name: it's \"100%\" </testcase>]]> ::error file=a,b::c ```| \u{1b}[31m\u{202e}";

/// The findings of each kind that a form tells apart: what fails with a cure and without one, and what is only told.
fn written(form: &str) -> Result<String> {
    let shop = Shop::new()?;
    let allowed = QUERIES.replace("-- name: all", "-- allow: scan few\n-- name: all");
    let queries = format!("{allowed}{HOSTILE}\nSELECT id FROM gone WHERE \"a\u{7}b\" = '<&>';");
    let output = shop.check(&without_index(), &queries, &["--format", form])?;
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    Ok(stdout(&output))
}

#[test]
fn every_form_stays_as_it_is_and_no_name_steers_a_terminal() -> Result {
    for form in ["text", "json", "github", "gitlab", "sarif", "junit", "markdown"] {
        let told = written(form)?;
        assert!(!told.contains(|c: char| (c.is_control() && c != '\n') || c == '\u{202e}'), "{told:?}");
        assert!(told.contains("CREATE INDEX idx_orders_customer_placed_total ON orders("), "{form}: no cure");
        insta::assert_snapshot!(format!("check_{form}"), told);
    }
    Ok(())
}

#[test]
fn github_reads_one_command_a_line_for_each_finding() -> Result {
    let told = written("github")?;
    let lines: Vec<_> = told.lines().collect();
    let commands: Vec<_> = lines.iter().filter(|line| line.starts_with("::")).collect();
    assert_eq!((lines.len(), commands.len()), (4, 3), "{told}");
    for command in commands {
        let (properties, _) = command.trim_start_matches("::").split_once("::").ok_or("no text")?;
        let (level, properties) = properties.split_once(' ').ok_or("no properties")?;
        assert!(["error", "notice"].contains(&level), "{command}");
        let names: Vec<_> = properties.split(',').filter_map(|p| Some(p.split_once('=')?.0)).collect();
        assert_eq!(names, ["file", "line", "title"], "{command}");
    }
    Ok(())
}

#[test]
fn sarif_has_the_rule_of_each_result_and_a_place_in_a_file() -> Result {
    let told: serde_json::Value = serde_json::from_str(&written("sarif")?)?;
    assert_eq!((&told["version"], &told["runs"][1]), (&"2.1.0".into(), &serde_json::Value::Null));
    let run = &told["runs"][0];
    let list = |value: &serde_json::Value| value.as_array().cloned().unwrap_or_default();
    let rules: BTreeSet<_> =
        list(&run["tool"]["driver"]["rules"]).iter().map(|r| r["id"].to_string()).collect();
    let results = list(&run["results"]);
    assert_eq!(results.len(), 3);
    for result in results {
        let place = &result["locations"][0]["physicalLocation"];
        assert!(rules.contains(&result["ruleId"].to_string()), "{rules:?}");
        assert!(result["message"]["text"].is_string(), "{result}");
        assert!(place["artifactLocation"]["uri"] == "queries.sql" && place["region"]["startLine"].is_u64());
    }
    Ok(())
}

#[test]
fn gitlab_tells_each_finding_by_a_fingerprint_of_its_own() -> Result {
    let issues: Vec<serde_json::Value> = serde_json::from_str(&written("gitlab")?)?;
    let fingerprints: BTreeSet<_> = issues.iter().filter_map(|i| i["fingerprint"].as_str()).collect();
    assert_eq!((issues.len(), fingerprints.len()), (3, 3));
    for issue in &issues {
        assert!(issue["description"].is_string() && issue["check_name"].is_string());
        assert!(["info", "minor", "major", "critical", "blocker"].iter().any(|s| issue["severity"] == *s));
        assert!(issue["location"]["path"] == "queries.sql" && issue["location"]["lines"]["begin"].is_u64());
    }
    Ok(())
}

/// The elements of a document in order, with their attributes; an error if it is not well-formed.
fn elements(xml: &str) -> Result<Vec<(String, BTreeMap<String, String>)>> {
    let (mut reader, mut found) = (Reader::from_str(xml), vec![]);
    loop {
        match reader.read_event()? {
            Event::Start(element) | Event::Empty(element) => {
                let mut attributes = BTreeMap::new();
                for attribute in element.attributes() {
                    let attribute = attribute?;
                    let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0)?.into_owned();
                    attributes.insert(attribute.key.as_ref().to_owned(), value);
                }
                found.push((element.name().as_ref().to_owned(), attributes));
            }
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

#[test]
fn junit_has_a_test_for_each_statement_with_what_the_schemas_require() -> Result {
    let found = elements(&written("junit")?)?;
    let of = |name: &str| found.iter().filter(|(element, _)| element == name).collect::<Vec<_>>();
    let required: [(&str, &[&str]); 4] = [
        ("testsuites", &["name", "tests", "failures", "errors"]),
        ("testsuite", &["name", "tests", "failures", "errors"]),
        ("testcase", &["classname", "name"]),
        ("failure", &["type", "message"]),
    ];
    for (name, attributes) in required {
        assert!(!of(name).is_empty(), "no {name}");
        assert!(of(name).iter().all(|(_, has)| attributes.iter().all(|a| has.contains_key(*a))), "{name}");
    }
    let suite = &of("testsuite")[0].1;
    assert_eq!((suite["tests"].as_str(), of("testcase").len()), ("5", 5));
    assert_eq!((suite["failures"].as_str(), of("failure").len()), ("2", 2));
    assert!(
        of("testcase").iter().any(|(_, a)| a["name"].starts_with("it's \"100%\" </testcase>]]> ::error"))
    );
    Ok(())
}

#[test]
fn several_forms_are_written_at_once_and_an_unknown_one_is_refused() -> Result {
    let shop = Shop::new()?;
    let forms = ["--format", "github", "--format", "sarif=check.sarif", "--format", "junit=check.xml"];
    let output = shop.check(&without_index(), QUERIES, &forms)?;
    assert!(stdout(&output).starts_with("::error file=queries.sql,line=2,title=full-scan::"));
    for (file, begins) in [("check.sarif", "{\n  \"$schema\""), ("check.xml", "<?xml version=\"1.0\"")] {
        assert!(fs::read_to_string(shop.0.path().join(file))?.starts_with(begins), "{file}");
    }
    let refused = shop.check(&without_index(), QUERIES, &["--format", "html"])?;
    assert_eq!(refused.status.code(), Some(2));
    let why = "there is no form html; use text, json, github, gitlab, sarif, junit or markdown, or FORM=FILE";
    assert!(stderr(&refused).contains(why), "{}", stderr(&refused));
    Ok(())
}
