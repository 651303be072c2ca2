//! What a row knows about itself, stage by stage of the schema.

use rusqlite::ToSql;

/// A row of one table.
pub trait Row {
    /// The table.
    const TABLE: &'static str;
    /// The columns that the row has a value for. A table that lacks some of them takes the rest.
    const COLUMNS: &'static [&'static str];

    /// The values, in the order of the columns.
    fn values(&self) -> impl Iterator<Item = &dyn ToSql>;
}

/// Declares a struct and its table; a field that may not have its column's name says `field as "column"`.
macro_rules! row {
    ($(#[$doc:meta])* $name:ident of $table:literal { $($field:ident $(as $column:literal)?: $type:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone)]
        pub struct $name { $(pub $field: $type),* }

        impl $crate::generate::row::Row for $name {
            const TABLE: &'static str = $table;
            const COLUMNS: &'static [&'static str] = &[$(row!(@column $field $($column)?)),*];

            fn values(&self) -> impl Iterator<Item = &dyn rusqlite::ToSql> {
                [$(&self.$field as &dyn rusqlite::ToSql),*].into_iter()
            }
        }
    };
    (@column $field:ident $column:literal) => { $column };
    (@column $field:ident) => { stringify!($field) };
}
pub(crate) use row;
