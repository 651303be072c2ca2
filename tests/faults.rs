//! Disk full and I/O errors at every 10th write of a migration or a restore: the file is before or after, never between.
//!
//! A VFS that passes everything on to the system's own, except for the writes that a test wants to fail. It is
//! registered as the default of this process, so these tests have a binary of their own.
#![allow(non_snake_case)] // the methods keep SQLite's names

#[path = "cli/support.rs"]
#[allow(dead_code)] // the other tests use the rest of it
mod support;

use support::*;

use goals::migrations::{Point, Style, change};
use goals::schema::Variant;
use rusqlite::ffi::{self, sqlite3_file, sqlite3_io_methods, sqlite3_vfs};
use sqlite_advisor::change::restore::restore;
use sqlite_advisor::change::{Options, carry_out};
use sqlite_advisor::progress::Silent;
use std::ffi::{c_char, c_int, c_void};
use std::path::Path;
use std::sync::atomic::{AtomicI32, AtomicI64, AtomicPtr, Ordering};
use std::sync::{Mutex, OnceLock};

/// Writes until the failure.
static LEFT: AtomicI64 = AtomicI64::new(NEVER);
const NEVER: i64 = i64::MAX;
/// The code that a failing write returns.
static CODE: AtomicI32 = AtomicI32::new(0);
/// 1 if every write after the first failing one fails too.
static LASTING: AtomicI32 = AtomicI32::new(0);
static REAL: AtomicPtr<sqlite3_vfs> = AtomicPtr::new(std::ptr::null_mut());
static METHODS: OnceLock<sqlite3_io_methods> = OnceLock::new();

/// Our file in front, the system's file behind it in the same allocation.
#[repr(C)]
struct File {
    base: sqlite3_file,
    real: *mut sqlite3_file,
}

/// The code with which the next write has to fail, if it has to.
fn fault() -> Option<c_int> {
    let left = LEFT.fetch_sub(1, Ordering::Relaxed);
    let fails = left == 0 || (left < 0 && LASTING.load(Ordering::Relaxed) == 1);
    fails.then(|| CODE.load(Ordering::Relaxed))
}

macro_rules! pass_on {
    ($($name:ident($($argument:ident: $kind:ty),*);)*) => {$(
        pub(crate) unsafe extern "C" fn $name(file: *mut sqlite3_file $(, $argument: $kind)*) -> c_int {
            // SAFETY: SQLite hands back a file that `open` below has filled; the system's methods are all there.
            unsafe {
                let real = (*file.cast::<File>()).real;
                (*(*real).pMethods).$name.map_or(ffi::SQLITE_ERROR, |method| method(real $(, $argument)*))
            }
        }
    )*};
}

pass_on! {
    xClose();
    xRead(to: *mut c_void, amount: c_int, offset: i64);
    xFileSize(size: *mut i64);
    xLock(level: c_int);
    xUnlock(level: c_int);
    xCheckReservedLock(out: *mut c_int);
    xFileControl(operation: c_int, argument: *mut c_void);
    xSectorSize();
    xDeviceCharacteristics();
}

mod writes {
    use super::*;
    pass_on! {
        xWrite(from: *const c_void, amount: c_int, offset: i64);
        xTruncate(size: i64);
        xSync(flags: c_int);
    }
}

unsafe extern "C" fn write(
    file: *mut sqlite3_file,
    from: *const c_void,
    amount: c_int,
    offset: i64,
) -> c_int {
    // SAFETY: passed on as it came.
    fault().unwrap_or_else(|| unsafe { writes::xWrite(file, from, amount, offset) })
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, size: i64) -> c_int {
    // SAFETY: passed on as it came.
    fault().unwrap_or_else(|| unsafe { writes::xTruncate(file, size) })
}

unsafe extern "C" fn sync(file: *mut sqlite3_file, flags: c_int) -> c_int {
    // SAFETY: passed on as it came.
    fault().unwrap_or_else(|| unsafe { writes::xSync(file, flags) })
}

unsafe extern "C" fn open(
    _: *mut sqlite3_vfs,
    name: *const c_char,
    file: *mut sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: SQLite gives szOsFile bytes, which hold our part and the system's.
    unsafe {
        let vfs = REAL.load(Ordering::Acquire);
        let real = file.cast::<File>().add(1).cast::<sqlite3_file>();
        (*file).pMethods = std::ptr::null();
        (*file.cast::<File>()).real = real;
        let code = (*vfs).xOpen.map_or(ffi::SQLITE_ERROR, |open| open(vfs, name, real, flags, out));
        if code == ffi::SQLITE_OK {
            (*file).pMethods = METHODS.get().map_or(std::ptr::null(), |m| m);
        }
        code
    }
}

/// Registers the VFS as the default, once.
fn install() {
    METHODS.get_or_init(|| {
        // SAFETY: a VFS is plain data; all zeros is a valid set of absent methods.
        unsafe {
            let real = ffi::sqlite3_vfs_find(std::ptr::null());
            REAL.store(real, Ordering::Release);
            let mut ours = *real;
            ours.szOsFile += size_of::<File>() as c_int;
            ours.zName = c"faulty".as_ptr();
            ours.pNext = std::ptr::null_mut();
            ours.xOpen = Some(open);
            ffi::sqlite3_vfs_register(Box::into_raw(Box::new(ours)), 1);
            sqlite3_io_methods {
                // Version 1: no shared memory and no mapping, so every access passes here.
                iVersion: 1,
                xClose: Some(xClose),
                xRead: Some(xRead),
                xWrite: Some(write),
                xTruncate: Some(truncate),
                xSync: Some(sync),
                xFileSize: Some(xFileSize),
                xLock: Some(xLock),
                xUnlock: Some(xUnlock),
                xCheckReservedLock: Some(xCheckReservedLock),
                xFileControl: Some(xFileControl),
                xSectorSize: Some(xSectorSize),
                xDeviceCharacteristics: Some(xDeviceCharacteristics),
                ..std::mem::zeroed()
            }
        }
    });
}

/// The faults belong to the whole process, so the tests take turns.
static TURN: Mutex<()> = Mutex::new(());

/// Does the work on a fresh copy of `start` at `victim` again and again while every 10th write fails, and once more
/// without a failure.
fn at_every_tenth_write(
    start: &Path,
    victim: &Path,
    work: &dyn Fn() -> sqlite_advisor::Result<()>,
) -> Result {
    std::fs::copy(start, victim)?;
    work()?;
    let (before, after) = (state(start)?, state(victim)?);
    assert_ne!(before, after);
    let mut counts = vec![];
    for (code, lasting) in [(ffi::SQLITE_IOERR_WRITE, 0), (ffi::SQLITE_FULL, 0), (ffi::SQLITE_FULL, 1)] {
        let (mut failures, mut nth) = (0, 0);
        loop {
            std::fs::copy(start, victim)?;
            CODE.store(code, Ordering::Relaxed);
            LASTING.store(lasting, Ordering::Relaxed);
            LEFT.store(nth, Ordering::Relaxed);
            let result = work();
            let reached = LEFT.swap(NEVER, Ordering::Relaxed) < 0;
            let found = state(victim)?;
            assert!(found == before || found == after, "half done after write {nth}");
            assert!(result.is_err() || found == after, "write {nth} was lost without a word");
            if found == before {
                failures += 1;
                work()?;
                assert!(state(victim)? == after, "not finished after write {nth}");
            }
            if !reached {
                break;
            }
            nth += 10;
        }
        counts.push((code, lasting, failures, nth));
    }
    assert!(counts.iter().all(|(_, _, failures, _)| *failures > 10), "{counts:?}");
    Ok(())
}

fn migrate(db: &Path, backups: &Path) -> sqlite_advisor::Result<()> {
    let wait = std::time::Duration::from_millis(100);
    let options =
        Options { backups: backups.to_owned(), keep: 1, accept: Default::default(), wait, receipt: true };
    carry_out(db, &change(Point::M5, Style::default()), &options, &Silent).map(|_| ())
}

#[test]
fn a_migration_is_done_or_not_and_the_next_run_finishes_it() -> Result {
    let _turn = TURN.lock();
    install();
    let world = World::new(1.0, Variant::Production, 0.0)?;
    let (victim, backups) = (world.copy("victim.db")?, world.folder.path().join("backups"));
    at_every_tenth_write(&world.db, &victim, &|| migrate(&victim, &backups))
}

#[test]
fn a_restore_is_done_or_not_and_the_next_run_finishes_it() -> Result {
    let _turn = TURN.lock();
    install();
    let world = World::new(1.0, Variant::Production, 0.0)?;
    let (good, victim) = (world.copy("good.db")?, world.folder.path().join("victim.db"));
    let backups = world.folder.path().join("backups");
    migrate(&world.db, &backups)?;
    at_every_tenth_write(&world.db, &victim, &|| restore(&victim, &good, &backups, &Silent).map(|_| ()))
}
