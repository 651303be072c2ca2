//! The floors of the house: a lower one never imports a higher one, rooms of one floor do not see each other, no files
//! form a circle, and the library never prints.

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

/// The files of a crate by the modules that they are, `crate::advise::rules` for one, without tests, comments and `mod`.
type Modules = BTreeMap<String, String>;

const LIBRARY: &str = "src";
const BINARY: &str = "src/bin/advisor";

fn modules(folder: &str) -> anyhow::Result<Modules> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let (mut modules, mut folders) = (Modules::new(), vec![root.clone()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() && !path.ends_with("src/bin") {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let file = path.strip_prefix(&root)?.with_extension("");
                let names = file.iter().map(|name| name.to_string_lossy());
                let names = names.filter(|name| !["lib", "main", "mod"].contains(&name.as_ref()));
                let module = names.fold("crate".to_owned(), |module, name| format!("{module}::{name}"));
                modules.insert(module, product(&std::fs::read_to_string(&path)?));
            }
        }
    }
    Ok(modules)
}

fn product(text: &str) -> String {
    let is_mod = |line: &str| line.trim_start_matches("pub ").starts_with("mod ") && line.ends_with(';');
    let code = text.split("#[cfg(test)]\n").next().unwrap_or_default().lines();
    code.filter(|line| !line.trim_start().starts_with("//") && !is_mod(line)).collect::<Vec<_>>().join("\n")
}

/// `crate::database::session` is in the room `database`, `crate::units` in the room `units`.
fn room(module: &str) -> &str {
    module.split("::").nth(1).unwrap_or(module)
}

fn floor(room: &str) -> anyhow::Result<usize> {
    FLOORS
        .iter()
        .position(|rooms| rooms.contains(&room))
        .ok_or_else(|| anyhow::anyhow!("src/{room} has no floor in this test; give it one"))
}

/// The module around a module.
fn around(module: &str) -> &str {
    module.rsplit_once("::").map_or("crate", |(around, _)| around)
}

fn last(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}

fn is_part_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The modules that one needs, the deepest that its paths name. What it only passes on to others, as the map of a room
/// does, it does not need itself.
fn needs(modules: &Modules, module: &str) -> BTreeSet<String> {
    let (passed_on, code) = passed_on(&modules[module]);
    let words: BTreeSet<&str> = code.split(|c| !is_part_of_word(c)).collect();
    let below = modules.keys().filter(|m| around(m) == module).map(|m| last(m));
    let written = ["crate", "self", "super"].into_iter().chain(below).flat_map(|name| paths(&code, name));
    let mut needs = BTreeSet::new();
    for path in written.chain(passed_on.into_iter().filter(|path| words.contains(last(path)))) {
        let found = resolved(modules, module, &path);
        // An imported module is a name with which further paths begin.
        if last(path.trim_end_matches("::self")) == last(&found) {
            let further = paths(&code, last(&found)).into_iter();
            needs.extend(further.map(|path| resolved(modules, around(&found), &path)));
        }
        needs.insert(found);
    }
    needs.remove(module);
    needs
}

/// The deepest module that a path names; what a module passes on is sought where it comes from.
fn resolved(modules: &Modules, here: &str, path: &str) -> String {
    let mut at = here.to_owned();
    for name in path.split("::") {
        let below = format!("{at}::{name}");
        at = match name {
            "crate" => name.to_owned(),
            "self" => at,
            "super" => around(&at).to_owned(),
            _ if modules.contains_key(&below) => below,
            _ => {
                let (passed_on, _) = passed_on(&modules[&at]);
                let origin = passed_on.iter().find(|path| last(path) == name && *path != name);
                return origin.map_or(at.clone(), |path| resolved(modules, &at, path));
            }
        }
    }
    at
}

/// The paths of each `pub use`, and the code without them.
fn passed_on(code: &str) -> (Vec<String>, String) {
    let mut parts = code.split("pub use ");
    let (mut paths, mut rest) = (vec![], parts.next().unwrap_or_default().to_owned());
    for (path, code) in parts.filter_map(|part| part.split_once(';')) {
        paths.extend(expanded(path));
        rest.push_str(code);
    }
    (paths, rest)
}

/// The paths that begin with a name, the braces of `use` opened.
fn paths(code: &str, name: &str) -> Vec<String> {
    let word = format!("{name}::");
    let begins = code.match_indices(&word).map(|(at, _)| code.split_at(at));
    let begins = begins.filter(|(before, _)| !before.ends_with(|c| is_part_of_word(c) || c == ':'));
    begins.flat_map(|(_, path)| expanded(path)).collect()
}

/// The paths at the beginning of a text: `a::{b, c::d}` is `a::b` and `a::c::d`.
fn expanded(text: &str) -> Vec<String> {
    let end = text.find(|c| !(is_part_of_word(c) || c == ':')).unwrap_or(text.len());
    let (path, rest) = text.split_at(end);
    let Some(inside) = rest.strip_prefix('{') else { return vec![path.trim_end_matches(':').to_owned()] };
    let (mut depth, mut start, mut paths) = (0, 0, vec![]);
    for (i, c) in inside.char_indices() {
        match c {
            '{' => depth += 1,
            ',' | '}' if depth == 0 => {
                let branches = expanded(inside[start..i].trim()).into_iter().filter(|b| !b.is_empty());
                paths.extend(branches.map(|branch| format!("{path}{branch}")));
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
fn a_path_leads_to_the_deepest_file_however_it_is_written() {
    let files = [
        ("crate", "pub use error::{Error, Result,\n};"),
        ("crate::error", ""),
        ("crate::units", ""),
        ("crate::a", "pub use b::B;\npub use c::C;\npub struct A(C);"),
        ("crate::a::b", ""),
        ("crate::a::b::deep", ""),
        ("crate::a::c", ""),
        ("crate::a::c::low", ""),
    ];
    let check = |module: &str, code: &str, needed: &str| {
        let mut modules: Modules =
            files.iter().map(|(m, code)| ((*m).to_owned(), (*code).to_owned())).collect();
        modules.entry(module.to_owned()).or_default().push_str(code);
        let found = needs(&modules, module).into_iter().collect::<Vec<_>>().join(" ");
        assert_eq!(found, needed, "{code}");
    };
    check(
        "crate::units",
        "use crate::a::{self, b::{deep::{X, Y}, Z}, other};",
        "crate::a crate::a::b crate::a::b::deep",
    );
    check("crate::units", "crate::a::b::deep::f(1); $crate::error::g()", "crate::a::b::deep crate::error");
    check("crate::units", "use crate::{Error, a::{B, A}};", "crate::a crate::a::b crate::error");
    check(
        "crate::units",
        "use crate::a;\nlet x = a::c::low::f(a::B);",
        "crate::a crate::a::b crate::a::c::low",
    );
    check(
        "crate::a::b::deep",
        "use super::super::{c, A}; super::f(); self::g()",
        "crate::a crate::a::b crate::a::c",
    );
    check("crate::a::c", "low::f(); follow::f(); x::low::f(); struct crate_::Y;", "crate::a::c::low");
    // `a` passes B on and does not name it, but it is made of C.
    check("crate::a", "", "crate::a::c");
}

#[test]
fn tests_comments_and_the_names_of_modules_are_no_code() {
    assert_eq!(product("pub mod a;\nmod b;\n// crate::c\nuse d;\n#[cfg(test)]\nmod tests {}"), "use d;");
}

#[test]
fn no_room_imports_one_above_or_beside_it() -> anyhow::Result<()> {
    let modules = modules(LIBRARY)?;
    for module in modules.keys().filter(|module| *module != "crate") {
        let here = floor(room(module))?;
        for needed in needs(&modules, module).iter().filter(|needed| room(needed) != room(module)) {
            let there = floor(room(needed))?;
            // Values may be made of one another; a circle among them is found below.
            assert!(there < here || (here == 0 && there == 0), "{module} imports {needed}");
        }
    }
    Ok(())
}

#[test]
fn no_files_form_a_circle() -> anyhow::Result<()> {
    for folder in [LIBRARY, BINARY] {
        let modules = modules(folder)?;
        let mut all: BTreeMap<_, _> = modules.keys().map(|m| (m.clone(), needs(&modules, m))).collect();
        // Files that need nothing more, or that nothing needs, are taken away until none is left, or only circles are.
        let is_free = |m: &String, all: &BTreeMap<String, BTreeSet<String>>| {
            all[m].is_empty() || !all.values().any(|needs| needs.contains(m))
        };
        while let Some(free) = all.keys().find(|m| is_free(m, &all)).cloned() {
            all.remove(&free);
            all.values_mut().for_each(|needs| _ = needs.remove(&free));
        }
        assert!(all.is_empty(), "a circle is among {all:#?} of {folder}");
    }
    Ok(())
}

#[test]
fn the_library_never_prints() -> anyhow::Result<()> {
    for (module, code) in modules(LIBRARY)? {
        for word in ["println!", "print!(", "eprint!(", "dbg!(", "io::stdout(", "io::stderr("] {
            assert!(!code.contains(word), "{module} has {word}");
        }
    }
    Ok(())
}
