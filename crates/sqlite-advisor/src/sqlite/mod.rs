//! SQLite as the rest of the house sees it: copied, guarded, described and measured.

pub mod affinity;
pub mod digest;
pub mod guard;
mod library;
mod meter;
pub mod recorder;
pub mod rows;
pub mod schema;
pub mod session;
pub mod snapshot;
pub mod stand_in;
pub mod statistics;
pub mod visibility;

pub use digest::{Digest, database_digest, group_digests, table_digest};
pub use guard::Guard;
pub use library::library;
pub use schema::Schema;
pub use session::Session;
pub use snapshot::Snapshot;
pub use stand_in::StandIns;
