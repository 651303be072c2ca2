//! SQLite as the rest of the house sees it: copied, guarded, described and measured.

pub mod affinity;
mod bounds;
pub mod digest;
mod dump;
pub mod files;
pub mod guard;
mod library;
mod meter;
pub mod migrations;
mod names;
mod overlay;
pub mod reader;
pub mod record;
pub mod recorder;
pub mod rows;
pub mod savepoint;
pub mod schema;
pub mod session;
pub mod sizes;
pub mod snapshot;
pub(crate) mod source;
pub mod stand_in;
pub mod statistics;
pub mod visibility;

pub use bounds::Bounds;
pub use digest::{Digest, database_digest, group_digests, table_digest};
pub use guard::Guard;
pub use library::library;
pub use reader::Reader;
pub use savepoint::Savepoint;
pub use schema::Schema;
pub use session::Session;
pub use snapshot::{Snapshot, open_immutable};
pub use stand_in::StandIns;
