//! The floors of the house: a lower one never imports a higher one, rooms of one floor do not see each other, the files of a
//! room form no circle, and the library never prints.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The floors from the ground up, each with its rooms.
const FLOORS: &[&[&str]] = &[
    &[
        "beside",
        "counters",
        "document",
        "error",
        "explanation",
        "index",
        "plan",
        "progress",
        "stats",
        "syntax",
        "tokens",
        "units",
    ],
    &["database"],
    &["workload", "change"],
    &["advise", "goals"],
    &["speedup"],
    &["report"],
];

/// The product part of each file of the library, by its path from `src/`: no tests, no comments.
fn files() -> anyhow::Result<BTreeMap<String, String>> {
    fn visit(folder: &Path, prefix: &str, files: &mut BTreeMap<String, String>) -> anyhow::Result<()> {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                visit(&entry.path(), &format!("{name}/"), files)?;
            } else if name.ends_with(".rs") {
                let text = std::fs::read_to_string(entry.path())?;
                let product = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
                let code = product.lines().filter(|line| !line.trim_start().starts_with("//"));
                files.insert(name, code.collect::<Vec<_>>().join("\n"));
            }
        }
        Ok(())
    }
    let mut files = BTreeMap::new();
    visit(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), "", &mut files)?;
    files.retain(|name, _| name != "lib.rs" && !name.starts_with("bin/"));
    Ok(files)
}

/// `database/session.rs` is in the room `database`, `units.rs` in the room `units`.
fn room(file: &str) -> &str {
    file.split('/').next().unwrap_or(file).trim_end_matches(".rs")
}

fn floor(room: &str) -> anyhow::Result<usize> {
    FLOORS
        .iter()
        .position(|rooms| rooms.contains(&room))
        .ok_or_else(|| anyhow::anyhow!("src/{room} has no floor in this test; give it one"))
}

/// The first two names of each path that begins with `crate::`, the braces of `use` opened.
fn imports(code: &str) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for (at, word) in code.match_indices("crate::") {
        for path in expanded(&code[at + word.len()..]) {
            let mut names = path.split("::").map(str::to_owned);
            found.insert((names.next().unwrap_or_default(), names.next().unwrap_or_default()));
        }
    }
    found
}

/// The paths at the beginning of a text: `a::{b, c::d}` is `a::b` and `a::c::d`.
fn expanded(text: &str) -> Vec<String> {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(text.len());
    let (path, rest) = text.split_at(end);
    let Some(inside) = rest.strip_prefix('{') else { return vec![path.to_owned()] };
    let (mut depth, mut start, mut paths) = (0, 0, vec![]);
    for (i, c) in inside.char_indices() {
        match c {
            '{' => depth += 1,
            ',' | '}' if depth == 0 => {
                let branches = expanded(inside[start..i].trim());
                paths.extend(branches.into_iter().map(|branch| format!("{path}{branch}")));
                start = i + 1;
                if c == '}' {
                    break;
                }
            }
            '}' => depth -= 1,
            _ => {}
        }
    }
    paths
}

#[test]
fn braces_of_use_are_opened() {
    let found = imports("use crate::a::{self, b, c::{d, e}};\nlet x = crate::f(1); crate::{g, h::i}");
    let found: Vec<_> = found.iter().map(|(a, b)| format!("{a}.{b}")).collect();
    assert_eq!(found, ["a.b", "a.c", "a.self", "f.", "g.", "h.i"]);
}

#[test]
fn no_room_imports_one_above_or_beside_it() -> anyhow::Result<()> {
    let rooms: BTreeSet<&str> = FLOORS.iter().flat_map(|f| f.iter().copied()).collect();
    for (file, code) in files()? {
        let here = floor(room(&file))?;
        for (import, _) in imports(&code) {
            // What is no room is a name that lib.rs passes on: `crate::Error`.
            if import == room(&file) || !rooms.contains(import.as_str()) {
                continue;
            }
            let there = floor(&import)?;
            // Values may be made of one another; a circle among them is found below.
            assert!(there < here || (here == 0 && there == 0), "src/{file} imports crate::{import}");
        }
    }
    Ok(())
}

#[test]
fn the_files_of_a_room_form_no_circle() -> anyhow::Result<()> {
    let files = files()?;
    // A mod.rs is the map of its room: it names all files, and they may use what it defines.
    let names: BTreeSet<String> = files
        .keys()
        .filter(|f| !f.ends_with("mod.rs"))
        .map(|f| f.trim_end_matches(".rs").to_owned())
        .collect();
    let mut needs: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for name in &names {
        for (first, second) in imports(&files[&format!("{name}.rs")]) {
            let target = if name.contains('/') { format!("{first}/{second}") } else { first };
            if target != *name && names.contains(&target) {
                needs.entry(name.clone()).or_default().insert(target);
            }
        }
    }
    // Files that need nothing more are taken away until none is left, or only circles are.
    while let Some(free) = needs.iter().find(|(_, n)| n.iter().all(|t| !needs.contains_key(t))) {
        let free = free.0.clone();
        needs.remove(&free);
    }
    assert!(needs.is_empty(), "a circle is among {needs:#?}");
    Ok(())
}

#[test]
fn the_library_never_prints() -> anyhow::Result<()> {
    for (file, code) in files()? {
        for word in ["println!", "print!(", "eprint!(", "dbg!(", "io::stdout(", "io::stderr("] {
            assert!(!code.contains(word), "src/{file} has {word}");
        }
    }
    Ok(())
}
