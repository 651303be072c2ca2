//! Whatever a file holds, the library answers or refuses: it does not panic, does not hang, changes no byte of what it was
//! given and leaves nothing behind.
//!
//! Each target is a function of bytes. A process of its own feeds it with seeds that chance has changed, so that one which
//! dies is told with its last input. Without arguments all targets run for a short while, as `cargo test` does.
//!
//! usage: fuzz [--target NAME] [--inputs N] [--seed N] [--again FILE]
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::indexing_slicing)] // a test, without libtest around it

mod answers;
mod mutate;
mod seeds;
mod targets;

use mutate::{Chance, mutated};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use targets::{TARGETS, Target};

/// An input that takes longer is a fault, even in a debug build on a busy machine.
const SLOW: Duration = Duration::from_secs(20);
/// An input that takes longer has hung; the process ends itself.
const HUNG: Duration = Duration::from_secs(120);
/// So many faults are enough to look at.
const ENOUGH: usize = 10;
/// SQLite's page cache (256 MiB) and 300 MB beside it.
#[cfg(target_os = "linux")]
const MEMORY: u64 = (256 << 20) + 300_000_000;

struct Arguments {
    target: Option<String>,
    inputs: Option<usize>,
    seed: u64,
    again: Option<PathBuf>,
    child: bool,
}

fn main() -> ExitCode {
    let Some(arguments) = arguments() else {
        // What `cargo test NAME` hands to every test program names none of the targets.
        return ExitCode::SUCCESS;
    };
    let chosen: Vec<&Target> =
        TARGETS.iter().filter(|t| arguments.target.as_ref().is_none_or(|name| t.name == name)).collect();
    match (arguments.child, chosen.as_slice()) {
        (true, [target]) => feed(target, &arguments),
        _ => watch(&chosen, &arguments),
    }
}

fn arguments() -> Option<Arguments> {
    let mut found = Arguments { target: None, inputs: None, seed: 1, again: None, child: false };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--target" => found.target = words.next(),
            "--inputs" => found.inputs = words.next()?.parse().ok(),
            "--seed" => found.seed = words.next()?.parse().ok()?,
            "--again" => found.again = words.next().map(PathBuf::from),
            "--child" => found.child = true,
            "--nocapture" | "--quiet" | "-q" => {}
            _ => return None,
        }
    }
    Some(found)
}

/// Where inputs are kept at which something went wrong.
fn kept() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("fuzz")
}

/// One process a target, two at a time; each in a temporary folder of its own, which must be empty in the end.
fn watch(targets: &[&Target], arguments: &Arguments) -> ExitCode {
    let (next, failed) = (AtomicUsize::new(0), Mutex::new(vec![]));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(target) = targets.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(why) = one_process(target, arguments)
                        && let Ok(mut failed) = failed.lock()
                    {
                        failed.push(format!("{}: {why}", target.name));
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap_or_default();
    failed.iter().for_each(|why| eprintln!("{why}"));
    if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn one_process(target: &Target, arguments: &Arguments) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let mut child = Command::new(std::env::current_exe().map_err(|e| e.to_string())?);
    child.args(["--child", "--target", target.name, "--seed", &arguments.seed.to_string()]);
    child.args(arguments.inputs.iter().flat_map(|n| ["--inputs".to_owned(), n.to_string()]));
    child.args(arguments.again.iter().flat_map(|file| ["--again".as_ref(), file.as_os_str()]));
    let status =
        child.env("TMPDIR", folder.path()).stdin(Stdio::null()).status().map_err(|e| e.to_string())?;
    if !status.success() {
        return Err(format!("{status}; the inputs are in {}", kept().display()));
    }
    let left = std::fs::read_dir(folder.path()).map_or(0, Iterator::count);
    if left > 0 { Err(format!("{left} temporary files are left")) } else { Ok(()) }
}

/// Feeds one target, in this process.
fn feed(target: &'static Target, arguments: &Arguments) -> ExitCode {
    let _ = std::fs::create_dir_all(kept());
    let last = kept().join(format!("{}.last", target.name));
    let seeds = (target.seeds)();
    let inputs = arguments.inputs.unwrap_or(target.usual);
    let (began, mut faults, mut slowest) = (Instant::now(), 0, Duration::ZERO);
    let at = std::sync::Arc::new(Mutex::new(Instant::now()));
    end_if_hung(target.name, at.clone());
    let again = arguments.again.as_ref().and_then(|file| std::fs::read(file).ok());
    let inputs = if again.is_some() { 1 } else { inputs };
    for i in 0..inputs {
        let mut chance = Chance::new(arguments.seed << 32 | i as u64);
        let seed = &seeds[chance.below(seeds.len())];
        let input = match &again {
            Some(input) => input.clone(),
            // The seeds themselves come first.
            None => seeds.get(i).cloned().unwrap_or_else(|| mutated(seed, &seeds, target.kind, &mut chance)),
        };
        let _ = std::fs::write(&last, &input);
        let start = Instant::now();
        if let Ok(mut at) = at.lock() {
            *at = start;
        }
        let result = std::panic::catch_unwind(|| (target.run)(&input));
        let took = start.elapsed();
        slowest = slowest.max(took);
        let why = match result {
            Err(_) => "panicked".to_owned(),
            Ok(Err(why)) => why,
            Ok(Ok(())) if took > SLOW => format!("took {took:.1?}"),
            Ok(Ok(())) => continue,
        };
        faults += 1;
        let file = kept().join(format!("{}-{}-{i}", target.name, arguments.seed));
        let _ = std::fs::write(&file, &input);
        eprintln!("{} input {i}: {why}; {}", target.name, file.display());
        if faults == ENOUGH {
            break;
        }
    }
    let memory = memory();
    println!(
        "fuzz {}: {inputs} inputs, {faults} faults, slowest {:.0} ms, {} MB, {:.1} s",
        target.name,
        slowest.as_secs_f64() * 1e3,
        memory / 1_000_000,
        began.elapsed().as_secs_f64()
    );
    #[cfg(target_os = "linux")]
    if memory > MEMORY {
        eprintln!("{}: took {memory} bytes of memory", target.name);
        return ExitCode::FAILURE;
    }
    if faults == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A thread that ends the process when one input takes for ever; its text is in `.last`.
fn end_if_hung(name: &'static str, at: std::sync::Arc<Mutex<Instant>>) {
    std::thread::spawn(move || {
        loop {
            std::thread::sleep(Duration::from_secs(1));
            if at.lock().is_ok_and(|at| at.elapsed() > HUNG) {
                eprintln!("{name}: hangs");
                std::process::abort();
            }
        }
    });
}

/// The most memory that this process had, in bytes; 0 where the system does not tell.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB")).and_then(|n| n.parse::<u64>().ok());
    kib.unwrap_or(0) * 1024
}
