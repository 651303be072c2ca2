//! Ids of queries and indexes, and the vectors that they look up: a query's id cannot be taken for an index's.

use std::collections::BTreeSet;
use std::fmt;
use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

/// A position in an [`IdVec`].
pub trait Id: Copy + Ord {
    /// The id of a position.
    fn at(position: usize) -> Self;
    /// The position of an id.
    fn position(self) -> usize;
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $letter:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u32);

        impl Id for $name {
            fn at(position: usize) -> Self {
                Self(u32::try_from(position).unwrap_or(u32::MAX))
            }

            fn position(self) -> usize {
                self.0 as usize
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}{}", $letter, self.0)
            }
        }
    };
}

id!(
    /// A statement of the workload.
    QueryId,
    "q"
);
id!(
    /// An index: a candidate, or one that the database has.
    IndexId,
    "i"
);

/// A set of indexes.
pub type IndexSet = BTreeSet<IndexId>;

/// A set of queries.
pub type QuerySet = BTreeSet<QueryId>;

/// A vector whose elements have ids. Ids are made by the vector that they are for, so looking one up always succeeds; one
/// from another vector is a mistake of the program and ends it, as an index out of bounds does.
#[derive(Debug, Clone, PartialEq)]
pub struct IdVec<I, T> {
    items: Vec<T>,
    id: PhantomData<I>,
}

impl<I, T> Default for IdVec<I, T> {
    fn default() -> Self {
        Self { items: vec![], id: PhantomData }
    }
}

impl<I: Id, T> IdVec<I, T> {
    /// Adds an element and tells its id.
    pub fn push(&mut self, item: T) -> I {
        self.items.push(item);
        I::at(self.items.len() - 1)
    }

    /// How many elements there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// True if there are none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// All ids, in order.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = I> + use<I, T> {
        (0..self.items.len()).map(I::at)
    }

    /// All elements, in the order of their ids.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.items.iter()
    }

    /// All elements with their ids.
    pub fn enumerate(&self) -> impl DoubleEndedIterator<Item = (I, &T)> {
        self.items.iter().enumerate().map(|(at, item)| (I::at(at), item))
    }

    /// The element of an id, if the id is of this vector.
    pub fn find(&self, id: I) -> Option<&T> {
        self.items.get(id.position())
    }

    /// The elements alone.
    pub fn as_slice(&self) -> &[T] {
        &self.items
    }
}

impl<I: Id, T> FromIterator<T> for IdVec<I, T> {
    fn from_iter<A: IntoIterator<Item = T>>(items: A) -> Self {
        Self { items: items.into_iter().collect(), id: PhantomData }
    }
}

#[allow(clippy::indexing_slicing)] // the promise of the type, see there
impl<I: Id, T> Index<I> for IdVec<I, T> {
    type Output = T;

    fn index(&self, id: I) -> &T {
        &self.items[id.position()]
    }
}

#[allow(clippy::indexing_slicing)] // the promise of the type, see there
impl<I: Id, T> IndexMut<I> for IdVec<I, T> {
    fn index_mut(&mut self, id: I) -> &mut T {
        &mut self.items[id.position()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_element_is_found_by_the_id_that_it_was_given() {
        let mut names: IdVec<IndexId, &str> = IdVec::default();
        let (a, b) = (names.push("a"), names.push("b"));
        assert_eq!((names[a], names[b], names.len()), ("a", "b", 2));
        assert_eq!(names.enumerate().map(|(id, name)| format!("{id:?}{name}")).collect::<String>(), "i0ai1b");
        assert!(names.find(IndexId::at(2)).is_none());
    }
}
