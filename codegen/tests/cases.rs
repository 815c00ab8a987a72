//! What documents become: `cases/<case>/schema.json` beside `cases/<case>/out/`, which is made with
//! the options in `cases/<case>/options.json` if there are any, and the edge's `manifest.json`.
//!
//! `MIZAN_BLESS=1 cargo test -p mizan-codegen --test cases` writes what is generated now; then read
//! the diff.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use mizan_codegen::{Options, generate, manifest};

#[test]
fn generates_what_stands_beside_the_schema() {
    let bless = std::env::var_os("MIZAN_BLESS").is_some();
    let mut wrong = Vec::new();
    for case in cases() {
        let out = case.join("out");
        let generated = generated(&case);
        if bless {
            let _ = fs::remove_dir_all(&out);
            fs::create_dir_all(&out).expect("a folder for the output");
            for (path, text) in &generated {
                fs::write(out.join(path), text).expect("the output");
            }
            fs::write(case.join("manifest.json"), edge_manifest(&case)).expect("the manifest");
        }
        let present_manifest = fs::read_to_string(case.join("manifest.json")).unwrap_or_default();
        if generated != present(&out) || edge_manifest(&case) != present_manifest {
            wrong.push(case);
        }
    }
    assert!(
        wrong.is_empty(),
        "these generate something else than they hold: {wrong:#?}\n\
         see what with: MIZAN_BLESS=1 cargo test -p mizan-codegen --test cases; git diff codegen"
    );
}

#[test]
fn one_document_gives_one_output() {
    // Each run seeds its hash maps anew.
    for case in cases() {
        assert_eq!(generated(&case), generated(&case));
    }
}

#[test]
fn no_mutation_names_a_context() {
    for case in cases() {
        let text = schema(&case);
        let document: serde_json::Value = serde_json::from_str(&text).expect("a JSON document");
        let contexts = document["x-mizan-contexts"].as_object().expect("contexts");
        let generated = generated(&case);
        let Some(mutations) = generated.get("mutations.ts") else {
            continue;
        };
        for context in contexts.keys() {
            assert!(!mutations.contains(&format!("\"{context}\"")), "{context} in {case:?}");
        }
    }
}

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut cases: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the cases")
        .map(|entry| entry.expect("a case").path())
        .collect();
    cases.sort();
    assert!(!cases.is_empty());
    cases
}

fn schema(case: &Path) -> String {
    fs::read_to_string(case.join("schema.json")).expect("the case's schema")
}

fn generated(case: &Path) -> BTreeMap<String, String> {
    let files = generate(&schema(case), "schema.json", &options(case))
        .unwrap_or_else(|error| panic!("{error}"));
    files.into_iter().map(|file| (file.path, file.text)).collect()
}

fn options(case: &Path) -> Options {
    match fs::read_to_string(case.join("options.json")) {
        Ok(text) => serde_json::from_str(&text).expect("options"),
        Err(_) => Options::default(),
    }
}

fn edge_manifest(case: &Path) -> String {
    manifest(&schema(case), "schema.json").unwrap_or_else(|error| panic!("{error}"))
}

fn present(out: &Path) -> BTreeMap<String, String> {
    let Ok(entries) = fs::read_dir(out) else {
        return BTreeMap::new();
    };
    entries
        .map(|entry| {
            let path = entry.expect("a file").path();
            let name = path.file_name().expect("its name").to_string_lossy().into_owned();
            (name, fs::read_to_string(path).expect("its text"))
        })
        .collect()
}
