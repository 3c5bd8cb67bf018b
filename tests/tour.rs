//! The tour of the documentation, taken: each command prints what is written there.
//!
//! `TRYCMD=overwrite cargo test --test tour` writes down what they print today; read the difference before it is committed.

#![allow(clippy::unwrap_used)] // A test whose files cannot even be copied has failed.

use std::fs;
use std::path::Path;

/// A folder that does not exist: the configuration of whoever runs the tests is not theirs.
const NOWHERE: &str = "tests/cli/nowhere";

/// Copies the files of a folder that has no folders in it.
fn copy_files(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

#[test]
fn the_tour_goes_as_it_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let tour = folder.path().join("TOUR.md");
    fs::copy("docs/TOUR.md", &tour).unwrap();
    copy_files(Path::new("examples/articles"), &folder.path().join("TOUR.in/articles"));
    // Expecting no files, but running where files may be written.
    fs::create_dir(folder.path().join("TOUR.out")).unwrap();
    {
        let cases = trycmd::TestCases::new();
        cases.env("LC_ALL", "C.UTF-8").env("XDG_CONFIG_HOME", NOWHERE).env("HOME", NOWHERE);
        cases.case(&tour);
        // They run when they are dropped.
    }
    if std::env::var_os("TRYCMD").is_some_and(|how| how == "overwrite") {
        fs::copy(&tour, "docs/TOUR.md").unwrap();
    }
}
