//! docs/SECURITY.md names tests: they are there.

use std::{collections::BTreeSet, fs, path::Path};

/// All functions of this folder's files.
fn functions(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            functions(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let named = text.split("fn ").skip(1).filter_map(|rest| rest.split(['(', '<']).next());
            found.extend(named.map(str::to_owned));
        }
    }
}

#[test]
fn every_test_that_the_page_on_security_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("docs/SECURITY.md")).unwrap();
    let mut known = BTreeSet::new();
    functions(&root.join("src"), &mut known);
    functions(&root.join("tests/it"), &mut known);
    let quoted = page.split('`').skip(1).step_by(2);
    // a sentence, as tests are named; what has fewer words is a module or a function
    let named: Vec<&str> = quoted
        .filter_map(|name| name.rsplit_once("::").map(|(_, test)| test))
        .filter(|test| {
            test.matches('_').count() > 2 && test.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric())
        })
        .collect();
    assert!(named.len() > 200);
    let missing: Vec<&&str> = named.iter().filter(|test| !known.contains(**test)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
