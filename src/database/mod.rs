//! SQLite as the rest of the house sees it: opened read-only, copied, described and measured.

pub mod digest;
pub mod guard;
pub mod open;

pub use digest::{Digest, database_digest, table_digest};
pub use open::{open_copy, open_read_only};
