//! A page by relevance is the start of the complete order, whatever was passed over to find it.

use super::*;

const WORDS: [&str; 12] = [
    "talks", "truce", "border", "army", "vote", "flood", "harvest", "strike", "envoy", "idlib", "summit",
    "quake",
];

/// Returns so many articles whose words are the rarer the later they stand in the list, and of many lengths.
fn archive(articles: u32) -> Archive {
    let mut seed = 7_u64;
    let mut roll = |sides: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % sides
    };
    let story_of = |number: u32| {
        let mut body = String::new();
        for _ in 0..3 + roll(30) {
            let rarity = roll(WORDS.len() as u64) * roll(WORDS.len() as u64) / WORDS.len() as u64;
            body.push_str(WORDS[rarity as usize]);
            body.push(' ');
        }
        let title = format!("{} {number}", WORDS[roll(12) as usize]);
        story(&title, &body).date(&format!("2018-{:02}-{:02}", 1 + roll(12), 1 + roll(28)))
    };
    Archive::of((0..articles).map(story_of).collect())
}

fn ids(archive: &Archive, view: &View, text: &str) -> Vec<(Option<ArticleId>, String)> {
    let answer = answer(&archive.resolve(text).request, view, &RunOptions::default()).unwrap();
    let score = |row: &super::super::Row| format!("{:?}", row.cells.last());
    answer.rows.iter().map(|row| (row.id, score(row))).collect()
}

#[test]
fn a_page_is_the_start_of_the_complete_order() {
    const CONDITIONS: [&str; 12] = [
        r#"text contains "talks""#,
        r#"text contains "quake""#,
        r#"text contains any of ("talks", "quake")"#,
        r#"text contains any of ("talks", "truce", "summit", "nowhere")"#,
        r#"text contains any of ("talks", "talks")"#,
        r#"text contains "talks" or text contains "border" and text contains "truce""#,
        r#"text contains all of ("talks", "truce")"#,
        r#"text contains all of ("talks", "summit") and not text contains "army""#,
        r#"text contains "talks truce""#,
        r#"title contains "vote" or lede contains "flood""#,
        r#"text contains any of ("talks", "idlib") and date in 2018-03"#,
        r#"text contains prefix "t""#,
    ];
    let archive = archive(800);
    for view in [archive.view(), archive.replaced()] {
        for condition in CONDITIONS {
            let complete = ids(&archive, &view, &format!("find id where {condition} best first with score"));
            for limit in [1, 3, 10, 200] {
                let page = ids(
                    &archive,
                    &view,
                    &format!("find id where {condition} best first limit {limit} with score"),
                );
                let start = complete.len().min(limit);
                assert_eq!(page, complete[..start], "{condition}, limit {limit}");
            }
        }
    }
}

#[test]
fn the_next_page_starts_behind_the_last() {
    let archive = archive(600);
    let view = archive.view();
    let all = ids(&archive, &view, r#"find id where text contains "border" best first with score"#);
    let text = r#"find id where text contains "border" best first limit 50 with score"#;
    let first = answer(&archive.resolve(text).request, &view, &RunOptions::default()).unwrap();
    let after = format!("{text} after \"{}\"", first.cursor.unwrap());
    assert_eq!(ids(&archive, &view, &after), all[50..100]);
}
