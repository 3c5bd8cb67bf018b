//! Speed over the annotated articles.

use std::error::Error;
use std::time::Instant;

use dateline::article::Article;
use dateline::extract::Extractor;

use super::gold::article_of;

/// Reads the annotated articles again and again, for about a second each way.
pub fn speed(extractor: &Extractor, gold: &str) -> Result<(), Box<dyn Error>> {
    let mut articles = Vec::new();
    for line in gold.lines() {
        articles.push(article_of(&serde_json::from_str(line)?));
    }
    let tokens = rate(&articles, |article| dateline::text::tokens(&article.body).count());
    let fields = rate(&articles, |article| extractor.extract(article).entities.len());
    println!("tokens {tokens:.0} MB/s, all fields {fields:.1} MB/s on one core");
    Ok(())
}

fn rate(articles: &[Article], read: impl Fn(&Article) -> usize) -> f64 {
    let (mut bytes, start) = (0, Instant::now());
    while start.elapsed().as_millis() < 1_000 {
        for article in articles {
            std::hint::black_box(read(article));
            bytes += article.body.len();
        }
    }
    bytes as f64 / 1e6 / start.elapsed().as_secs_f64()
}
