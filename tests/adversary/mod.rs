//! Pieces of text that, repeated, made some reader look back, look ahead or count again.

use dateline::article::Article;

/// What adversarial articles are made of.
pub const PIECES: [&str; 30] = [
    // One line without an end, in sentences and in one.
    "The minister said on Monday that 23 people were killed in Idlib. ",
    "the minister of Ana Marques said that Rui de Sousa met her last week and ",
    // Quotation marks.
    "\"",
    "“a b c d ",
    "Al said \"we go there now\" ",
    "»«„“",
    // Brackets, never closed.
    "((((",
    "(a [b (c {d ",
    "(AFP) ",
    // Names without an end.
    "Al ",
    "al-Assad ",
    "Jean Dupont ",
    "Mohammed bin ",
    "House of ",
    "of the House ",
    "U.S. ",
    "A B. ",
    "Smith, ",
    "Minister Al, General Bo, ",
    // Numbers and dates.
    "one ",
    "three days later Friday through ",
    "— ",
    // Right to left, without spaces, pictures, controls.
    "قال الرئيس. ",
    "אמר השר \"שלום לכולם כאן היום\" ",
    "東京",
    "東京で首相が会見した。",
    "🙂\u{200D}🙂 ",
    "👩\u{200D}👩\u{200D}👧\u{FE0F}",
    "\u{1}\u{202E}\n\n",
    "a\u{0}b\u{7f}\u{85}\u{2028}",
];

/// Returns an article of about so many bytes that is a piece over and over.
pub fn article(piece: &str, bytes: usize) -> Article {
    Article { title: Some("Talks".to_owned()), body: piece.repeat(bytes / piece.len()), ..Article::default() }
}
