//! Names and texts.

use fake::Fake;
use fake::faker::company::en::{BsAdj, BsNoun, BsVerb, CatchPhrase};
use fake::faker::lorem::en::Sentence;
use rand_pcg::Pcg64;

/// `streamline robust methodologies`
pub fn goal(rng: &mut Pcg64) -> String {
    format!("{} {} {}", word(BsVerb(), rng), word(BsAdj(), rng), word(BsNoun(), rng))
}

/// `robust methodologies`
pub fn thing(rng: &mut Pcg64) -> String {
    format!("{} {}", word(BsAdj(), rng), word(BsNoun(), rng))
}

/// `methodologies`
pub fn noun(rng: &mut Pcg64) -> String {
    word(BsNoun(), rng).to_owned()
}

/// A title of a few words.
pub fn title(rng: &mut Pcg64) -> String {
    CatchPhrase().fake_with_rng(rng)
}

/// A sentence.
pub fn sentence(rng: &mut Pcg64) -> String {
    Sentence(4..12).fake_with_rng(rng)
}

fn word<F: Fake>(faker: F, rng: &mut Pcg64) -> &'static str
where
    &'static str: fake::Dummy<F>,
{
    faker.fake_with_rng(rng)
}
