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

/// What runs is the same whatever a mutation affects. The types say it, for optimistic patches.
#[test]
fn no_mutation_names_a_context_but_as_the_type_of_a_patch() {
    let mut patches = 0;
    for case in cases() {
        let text = schema(&case);
        let mut document: serde_json::Value = serde_json::from_str(&text).expect("a JSON document");
        let options = Options { single: false, ..options(&case) };
        let mutations = |document: &serde_json::Value| {
            let files = generate(&document.to_string(), "schema.json", &options).expect("files");
            files.into_iter().find(|file| file.path == "mutations.ts").map(|file| file.text)
        };
        let Some(affecting) = mutations(&document) else {
            continue;
        };
        for function in
            document["x-mizan-functions"].as_object_mut().expect("functions").values_mut()
        {
            function["affects"] = serde_json::json!([]);
        }
        let affecting_nothing = mutations(&document).expect("the same mutations");
        for context in document["x-mizan-contexts"].as_object().expect("contexts").keys() {
            for text in [format!("\"{context}\""), format!("./{context}.")] {
                assert!(!affecting_nothing.contains(&text), "{context} in {case:?}");
            }
        }
        assert!(!affecting_nothing.contains("Patch"), "{case:?}");
        patches += affecting.matches("Patch } from").count();
        assert_eq!(code(&affecting), code(&affecting_nothing), "{case:?}");
    }
    assert!(patches > 3, "{patches}");
}

/// What is left of generated mutations when their types and doc comments are taken away.
fn code(mutations: &str) -> String {
    let statements = mutations.split_inclusive(";\n").map(|statement| {
        let (start, end) = match (statement.find("defineMutation<"), statement.rfind(">(")) {
            (Some(start), Some(end)) => (start, end),
            _ if statement.trim_start().starts_with("import type ") => (0, statement.len() - 1),
            _ => return statement.to_owned(),
        };
        format!("{}{}", &statement[..start], &statement[end..])
    });
    // However they are laid out.
    statements.collect::<String>().split_whitespace().collect::<String>().replace(",)", ")")
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
