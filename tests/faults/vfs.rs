//! A VFS that passes everything on to the system's own, but for the faults that a test asks for: the nth write, sync or open
//! fails, or the power goes at that moment and takes with it what was not forced to disk.
//!
//! It is registered as the default of this process, so each of these tests has a process of its own.
#![allow(non_snake_case)] // the methods keep SQLite's names

use rusqlite::ffi::{self, sqlite3_file, sqlite3_io_methods, sqlite3_vfs};
use std::ffi::{CStr, c_char, c_int, c_void};
use std::os::unix::fs::FileExt;
use std::sync::atomic::{AtomicPtr, Ordering};
use std::sync::{LazyLock, Mutex, MutexGuard, OnceLock, PoisonError};

/// What goes wrong, and at which operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The nth write, sync, truncation or open of a file to write fails with this code.
    Once(c_int),
    /// And every one after it.
    Lasting(c_int),
    /// The power goes: every operation after it fails, and writes that were not forced to disk are lost in the files that
    /// end so.
    PowerCut { lost: &'static str },
}

/// Counts operations and knows what the next one has to do.
#[derive(Default)]
struct Faults {
    fault: Option<(Fault, u64)>,
    operations: u64,
    is_off: bool,
    /// The planted bug: these files say that they are synced and are not.
    never_synced: Option<&'static str>,
    /// What would be lost: the file, where, and what stood there before; its length where that changed.
    unsynced: Vec<(String, Before)>,
}

enum Before {
    Bytes(u64, Vec<u8>),
    Length(u64),
}

static FAULTS: LazyLock<Mutex<Faults>> = LazyLock::new(Mutex::default);
static REAL: AtomicPtr<sqlite3_vfs> = AtomicPtr::new(std::ptr::null_mut());
static METHODS: OnceLock<sqlite3_io_methods> = OnceLock::new();

fn faults() -> MutexGuard<'static, Faults> {
    FAULTS.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Faults {
    /// Counts an operation; the code with which it has to fail, if it has to.
    fn count(&mut self) -> Option<c_int> {
        let at = self.operations;
        self.operations += 1;
        match self.fault? {
            (Fault::Once(code), nth) => (at == nth).then_some(code),
            (Fault::Lasting(code), nth) => (at >= nth).then_some(code),
            (Fault::PowerCut { .. }, nth) => {
                self.is_off |= at >= nth;
                self.is_off.then_some(ffi::SQLITE_IOERR)
            }
        }
    }

    /// Notes what a write or a truncation is about to change.
    fn note(&mut self, path: &str, offset: u64, amount: usize) {
        if !matches!(self.fault, Some((Fault::PowerCut { .. }, _))) {
            return;
        }
        let Ok(file) = std::fs::File::open(path) else { return };
        let length = file.metadata().map_or(0, |meta| meta.len());
        let there = length.saturating_sub(offset).min(amount as u64) as usize;
        let mut bytes = vec![0; there];
        if file.read_exact_at(&mut bytes, offset).is_ok() {
            self.unsynced.push((path.to_owned(), Before::Length(length)));
            self.unsynced.push((path.to_owned(), Before::Bytes(offset, bytes)));
        }
    }
}

/// Does the work with the fault at its nth operation; what it came to, and whether the fault was reached.
pub fn with<T>(fault: Fault, nth: u64, work: impl FnOnce() -> T) -> (T, bool) {
    {
        let mut faults = faults();
        (faults.fault, faults.operations, faults.is_off) = (Some((fault, nth)), 0, false);
        faults.unsynced.clear();
    }
    let result = work();
    let mut faults = faults();
    faults.fault = None;
    let reached = faults.operations > nth;
    if let Fault::PowerCut { lost } = fault
        && std::mem::take(&mut faults.is_off)
    {
        // The newest first, so that what stood there in the beginning stands there in the end.
        for (path, before) in faults.unsynced.drain(..).rev().filter(|(path, _)| path.ends_with(lost)) {
            let Ok(file) = std::fs::OpenOptions::new().write(true).open(path) else { continue };
            let undone = match before {
                Before::Bytes(offset, bytes) => file.write_all_at(&bytes, offset),
                Before::Length(length) => file.set_len(length),
            };
            assert!(undone.is_ok(), "the loss of power could not be played");
        }
    }
    (result, reached)
}

/// Plants a bug while the work is done: files that end so are never forced to disk, and say that they are.
pub fn without_syncs<T>(of: &'static str, work: impl FnOnce() -> T) -> T {
    faults().never_synced = Some(of);
    let result = work();
    faults().never_synced = None;
    result
}

/// Our file in front, the system's file behind it in the same allocation.
#[repr(C)]
struct File {
    base: sqlite3_file,
    real: *mut sqlite3_file,
    /// A copy of the name, none for a file without one; freed by xClose.
    path: *mut String,
}

macro_rules! pass_on {
    ($($name:ident($($argument:ident: $kind:ty),*);)*) => {$(
        pub(super) unsafe extern "C" fn $name(file: *mut sqlite3_file $(, $argument: $kind)*) -> c_int {
            // SAFETY: SQLite hands back a file that `open` below has filled; the system's methods are all there.
            unsafe {
                let real = (*file.cast::<File>()).real;
                (*(*real).pMethods).$name.map_or(ffi::SQLITE_ERROR, |method| method(real $(, $argument)*))
            }
        }
    )*};
}

mod real {
    use super::*;
    pass_on! {
        xClose();
        xWrite(from: *const c_void, amount: c_int, offset: i64);
        xTruncate(size: i64);
        xSync(flags: c_int);
        xRead(to: *mut c_void, amount: c_int, offset: i64);
        xFileSize(size: *mut i64);
        xLock(level: c_int);
        xUnlock(level: c_int);
        xCheckReservedLock(out: *mut c_int);
        xFileControl(operation: c_int, argument: *mut c_void);
        xSectorSize();
        xDeviceCharacteristics();
        xShmMap(page: c_int, size: c_int, extend: c_int, out: *mut *mut c_void);
        xShmLock(offset: c_int, amount: c_int, flags: c_int);
        xShmUnmap(delete: c_int);
    }

    pub(super) fn methods() -> sqlite3_io_methods {
        sqlite3_io_methods {
            // Version 2: shared memory for WAL, but no mapping, so every access passes here.
            iVersion: 2,
            xClose: Some(close),
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
            xShmMap: Some(xShmMap),
            xShmLock: Some(xShmLock),
            xShmBarrier: Some(barrier),
            xShmUnmap: Some(xShmUnmap),
            xFetch: None,
            xUnfetch: None,
        }
    }

    unsafe extern "C" fn barrier(file: *mut sqlite3_file) {
        // SAFETY: as above.
        unsafe {
            let real = (*file.cast::<File>()).real;
            if let Some(barrier) = (*(*real).pMethods).xShmBarrier {
                barrier(real);
            }
        }
    }
}

/// The file's name, or nothing.
unsafe fn path<'a>(file: *mut sqlite3_file) -> &'a str {
    // SAFETY: `open` has filled it, and `close` has not been called.
    unsafe { (*file.cast::<File>()).path.as_ref().map_or("", String::as_str) }
}

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    // SAFETY: SQLite closes a file once; the name came from Box::into_raw.
    unsafe {
        let code = real::xClose(file);
        let path = std::mem::replace(&mut (*file.cast::<File>()).path, std::ptr::null_mut());
        if !path.is_null() {
            drop(Box::from_raw(path));
        }
        code
    }
}

unsafe extern "C" fn write(file: *mut sqlite3_file, from: *const c_void, amount: c_int, at: i64) -> c_int {
    let mut faults = faults();
    if let Some(code) = faults.count() {
        return code;
    }
    // SAFETY: passed on as it came.
    unsafe {
        faults.note(path(file), at.cast_unsigned(), amount.cast_unsigned() as usize);
        real::xWrite(file, from, amount, at)
    }
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, size: i64) -> c_int {
    let mut faults = faults();
    if let Some(code) = faults.count() {
        return code;
    }
    // SAFETY: passed on as it came.
    unsafe {
        faults.note(path(file), size.cast_unsigned(), usize::MAX);
        real::xTruncate(file, size)
    }
}

unsafe extern "C" fn sync(file: *mut sqlite3_file, flags: c_int) -> c_int {
    let mut faults = faults();
    if let Some(code) = faults.count() {
        return code;
    }
    // SAFETY: passed on as it came.
    unsafe {
        let name = path(file);
        if faults.never_synced.is_some_and(|of| name.ends_with(of)) {
            return ffi::SQLITE_OK;
        }
        faults.unsynced.retain(|(path, _)| path != name);
        real::xSync(file, flags)
    }
}

unsafe extern "C" fn delete(_: *mut sqlite3_vfs, name: *const c_char, sync: c_int) -> c_int {
    let mut faults = faults();
    if let Some(code) = faults.count() {
        return if matches!(faults.fault, Some((Fault::PowerCut { .. }, _))) {
            code
        } else {
            ffi::SQLITE_IOERR_DELETE
        };
    }
    let vfs = REAL.load(Ordering::Acquire);
    // SAFETY: passed on as it came.
    unsafe { (*vfs).xDelete.map_or(ffi::SQLITE_ERROR, |delete| delete(vfs, name, sync)) }
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
        (*file).pMethods = std::ptr::null();
        if flags & ffi::SQLITE_OPEN_READWRITE != 0 && faults().count().is_some() {
            return ffi::SQLITE_CANTOPEN;
        }
        let vfs = REAL.load(Ordering::Acquire);
        let real = file.cast::<File>().add(1).cast::<sqlite3_file>();
        (*file.cast::<File>()).real = real;
        let path =
            if name.is_null() { String::new() } else { CStr::from_ptr(name).to_string_lossy().into_owned() };
        (*file.cast::<File>()).path = std::ptr::null_mut();
        let code = (*vfs).xOpen.map_or(ffi::SQLITE_ERROR, |open| open(vfs, name, real, flags, out));
        if code == ffi::SQLITE_OK {
            (*file.cast::<File>()).path = Box::into_raw(Box::new(path));
            (*file).pMethods = METHODS.get().map_or(std::ptr::null(), |m| m);
        }
        code
    }
}

/// Registers the VFS as the default, once.
pub fn install() {
    METHODS.get_or_init(|| {
        // SAFETY: a VFS is plain data; what is not set here is the system's own.
        unsafe {
            let real = ffi::sqlite3_vfs_find(std::ptr::null());
            REAL.store(real, Ordering::Release);
            let mut ours = *real;
            ours.szOsFile += size_of::<File>() as c_int;
            ours.zName = c"faulty".as_ptr();
            ours.pNext = std::ptr::null_mut();
            ours.xOpen = Some(open);
            ours.xDelete = Some(delete);
            ffi::sqlite3_vfs_register(Box::into_raw(Box::new(ours)), 1);
        }
        real::methods()
    });
}
