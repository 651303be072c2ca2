//! Files as a whole: copied in pieces, and only where there is room.

use crate::cancel::CancelToken;
use crate::error::{Error, Result};
use crate::model::units;
use std::fs;
use std::io::Read;
use std::path::Path;

/// Bytes that are copied between two looks at the token.
const PIECE: u64 = 8 << 20;

/// Copies the bytes of a file to a new one, which can be written whatever the permissions of the old one are.
///
/// # Errors
/// [`Error::NoSpace`] if the folder has no room for it, [`Error::File`], [`Error::Interrupted`].
pub fn copy_file(from: &Path, to: &Path, cancel: &CancelToken) -> Result<()> {
    let mut source = fs::File::open(from).map_err(Error::file("cannot be read", from))?;
    // Also of a sparse file all bytes are written.
    let bytes = source.metadata().map_err(Error::file("cannot be read", from))?.len();
    check_space(to.parent().unwrap_or(Path::new(".")), bytes)?;
    let mut target = fs::File::create(to).map_err(Error::file("cannot be written", to))?;
    while std::io::copy(&mut source.by_ref().take(PIECE), &mut target)
        .map_err(Error::file("cannot be written", to))?
        > 0
    {
        cancel.check()?;
    }
    Ok(())
}

/// Refuses to begin what the disk of a folder has no room for. A folder that is to be made is measured where it will lie.
///
/// # Errors
/// [`Error::NoSpace`], or [`Error::File`] if the folder cannot be measured.
pub fn check_space(folder: &Path, needed: u64) -> Result<()> {
    let existing = folder.ancestors().find(|f| f.exists()).unwrap_or(Path::new("."));
    let existing = if existing.as_os_str().is_empty() { Path::new(".") } else { existing };
    let free = fs4::available_space(existing).map_err(Error::file("cannot be measured", existing))?;
    if free >= needed {
        return Ok(());
    }
    let (needed, free) = (units::bytes(needed), units::bytes(free));
    Err(Error::NoSpace { folder: existing.to_owned(), needed, free })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_can_be_written_although_its_source_cannot_and_a_huge_one_is_refused() -> Result<()> {
        let folder = tempfile::tempdir().map_err(Error::file("make", Path::new("tmp")))?;
        let [from, to] = ["from", "to"].map(|name| folder.path().join(name));
        let told = |error| Error::File { path: from.clone(), action: "prepare", source: error };
        fs::write(&from, "bytes").map_err(told)?;
        let mut permissions = fs::metadata(&from).map_err(told)?.permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&from, permissions).map_err(told)?;
        copy_file(&from, &to, CancelToken::never())?;
        assert_eq!(fs::read(&to).map_err(told)?, b"bytes");
        assert!(!fs::metadata(&to).map_err(told)?.permissions().readonly());

        let sparse = folder.path().join("sparse");
        fs::File::create(&sparse).and_then(|file| file.set_len(1 << 43)).map_err(told)?;
        let refused = copy_file(&sparse, &to, CancelToken::never());
        assert!(matches!(refused, Err(Error::NoSpace { .. })), "{refused:?}");
        Ok(())
    }

    #[test]
    fn a_copy_ends_when_the_run_does() -> Result<()> {
        let folder = tempfile::tempdir().map_err(Error::file("make", Path::new("tmp")))?;
        let (from, token) = (folder.path().join("from"), CancelToken::default());
        fs::write(&from, "bytes").map_err(Error::file("prepare", &from))?;
        token.cancel();
        assert!(matches!(copy_file(&from, &folder.path().join("to"), &token), Err(Error::Interrupted)));
        Ok(())
    }
}
