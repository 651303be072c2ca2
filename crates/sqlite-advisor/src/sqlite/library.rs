//! The SQLite that is built in: its version, and the options it was compiled with that change plans or costs
//! (<https://www.sqlite.org/compile.html>).

use crate::model::report::Sqlite;
use rusqlite::ffi;
use std::ffi::CStr;

/// The beginnings of the options that matter: what statistics there are, what the planner may do, and the sizes that it
/// counts on. The rest switches on functions and extensions.
const MATTER: [&str; 8] = [
    "CASE_SENSITIVE_LIKE",
    "DEFAULT_",
    "DISABLE_",
    "ENABLE_QPSG",
    "ENABLE_STAT4",
    "LIKE_DOESNT_MATCH_BLOBS",
    "OMIT_",
    "TEMP_STORE",
];

/// Its version and options.
pub fn library() -> Sqlite {
    let options =
        (0..).map_while(option).filter(|option| MATTER.iter().any(|start| option.starts_with(start)));
    Sqlite { version: rusqlite::version().to_owned(), options: options.collect() }
}

/// The n-th compile option, as `PRAGMA compile_options` lists them; none behind the last.
fn option(n: i32) -> Option<String> {
    // SAFETY: the function takes any number, and answers with null or with a text that is never freed.
    let text = unsafe {
        let text = ffi::sqlite3_compileoption_get(n);
        if text.is_null() { None } else { Some(CStr::from_ptr(text)) }
    };
    text.map(|text| text.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_options_that_matter_are_those_that_the_pragma_lists() -> crate::Result<()> {
        let conn = rusqlite::Connection::open_in_memory()?;
        let mut statement = conn.prepare("PRAGMA compile_options")?;
        let all: Vec<String> = statement.query_map([], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
        let told = library().options;
        assert!(told.iter().any(|o| o == "ENABLE_STAT4") && told.iter().any(|o| o.starts_with("DEFAULT_")));
        assert!(told.len() < all.len() && told.iter().all(|o| all.contains(o)), "{told:?}");
        Ok(())
    }
}
