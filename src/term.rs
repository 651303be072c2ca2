//! The terminal: where results and progress go, and in which colours.

use anyhow::{Context, bail};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use sqlite_advisor::CancelToken;
use sqlite_advisor::progress::Progress;
use sqlite_advisor::render::Style;
use sqlite_advisor::render::escape::{brief, visible};
use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// When colour is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set or TERM is dumb.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The columns of text that no terminal shows.
const IN_A_FILE: usize = 100;
/// The fewest columns that text is made for.
const NARROWEST: usize = 40;

/// The exit code after Ctrl-C.
pub const INTERRUPTED: u8 = 130;
/// The exit code after any other failure.
pub const FAILED: u8 = 2;
/// How long a run may take to end in order once it is asked to.
const PATIENCE: Duration = Duration::from_millis(800);
/// The characters of a statement that an error shows.
const SHOWN: usize = 100;

/// Ends the program where it cannot end in order, and takes its copies along.
fn leave(run: &CancelToken, why: &str, code: u8) -> ! {
    let _ = writeln!(std::io::stderr(), "advisor: {}", visible(why));
    run.remove_folders();
    std::process::exit(i32::from(code))
}

/// The result goes to stdout or a file; progress goes to stderr, and only to a terminal.
pub struct Term {
    color: Color,
    quiet: bool,
    out: Option<PathBuf>,
    read: Vec<PathBuf>,
    cancel: CancelToken,
    stage: Mutex<Option<Stage>>,
}

struct Stage {
    bar: ProgressBar,
    since: Instant,
    shown: bool,
}

impl Term {
    /// Ctrl-C from here on asks the running stage to stop. What is `read` is never written. A command that `only_reads` ends
    /// even if a single step of SQLite's does not: there is nothing to undo but the copies.
    pub fn new(
        color: Color,
        quiet: bool,
        out: Option<PathBuf>,
        read: Vec<PathBuf>,
        only_reads: bool,
    ) -> Self {
        let cancel = CancelToken::default();
        let stopped = cancel.clone();
        // Again and again, for a statement that begins at the very moment of the first time.
        let stop = move || {
            let asked = Instant::now();
            loop {
                stopped.cancel();
                std::thread::sleep(Duration::from_millis(50));
                if only_reads && asked.elapsed() > PATIENCE {
                    leave(&stopped, &sqlite_advisor::Error::Interrupted.to_string(), INTERRUPTED);
                }
            }
        };
        // A second handler cannot be set; without one Ctrl-C ends the process at once, which is safe too.
        let _ = ctrlc::set_handler(stop);
        if only_reads {
            let token = cancel.clone();
            cancel.on_last_resort(move |sql| {
                let sql = brief(sql, SHOWN);
                let why = format!(
                    "one step of a statement takes too long and cannot be stopped; leave it out: {sql}"
                );
                leave(&token, &why, FAILED);
            });
        }
        Self { color, quiet, out, read, cancel, stage: Mutex::new(None) }
    }

    /// The file that `--out` names.
    pub fn out(&self) -> Option<&Path> {
        self.out.as_deref()
    }

    /// Whether what goes to stdout goes before a person's eyes.
    pub fn is_terminal(&self) -> bool {
        std::io::stdout().is_terminal()
    }

    /// How text looks on stdout, or in a file.
    pub fn style(&self, to_stdout: bool) -> Style {
        let shown = to_stdout && std::io::stdout().is_terminal();
        let set = |name: &str| std::env::var_os(name).unwrap_or_default();
        let color = match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => shown && set("NO_COLOR").is_empty() && set("TERM") != "dumb",
        };
        let width = terminal_size::terminal_size().filter(|_| shown);
        Style { width: width.map_or(IN_A_FILE, |(width, _)| usize::from(width.0).max(NARROWEST)), color }
    }

    /// Refuses an `--out` that cannot be written, before the work is done rather than after it.
    pub fn check_out(&self) -> anyhow::Result<()> {
        self.out.as_deref().map_or(Ok(()), |path| self.check(path))
    }

    /// Refuses a file that cannot be written.
    ///
    /// A database and what SQLite keeps beside it are never overwritten, nor is a text that the command reads.
    pub fn check(&self, named: &Path) -> anyhow::Result<()> {
        self.check_beside(named, &[])
    }

    /// The same where other texts are read as well.
    pub fn check_beside(&self, named: &Path, read: &[PathBuf]) -> anyhow::Result<()> {
        let refuse =
            |what: &str| bail!("{}: {what} and is not overwritten; name another file", named.display());
        // What a link leads to is what would be written.
        let path = match named.canonicalize() {
            Err(_) if named.is_symlink() => return refuse("is a link to nothing"),
            resolved => resolved.unwrap_or_else(|_| named.to_owned()),
        };
        if path.is_dir() {
            bail!("{}: is a folder; name a file in it", named.display());
        }
        if is_database(&path) {
            return refuse("is a database");
        }
        let name = path.to_string_lossy();
        let beside = ["-wal", "-shm", "-journal"].iter().find_map(|suffix| name.strip_suffix(suffix));
        if beside.is_some_and(|database| is_database(Path::new(database))) {
            return refuse("belongs to a database");
        }
        let is_read = |text: &PathBuf| {
            let text = text.canonicalize().unwrap_or_default();
            let in_folder = text.is_dir() && path.extension().is_some_and(|e| e == "sql");
            path.exists() && (text == path || (in_folder && path.parent() == Some(&text)))
        };
        if self.read.iter().chain(read).any(is_read) {
            return refuse("is read by this command");
        }
        match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() && !folder.is_dir() => {
                bail!("{}: there is no such folder; make it first", folder.display())
            }
            _ => Ok(()),
        }
    }

    /// Writes the result to `--out` or stdout. A closed pipe is a reader who has seen enough.
    pub fn write(&self, text: &str) -> anyhow::Result<()> {
        self.write_to(self.out.as_deref(), text)
    }

    /// Writes a result to a file or stdout.
    pub fn write_to(&self, file: Option<&Path>, text: &str) -> anyhow::Result<()> {
        let Some(path) = file else {
            return match std::io::stdout().lock().write_all(text.as_bytes()) {
                Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => {
                    Err(e).context("standard output: cannot write")
                }
                _ => Ok(()),
            };
        };
        std::fs::write(path, text).with_context(|| format!("{}: cannot write", path.display()))
    }

    /// A remark for people, on stderr, unless `--quiet`.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            let _ = writeln!(std::io::stderr(), "{}", visible(text));
        }
    }
}

/// True for a regular file that begins as databases do.
fn is_database(path: &Path) -> bool {
    let mut head = [0; 15];
    let mut begins = || std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut head));
    path.is_file() && begins().is_ok() && &head == b"SQLite format 3"
}

impl Progress for Term {
    fn cancel_token(&self) -> &CancelToken {
        &self.cancel
    }

    fn start(&self, stage: &str, total: Option<u64>) {
        self.finish();
        if self.quiet || !std::io::stderr().is_terminal() {
            return;
        }
        let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::hidden());
        let template = match total {
            Some(_) => "{msg:<28} {bar:24} {human_pos}/{human_len} {per_sec} {elapsed} left {eta}",
            None => "{msg:<28} {spinner} {human_pos} {elapsed}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(stage.to_owned());
        if let Ok(mut current) = self.stage.lock() {
            *current = Some(Stage { bar, since: Instant::now(), shown: false });
        }
    }

    fn advance(&self, done: u64) {
        let Ok(mut stage) = self.stage.lock() else { return };
        if let Some(stage) = stage.as_mut() {
            stage.bar.set_position(done);
            // A stage that takes less than a second does not flicker across the screen.
            if !stage.shown && stage.since.elapsed() > Duration::from_secs(1) {
                stage.bar.set_draw_target(ProgressDrawTarget::stderr());
                stage.bar.enable_steady_tick(Duration::from_millis(200));
                stage.shown = true;
            }
        }
    }

    fn finish(&self) {
        if let Ok(mut stage) = self.stage.lock()
            && let Some(stage) = stage.take()
        {
            stage.bar.finish_and_clear();
        }
    }
}
