//! Copies that share with their original the pages which nobody changed: a VFS (<https://www.sqlite.org/vfs.html>) that reads
//! from the original what was not written to the copy. A copy is made at once, and takes the room of its changes.
//!
//! The copy is a sparse file of the same length, and a bit for each of its blocks says whether it was written.
#![allow(non_snake_case)] // the methods keep SQLite's names

use crate::error::{Context, Error, Result};
use rusqlite::ffi::{self, sqlite3_file, sqlite3_io_methods, sqlite3_vfs};
use rusqlite::{Connection, OpenFlags};
use std::collections::HashMap;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::fs;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicPtr, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, Once, PoisonError};

/// Bytes that a bit stands for: the least page of SQLite, so that a page is either the copy's or the original's.
const BLOCK: u64 = 512;

/// The copies that there are, by path; what a copy has of its own outlives its connections.
static COPIES: LazyLock<Mutex<HashMap<PathBuf, Arc<Mutex<Blocks>>>>> = LazyLock::new(Mutex::default);

/// Makes `copy` a copy of `original`, which must stay as it is while the copy is there.
///
/// # Errors
/// [`Error::File`] if the one cannot be read or the other not be made.
pub fn make(original: &Path, copy: &Path) -> Result<()> {
    let cannot_read = || Error::file("cannot be read", original);
    let mut file = fs::File::open(original).map_err(cannot_read())?;
    let bytes = file.metadata().map_err(cannot_read())?.len();
    let shared = bytes - bytes % BLOCK;
    // What is no whole block belongs to the copy from the beginning.
    let mut rest = vec![];
    file.seek(SeekFrom::Start(shared)).and_then(|_| file.read_to_end(&mut rest)).map_err(cannot_read())?;
    let write = || -> std::io::Result<()> {
        let mut target = fs::File::create(copy)?;
        target.set_len(bytes)?;
        target.seek(SeekFrom::Start(shared))?;
        std::io::Write::write_all(&mut target, &rest)
    };
    write().map_err(Error::file("cannot be written", copy))?;
    lock(&COPIES)
        .insert(copy.to_owned(), Arc::new(Mutex::new(Blocks { original: file, shared, own: vec![] })));
    Ok(())
}

/// Forgets the copies in a folder that goes.
pub fn forget(folder: &Path) {
    lock(&COPIES).retain(|path, _| !path.starts_with(folder));
}

/// Opens a file that may be such a copy.
///
/// # Errors
/// [`Error::Sqlite`] if SQLite cannot open it.
pub fn open(path: &Path, flags: OpenFlags) -> Result<Connection> {
    let opened = if lock(&COPIES).contains_key(path) {
        register();
        Connection::open_with_flags_and_vfs(path, flags, NAME)
    } else {
        Connection::open_with_flags(path, flags)
    };
    opened.context(|| "cannot open the copy".to_owned())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Which blocks a copy has of its own.
struct Blocks {
    original: fs::File,
    /// Bytes at the beginning of which the original has some; what lies behind is the copy's.
    shared: u64,
    /// A bit for each block that was written.
    own: Vec<u64>,
}

impl Blocks {
    fn is_own(&self, block: u64) -> bool {
        let word = usize::try_from(block / 64).ok().and_then(|at| self.own.get(at));
        block * BLOCK >= self.shared || word.is_some_and(|word| word >> (block % 64) & 1 == 1)
    }

    fn make_own(&mut self, block: u64) {
        if block * BLOCK >= self.shared {
            return;
        }
        let Ok(at) = usize::try_from(block / 64) else { return };
        if self.own.len() <= at {
            self.own.resize(at + 1, 0);
        }
        if let Some(word) = self.own.get_mut(at) {
            *word |= 1 << (block % 64);
        }
    }

    /// How many bytes from `at` on, up to `end`, lie in the same file, and whether that is the copy.
    fn run(&self, at: u64, end: u64) -> (u64, bool) {
        let own = self.is_own(at / BLOCK);
        let mut next = at / BLOCK + 1;
        while next * BLOCK < end && self.is_own(next) == own {
            next += 1;
        }
        (end.min(next * BLOCK) - at, own)
    }

    #[cfg(unix)] // one call to the system, as for what is the copy's own
    fn read_original(&mut self, at: u64, to: &mut [u8]) -> std::io::Result<()> {
        std::os::unix::fs::FileExt::read_exact_at(&self.original, to, at)
    }

    #[cfg(not(unix))]
    fn read_original(&mut self, at: u64, to: &mut [u8]) -> std::io::Result<()> {
        self.original.seek(SeekFrom::Start(at))?;
        self.original.read_exact(to)
    }
}

/// The name by which SQLite knows the VFS.
const NAME: &CStr = c"sqlite-advisor-overlay";

static SYSTEM: AtomicPtr<sqlite3_vfs> = AtomicPtr::new(std::ptr::null_mut());

/// Registers the VFS, once, in front of the one that is the default.
fn register() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: a VFS is plain data; what is not set here is the system's own. SQLite keeps the pointer for good.
        unsafe {
            let system = ffi::sqlite3_vfs_find(std::ptr::null());
            let Some(mut ours) = system.as_ref().copied() else { return };
            SYSTEM.store(system, Ordering::Release);
            ours.szOsFile += size_of::<File>() as c_int;
            ours.zName = NAME.as_ptr();
            ours.pNext = std::ptr::null_mut();
            ours.xOpen = Some(open_file);
            ffi::sqlite3_vfs_register(Box::into_raw(Box::new(ours)), 0);
        }
    });
}

/// A copy that is open: our part, and behind it in the same allocation the system's file.
#[repr(C)]
struct File {
    base: sqlite3_file,
    blocks: *const Mutex<Blocks>,
}

/// The methods of the system's own file.
mod system {
    use super::*;

    macro_rules! pass_on {
        ($($name:ident($($argument:ident: $kind:ty),*);)*) => {$(
            pub unsafe extern "C" fn $name(file: *mut sqlite3_file $(, $argument: $kind)*) -> c_int {
                // SAFETY: the file is one that `open_file` has filled, so the system has filled what lies behind it.
                unsafe {
                    let system = file.cast::<File>().add(1).cast::<sqlite3_file>();
                    let method = (*system).pMethods.as_ref().and_then(|methods| methods.$name);
                    method.map_or(ffi::SQLITE_ERROR, |method| method(system $(, $argument)*))
                }
            }
        )*};
    }

    pass_on! {
        xClose();
        xRead(to: *mut c_void, amount: c_int, offset: i64);
        xWrite(from: *const c_void, amount: c_int, offset: i64);
        xTruncate(size: i64);
        xSync(flags: c_int);
        xFileSize(size: *mut i64);
        xLock(level: c_int);
        xUnlock(level: c_int);
        xCheckReservedLock(out: *mut c_int);
        xFileControl(operation: c_int, argument: *mut c_void);
        xSectorSize();
        xDeviceCharacteristics();
    }
}

/// Version 1: neither shared memory nor mapping, so every access passes here.
static METHODS: sqlite3_io_methods = sqlite3_io_methods {
    iVersion: 1,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(system::xSync),
    xFileSize: Some(system::xFileSize),
    xLock: Some(system::xLock),
    xUnlock: Some(system::xUnlock),
    xCheckReservedLock: Some(system::xCheckReservedLock),
    xFileControl: Some(system::xFileControl),
    xSectorSize: Some(system::xSectorSize),
    xDeviceCharacteristics: Some(system::xDeviceCharacteristics),
    xShmMap: None,
    xShmLock: None,
    xShmBarrier: None,
    xShmUnmap: None,
    xFetch: None,
    xUnfetch: None,
};

unsafe extern "C" fn open_file(
    _: *mut sqlite3_vfs,
    name: *const c_char,
    file: *mut sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    let vfs = SYSTEM.load(Ordering::Acquire);
    // SAFETY: SQLite gives szOsFile bytes, which hold our part and the system's; `register` has stored the system's VFS.
    unsafe {
        (*file).pMethods = std::ptr::null();
        let Some(open) = (*vfs).xOpen else { return ffi::SQLITE_CANTOPEN };
        let path = if name.is_null() { None } else { CStr::from_ptr(name).to_str().ok().map(PathBuf::from) };
        let copy = path.filter(|_| flags & ffi::SQLITE_OPEN_MAIN_DB != 0);
        let Some(blocks) = copy.and_then(|path| lock(&COPIES).get(&path).cloned()) else {
            // A journal or a temporary file is the system's alone.
            return open(vfs, name, file, flags, out);
        };
        let system = file.cast::<File>().add(1).cast::<sqlite3_file>();
        let code = open(vfs, name, system, flags, out);
        if code == ffi::SQLITE_OK {
            (*file.cast::<File>()).blocks = Arc::into_raw(blocks);
            (*file).pMethods = &METHODS;
        } else {
            (*file).pMethods = std::ptr::null();
        }
        code
    }
}

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    // SAFETY: SQLite closes a file once, and the blocks came from Arc::into_raw.
    unsafe {
        drop(Arc::from_raw((*file.cast::<File>()).blocks));
        system::xClose(file)
    }
}

/// The blocks of a copy.
unsafe fn blocks<'f>(file: *mut sqlite3_file) -> MutexGuard<'f, Blocks> {
    // SAFETY: `open_file` has filled the file, and `close` has not been called.
    unsafe { lock(&*(*file.cast::<File>()).blocks) }
}

unsafe extern "C" fn read(file: *mut sqlite3_file, to: *mut c_void, amount: c_int, offset: i64) -> c_int {
    let (start, Ok(length)) = (offset.cast_unsigned(), usize::try_from(amount)) else {
        return ffi::SQLITE_IOERR_READ;
    };
    // SAFETY: SQLite gives `amount` bytes to fill.
    unsafe {
        let mut blocks = blocks(file);
        let buffer = std::slice::from_raw_parts_mut(to.cast::<u8>(), length);
        let mut done = 0;
        while done < length {
            let at = start + done as u64;
            let (bytes, is_own) = blocks.run(at, start + length as u64);
            let Some(part) = buffer.get_mut(done..done + bytes as usize) else {
                return ffi::SQLITE_IOERR_READ;
            };
            if is_own {
                let code = system::xRead(file, part.as_mut_ptr().cast(), bytes as c_int, at.cast_signed());
                if code == ffi::SQLITE_IOERR_SHORT_READ {
                    // The file ends here, and what would follow is zero.
                    buffer.iter_mut().skip(done + bytes as usize).for_each(|byte| *byte = 0);
                }
                if code != ffi::SQLITE_OK {
                    return code;
                }
            } else if blocks.read_original(at, part).is_err() {
                return ffi::SQLITE_IOERR_READ;
            }
            done += bytes as usize;
        }
    }
    ffi::SQLITE_OK
}

/// Gives a copy the block of the original at `at`, of which a part is about to change.
unsafe fn take_over(file: *mut sqlite3_file, blocks: &mut Blocks, at: u64) -> c_int {
    let block = at / BLOCK;
    if at.is_multiple_of(BLOCK) || blocks.is_own(block) {
        return ffi::SQLITE_OK;
    }
    let mut bytes = [0u8; BLOCK as usize];
    if blocks.read_original(block * BLOCK, &mut bytes).is_err() {
        return ffi::SQLITE_IOERR_READ;
    }
    blocks.make_own(block);
    // SAFETY: the bytes are there until the call returns.
    unsafe { system::xWrite(file, bytes.as_ptr().cast(), BLOCK as c_int, (block * BLOCK).cast_signed()) }
}

unsafe extern "C" fn write(file: *mut sqlite3_file, from: *const c_void, amount: c_int, at: i64) -> c_int {
    let (start, Ok(length)) = (at.cast_unsigned(), u64::try_from(amount)) else {
        return ffi::SQLITE_IOERR_WRITE;
    };
    let end = start + length;
    // SAFETY: passed on as it came.
    unsafe {
        let mut blocks = blocks(file);
        for edge in [start, end] {
            let code = take_over(file, &mut blocks, edge);
            if code != ffi::SQLITE_OK {
                return code;
            }
        }
        let code = system::xWrite(file, from, amount, at);
        if code == ffi::SQLITE_OK {
            (start / BLOCK..end.div_ceil(BLOCK)).for_each(|block| blocks.make_own(block));
        }
        code
    }
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, size: i64) -> c_int {
    let end = size.cast_unsigned();
    // SAFETY: passed on as it came.
    unsafe {
        let mut blocks = blocks(file);
        let code = take_over(file, &mut blocks, end);
        if code != ffi::SQLITE_OK {
            return code;
        }
        blocks.shared = blocks.shared.min(end - end % BLOCK);
        system::xTruncate(file, size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLAGS: OpenFlags = OpenFlags::SQLITE_OPEN_READ_WRITE;

    /// The original and a folder.
    fn original(rows: u32) -> Result<(tempfile::TempDir, PathBuf)> {
        let folder = tempfile::tempdir().map_err(Error::file("make", Path::new("tmp")))?;
        let path = folder.path().join("original.db");
        Connection::open(&path)?.execute_batch(&format!(
            "CREATE TABLE t(a INTEGER PRIMARY KEY, b); CREATE INDEX i ON t(b);
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})
             INSERT INTO t SELECT i, hex(zeroblob(100)) || i FROM n"
        ))?;
        Ok((folder, path))
    }

    fn check(conn: &Connection) -> Result<(String, i64)> {
        let check = conn.query_row("PRAGMA integrity_check", [], |r| r.get(0))?;
        Ok((check, conn.query_row("SELECT count(*) + sum(length(b) > 10) FROM t", [], |r| r.get(0))?))
    }

    #[test]
    fn a_copy_changes_alone_grows_shrinks_and_is_found_again_as_it_was_left() -> Result<()> {
        let (folder, path) = original(5_000)?;
        let before = fs::read(&path).map_err(Error::file("read", &path))?;
        let copy = folder.path().join("copy.db");
        make(&path, &copy)?;
        let conn = open(&copy, FLAGS)?;
        assert_eq!(check(&conn)?, ("ok".to_owned(), 10_000));
        conn.execute_batch("CREATE INDEX j ON t(b, a); UPDATE t SET b = 'short' WHERE a % 7 = 0")?;
        conn.execute_batch("BEGIN; DELETE FROM t; ROLLBACK")?;
        let rows = 10_000 - 5_000 / 7;
        assert_eq!(check(&conn)?, ("ok".to_owned(), rows));
        drop(conn);
        let conn = open(&copy, FLAGS)?;
        assert_eq!(check(&conn)?, ("ok".to_owned(), rows));
        conn.execute_batch("DELETE FROM t WHERE a > 100; VACUUM; INSERT INTO t SELECT a + 100, b FROM t")?;
        assert_eq!(check(&conn)?.0, "ok");
        conn.execute_batch("INSERT INTO t SELECT a + 1000, hex(zeroblob(9000)) FROM t")?;
        assert_eq!(check(&conn)?.0, "ok");
        assert!(before == fs::read(&path).map_err(Error::file("read", &path))?);
        Ok(())
    }

    #[cfg(unix)]
    #[test]
    fn a_copy_takes_the_room_of_its_changes() -> Result<()> {
        use std::os::unix::fs::MetadataExt;
        let (folder, path) = original(50_000)?;
        let copy = folder.path().join("copy.db");
        make(&path, &copy)?;
        let conn = open(&copy, FLAGS)?;
        conn.execute_batch("UPDATE t SET b = 'short' WHERE a = 7")?;
        let of = |path: &Path| fs::metadata(path).map_err(Error::file("read", path));
        assert_eq!(of(&copy)?.len(), of(&path)?.len());
        assert!(of(&copy)?.blocks() * 512 < of(&path)?.len() / 50, "{}", of(&copy)?.blocks());
        Ok(())
    }

    #[test]
    fn parts_of_blocks_and_a_file_of_no_whole_blocks_are_kept() -> Result<()> {
        let folder = tempfile::tempdir().map_err(Error::file("make", Path::new("tmp")))?;
        let [path, copy] = ["original", "copy"].map(|name| folder.path().join(name));
        let bytes: Vec<u8> = (0..5_000u32).map(|i| (i % 251) as u8).collect();
        fs::write(&path, &bytes).map_err(Error::file("write", &path))?;
        make(&path, &copy)?;
        let mut blocks = lock(&COPIES).get(&copy).map(|b| b.lock().is_ok_and(|b| b.shared == 4_608));
        assert_eq!(blocks.take(), Some(true));
        let rest = fs::read(&copy).map_err(Error::file("read", &copy))?;
        assert!(rest.len() == 5_000 && rest[4_608..] == bytes[4_608..]);
        forget(folder.path());
        assert!(lock(&COPIES).get(&copy).is_none());
        Ok(())
    }
}
