//! The README tells every command and every exit code that `--help` tells.

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
