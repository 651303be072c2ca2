//! README.md tells every command and every exit code that `--help` tells, and ARCHITECTURE.md names functions that are there.

use assert_cmd::Command;

fn help(arguments: &[&str]) -> anyhow::Result<String> {
    Ok(String::from_utf8(Command::cargo_bin("advisor")?.args(arguments).arg("--help").output()?.stdout)?)
}

/// None before the house has a README.
fn readme() -> Option<String> {
    std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).ok()
}

/// The first words of the lines of a section of the help.
fn section<'h>(help: &'h str, head: &str) -> impl Iterator<Item = &'h str> {
    help.lines()
        .skip_while(move |line| *line != head)
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next())
}

fn commands(help: &str) -> Vec<&str> {
    section(help, "Commands:").filter(|name| *name != "help").collect()
}

#[test]
fn the_help_tells_the_exit_codes() -> anyhow::Result<()> {
    let help = help(&[])?;
    assert_eq!(section(&help, "Exit codes:").collect::<Vec<_>>(), ["0", "1", "2", "3", "130"]);
    Ok(())
}

#[test]
fn every_command_has_help_of_its_own() -> anyhow::Result<()> {
    let main = help(&[])?;
    assert!(!commands(&main).is_empty(), "{main}");
    for command in commands(&main) {
        let own = help(&[command])?;
        assert!(own.contains(&format!("Usage: advisor {command}")), "{own}");
    }
    Ok(())
}

#[test]
fn completions_and_the_manual_know_every_command() -> anyhow::Result<()> {
    let main = help(&[])?;
    for arguments in [&["completions", "bash"][..], &["completions", "fish"], &["man"]] {
        let output = Command::cargo_bin("advisor")?.args(arguments).output()?;
        let text = String::from_utf8(output.stdout)?;
        assert!(
            output.status.success() && commands(&main).iter().all(|c| text.contains(*c)),
            "{arguments:?}"
        );
    }
    Ok(())
}

#[test]
fn a_slip_in_a_command_is_told_with_the_command_that_is_meant() -> anyhow::Result<()> {
    for (slip, meant) in [("explian", "advisor explain"), ("migrate", "advisor goals migrate")] {
        let output = Command::cargo_bin("advisor")?.arg(slip).output()?;
        let said = String::from_utf8(output.stderr)?;
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(&format!("did you mean `{meant}`?")), "{said}");
    }
    Ok(())
}

#[test]
fn the_readme_names_every_command_and_exit_code() -> anyhow::Result<()> {
    let (help, Some(readme)) = (help(&[])?, readme()) else { return Ok(()) };
    for command in commands(&help) {
        assert!(
            readme.contains(&format!("advisor {command}")),
            "README.md does not name `advisor {command}`"
        );
    }
    for line in help.lines().skip_while(|line| *line != "Exit codes:").take_while(|line| !line.is_empty()) {
        assert!(readme.contains(line.trim()), "README.md does not tell {line:?}");
    }
    Ok(())
}

/// The names between backticks and the files of lines such as "3. `advise` in crates/...: ...".
fn stops(page: &str) -> Vec<(&str, &str)> {
    page.lines().filter_map(stop).collect()
}

fn stop(line: &str) -> Option<(&str, &str)> {
    let (number, rest) = line.split_once(". `")?;
    number.parse::<u32>().ok()?;
    let (name, rest) = rest.split_once("` in ")?;
    let (file, _) = rest.split_once(": ")?;
    Some((name, file))
}

#[test]
fn the_architecture_names_functions_that_are_where_it_says() -> anyhow::Result<()> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(root.join("ARCHITECTURE.md"))?;
    let stops = stops(&page);
    assert!((8..=12).contains(&stops.len()), "{} stops", stops.len());
    for (name, file) in &stops {
        let text = std::fs::read_to_string(root.join(file)).map_err(|e| anyhow::anyhow!("{file}: {e}"))?;
        assert!(
            text.contains(&format!("fn {name}(")) || text.contains(&format!("fn {name}<")),
            "{name} in {file}"
        );
    }
    let distinct: std::collections::BTreeSet<_> = stops.iter().collect();
    assert_eq!(distinct.len(), stops.len(), "a function twice");
    Ok(())
}
