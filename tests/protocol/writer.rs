//! One process writes; what it says about articles holds.

use dateline::Error;
use dateline::article::{Article, ArticleId};
use dateline::database::{Database, Options, Outcome};
use dateline::schema::FieldType;
use dateline::store::StoreError;
use dateline::value::Value;

use crate::support::*;

#[test]
fn a_second_writer_learns_the_pid_of_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    let first = Database::create(&path).unwrap();
    let error = Database::open(&path).unwrap_err();
    assert!(matches!(error, Error::Store(StoreError::Locked { .. })));
    assert!(error.to_string().contains(&std::process::id().to_string()), "{error}");
    first.close().unwrap();
    Database::open(&path).unwrap();
}

#[test]
fn a_database_is_made_in_a_new_or_empty_folder_only() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(Database::open(folder.path().join("none")), Err(Error::NotADatabase { .. })));
    Database::create(folder.path()).unwrap();
    assert!(matches!(Database::create(folder.path()), Err(Error::Exists { .. })));
    let taken = tempfile::tempdir().unwrap();
    std::fs::write(taken.path().join("thesis.txt"), "mine").unwrap();
    assert!(matches!(Database::create(taken.path()), Err(Error::Exists { .. })));
    let file = taken.path().join("thesis.txt");
    assert!(matches!(Database::create(&file), Err(Error::Exists { .. })));
}

#[test]
fn a_creation_that_a_crash_cut_short_is_begun_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    Database::create(&path).unwrap().close().unwrap();
    std::fs::remove_file(path.join("MANIFEST")).unwrap();
    let database = Database::create(&path).unwrap();
    database.insert(article("a", "one")).unwrap();
}

#[test]
fn numbers_are_kept_by_replacement_and_never_used_twice() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    let database = Database::open_with(&path, restless()).unwrap();
    let id = database.insert(article("a", "one")).unwrap();
    assert!(
        matches!(database.insert(article("a", "two")), Err(Error::Duplicate { id: taken, .. }) if taken == id)
    );
    assert_eq!(database.replace(article("a", "two")).unwrap(), (id, Outcome::Replaced));
    assert_eq!(database.replace(article("a", "two")).unwrap(), (id, Outcome::Unchanged));
    assert_eq!(database.get(id).unwrap().unwrap().article.body, "two");
    assert_eq!(database.delete(&[id, id, ArticleId(77)]).unwrap(), 1);
    assert_eq!(database.get(id).unwrap(), None);
    assert_eq!(database.get_by_key("a").unwrap(), None);
    database.close().unwrap();
    let database = Database::open(&path).unwrap();
    let again = database.insert(article("a", "three")).unwrap();
    assert!(again > id);
}

#[test]
fn an_article_and_the_types_it_fixes_are_one_commit() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    let database = Database::create(&path).unwrap();
    let with = |key: &str, value: Value| Article {
        fields: [("tone".to_owned(), vec![value])].into(),
        ..article(key, "text")
    };
    database.insert(with("a", Value::from(3))).unwrap();
    let error = database.insert(with("b", Value::from("calm"))).unwrap_err();
    assert!(matches!(error, Error::Unfit(_)), "{error}");
    assert_eq!(database.snapshot().articles(), 1);
    let (_guard, image) = crash_image(&path);
    drop(database);
    for path in [path, image] {
        let database = Database::open(path).unwrap();
        let field = database.snapshot().catalog().schema.field("tone").unwrap();
        assert_eq!(field.field_type, FieldType::Number);
    }
}

#[test]
fn aliases_and_saved_queries_survive() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    let database = Database::create(&path).unwrap();
    let alias = |catalog: &mut dateline::catalog::Catalog| {
        catalog.aliases.insert("Daesh".into(), vec!["IS".into()]);
    };
    database.update_catalog(alias).unwrap();
    let seq = database.snapshot().seq();
    database.update_catalog(alias).unwrap();
    assert_eq!(database.snapshot().seq(), seq, "the same catalog makes no commit");
    let (_guard, image) = crash_image(&path);
    drop(database);
    for path in [path, image] {
        assert!(Database::open(path).unwrap().snapshot().catalog().aliases.get("Daesh").is_some());
    }
}

#[test]
fn threads_share_a_database() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open_with(folder.path().join("db"), restless()).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let database = &database;
            scope.spawn(move || {
                for n in 0..10 {
                    database.insert(article(&format!("{thread}-{n}"), "text")).unwrap();
                }
            });
        }
    });
    assert_eq!(database.snapshot().articles(), 40);
    assert!(database.check().unwrap().is_sound());
}

#[test]
fn commits_without_sync_survive_a_crash_of_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    let options = Options { create: true, sync_commits: false, ..Options::default() };
    let database = Database::open_with(&path, options).unwrap();
    database.insert(article("a", "one")).unwrap();
    let (_guard, image) = crash_image(&path);
    assert_eq!(Database::open(image).unwrap().snapshot().articles(), 1);
}

#[test]
fn a_condition_deletes_what_it_finds() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    let database = Database::open_with(&path, restless()).unwrap();
    for n in 0..20 {
        let place = if n % 4 == 0 { "Idlib" } else { "Paris" };
        database.insert(article(&format!("{n}"), &format!("They met in {place}."))).unwrap();
    }
    let reader = database.reader();
    let resolved = reader.prepare("find where text contains \"idlib\"").unwrap().resolve().unwrap();
    let dateline::query::Request::Find(find) = resolved.request else { panic!("a find is a find") };
    assert_eq!(database.delete_where(&find.predicate).unwrap(), 5);
    assert_eq!(database.delete_where(&find.predicate).unwrap(), 0);
    let expected = contents(&database.snapshot());
    assert_eq!(expected.len(), 15);
    let (_guard, image) = crash_image(&path);
    assert_recovers(&image, &expected);
}

#[test]
fn an_export_says_what_its_query_says() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open_with(folder.path().join("db"), restless()).unwrap();
    let date = "2018-09".parse().ok();
    database.insert(Article { date, ..article("a", "They met in Idlib.") }).unwrap();
    // One mixes `and` with `or`, the other leaves an inexact date undecided.
    let queries = [
        r#"find where text contains "paris" or text contains "idlib" and lang = "en""#,
        r#"find where text contains "idlib" and date > 2018-09-15"#,
    ];
    let mut bounds = 0;
    for (number, query) in queries.into_iter().enumerate() {
        let found = database.query(query).unwrap();
        assert!(!found.warnings.is_empty(), "{query}");
        bounds += found.bounds.len();
        let file = folder.path().join(format!("{number}.json"));
        let exported = database.query(&format!(r#"export to "{}" {query}"#, file.display())).unwrap();
        assert_eq!((&exported.warnings, &exported.bounds), (&found.warnings, &found.bounds));
        assert_eq!(exported.undecided, found.undecided);
        let json = std::fs::read_to_string(file).unwrap();
        assert!(found.warnings.iter().all(|warning| json.contains(warning.code)), "{json}");
    }
    assert!(bounds > 0);
}
