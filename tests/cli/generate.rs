//! `advisor generate`: what it prints, what it refuses, and that nothing is left behind then.

use assert_cmd::Command;
use std::error::Error;
use std::fs;
use std::path::Path;

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

fn advisor(folder: &Path, arguments: &[&str]) -> Result<Command> {
    let mut command = Command::cargo_bin("advisor")?;
    command.current_dir(folder).args(["goals", "generate"]).args(arguments);
    Ok(command)
}

fn names(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    Ok(names)
}

#[test]
fn it_makes_a_database_and_says_how_large_it_is() -> Result {
    let folder = tempfile::tempdir()?;
    let output = advisor(folder.path(), &["--db", "new.db", "--scale", "2", "--seed", "3"])?.output()?;
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout)?;
    assert!(text.starts_with("new.db: 658 rows, "), "{text}");
    assert_eq!(String::from_utf8(output.stderr)?, "");
    assert_eq!(names(folder.path())?, ["new.db"]);
    Ok(())
}

#[test]
fn a_bad_argument_gets_one_sentence_and_leaves_nothing_behind() -> Result {
    let folder = tempfile::tempdir()?;
    for (arguments, sentence) in [
        (&["--scale", "0"][..], "scale 0 is not possible; use a number from 1 (45 goals) up"),
        (&["--scale", "-3"], "scale -3 is not possible; use a number from 1 (45 goals) up"),
        (&["--scale", "NaN"], "scale NaN is not possible; use a number from 1 (45 goals) up"),
        (&["--scale", "inf"], "scale inf is not possible; use a number from 1 (45 goals) up"),
        (&["--scale", "1e12"], "scale 1000000000000 needs about "),
        (&["--scale", "many"], "invalid value 'many' for '--scale <N>'"),
        (&["--seed", "-1"], "unexpected argument '-1' found"),
        (&["--variant", "staging"], "unknown variant \"staging\"; use \"production\" or \"development\""),
        (&["--json", "huge"], "unknown JSON size \"huge\"; use \"real\", \"small\" or \"none\""),
        (&["--fractals", "0"], "0 fractals are not possible; use a number from 1 up"),
        (&["--fractals", "9"], "9 fractals are too many for scale 1; use up to 4"),
        (&["--skew", "-1"], "skew -1 is not possible; use a number from 0 (equal sizes) to 4"),
        (&["--dirty", "1.5"], "dirty 1.5 is not possible; use a share from 0 to 1"),
        (&["--dirty", "NaN"], "dirty NaN is not possible; use a share from 0 to 1"),
    ] {
        let output = advisor(folder.path(), &["--db", "new.db"])?.args(arguments).output()?;
        let text = String::from_utf8(output.stderr)?;
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {text}");
        assert!(text.contains(sentence), "{arguments:?}: {text}");
        assert_eq!(names(folder.path())?, [""; 0], "{arguments:?}");
    }
    Ok(())
}

#[test]
fn a_folder_that_does_not_exist_is_named() -> Result {
    let folder = tempfile::tempdir()?;
    let output = advisor(folder.path(), &["--db", "nowhere/new.db"])?.output()?;
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8(output.stderr)?;
    assert!(text.starts_with("advisor: nowhere: ") && text.lines().count() == 1, "{text}");
    Ok(())
}

#[test]
#[cfg(target_os = "linux")]
fn a_folder_that_cannot_be_written_is_named() -> Result {
    let folder = tempfile::tempdir()?;
    let output = advisor(folder.path(), &["--db", "/proc/new.db"])?.output()?;
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8(output.stderr)?;
    assert!(text.starts_with("advisor: /proc: ") && text.lines().count() == 1, "{text}");
    Ok(())
}

#[test]
fn an_existing_file_stays_unless_forced() -> Result {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("old.db");
    fs::write(&file, "precious")?;
    let output = advisor(folder.path(), &["--db", "old.db"])?.output()?;
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        String::from_utf8(output.stderr)?,
        "advisor: old.db: exists; name another file or say --force to replace it\n"
    );
    assert_eq!(fs::read(&file)?, b"precious");

    advisor(folder.path(), &["--db", "old.db", "--force"])?.assert().success();
    assert!(fs::read(&file)?.starts_with(b"SQLite format 3"));
    advisor(folder.path(), &["--db", ".", "--force"])?.assert().code(2);
    assert_eq!(names(folder.path())?, ["old.db"]);
    Ok(())
}
