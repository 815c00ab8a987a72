//! The golden cases as TypeScript code: they compile, what must not compile does not
//! (`typescript/*.tsx`), with the oldest TypeScript that has what they are written in (5.0, which
//! brought `export type *`) and with the newest; and prettier changes nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use mizan_codegen::{Extension, Options, generate};
use serde_json::json;

#[test]
#[ignore = "needs npm's packages and pkg/dist (make build)"]
fn compiles_as_a_bundler_resolves_it() {
    run("typescript/bin/tsc", &["--project", "codegen/tests/typescript/tsconfig.json"]);
}

#[test]
#[ignore = "needs npm's packages and pkg/dist (make build)"]
fn compiles_with_the_oldest_typescript() {
    let version = run("typescript-oldest/bin/tsc", &["--version"]);
    assert_eq!(version.trim(), "Version 5.0.4");
    run("typescript-oldest/bin/tsc", &["--project", "codegen/tests/typescript/tsconfig.json"]);
}

#[test]
#[ignore = "needs npm's packages and pkg/dist (make build)"]
fn compiles_as_node_resolves_it() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("nodenext");
    let _ = fs::remove_dir_all(&folder);
    for entry in fs::read_dir(tests.join("cases")).expect("the cases") {
        let case = entry.expect("a case");
        let schema = fs::read_to_string(case.path().join("schema.json")).expect("a schema");
        let out = folder.join("cases").join(case.file_name()).join("out");
        fs::create_dir_all(&out).expect("a folder for the output");
        let options = fs::read_to_string(case.path().join("options.json"));
        let options = options.map_or_else(
            |_| Options::default(),
            |text| serde_json::from_str(&text).expect("the case's options"),
        );
        let options = Options { extension: Some(Extension::Js), ..options };
        for file in generate(&schema, "schema.json", &options).expect("files") {
            fs::write(out.join(file.path), file.text).expect("the output");
        }
    }
    fs::create_dir(folder.join("typescript")).expect("a folder for what uses it");
    for name in ["use.tsx", "types.tsx", "generate.ts", "tsconfig.json", "nodenext.json"] {
        let (from, to) =
            (tests.join("typescript").join(name), folder.join("typescript").join(name));
        fs::copy(from, to).expect("a copy");
    }
    let project = folder.join("typescript/nodenext.json").display().to_string();
    run("typescript/bin/tsc", &["--project", &project]);
}

#[test]
#[ignore = "needs npm's packages"]
fn prettier_changes_nothing() {
    run("prettier/bin/prettier.cjs", &[PRETTIER, &["codegen/tests/cases/*/out/*.ts"]].concat());
}

#[test]
#[ignore = "needs npm's packages"]
fn prettier_changes_nothing_however_long_the_names_are() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("lengths");
    let _ = fs::remove_dir_all(&folder);
    for length in 1..=64 {
        let out = folder.join(length.to_string());
        fs::create_dir_all(&out).expect("a folder for the output");
        for single in [false, true] {
            let options = Options { single, ..Options::default() };
            let files = generate(&names_of(length), "schema.json", &options).expect("files");
            for file in files {
                let path = if single { "single.ts" } else { &file.path };
                fs::write(out.join(path), file.text).expect("the output");
            }
        }
    }
    let all = format!("{}/**/*.ts", folder.display());
    run("prettier/bin/prettier.cjs", &[PRETTIER, &[&all]].concat());
}

/// As it is without any settings, also where a folder is ignored.
const PRETTIER: &[&str] = &["--check", "--no-config", "--ignore-path=", "--log-level=warn"];

/// A document in which everything is called by names of that length.
fn names_of(length: usize) -> String {
    let name = |first: char| format!("{first}{}", "x".repeat(length - 1));
    let (model, other) = (name('M'), name('N'));
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let string = json!({ "type": "string" });
    let nothing = json!({ "type": "null" });
    let shapes = [
        reference(&model),
        json!({ "type": "array", "items": reference(&model) }),
        json!({ "anyOf": [reference(&model), nothing] }),
        json!({ "anyOf": [reference(&model), reference(&other), nothing] }),
        json!({ "type": "array", "items": { "anyOf": [reference(&model), reference(&other)] } }),
        json!({ "type": "object", "additionalProperties": reference(&model) }),
        json!({ "type": "object", "additionalProperties": { "enum": [name('e'), name('f')] } }),
        json!({ "type": "object", "propertyNames": { "enum": [name('e'), name('f')] },
                "additionalProperties": string }),
        json!({ "type": "array", "prefixItems": [reference(&model), string, reference(&other)],
                "minItems": 2, "maxItems": 3 }),
        json!({ "allOf": [reference(&model), reference(&other)] }),
        json!({ "enum": [name('e'), name('f'), name('g'), 1, null] }),
        json!({ "type": "object", "properties": { name('p'): string }, "required": [] }),
        json!({ "type": "string", "format": "date-time" }),
    ];
    let mut schemas = json!({
        &model: { "type": "object", "properties": {}, "description": "Text. */ More." },
        &other: { "type": "object", "properties": {} },
    });
    let affected = ['c', 'd'].map(|first| json!({ "context": name(first), "params": [] }));
    let mut functions = json!({});
    let mut members = Vec::new();
    for (index, shape) in shapes.iter().enumerate() {
        let letter = char::from(b'a' + u8::try_from(index).expect("few shapes"));
        let at = usize::min(length, 60);
        let property = |suffix: &str| format!("{}{suffix}", &name(letter)[..at]);
        schemas[&model]["properties"][property("1")] = shape.clone();
        schemas[&other]["properties"][property("2")] = shape.clone();
        schemas[format!("Alias{}{}", letter, name('x'))] = shape.clone();
        let args = format!("{}Args", name(letter.to_ascii_uppercase()));
        schemas[&args] = json!({ "type": "object", "properties": { property("3"): shape } });
        functions[property("r")] = json!({
            "kind": "read", "context": name('c'), "params": [], "returns": shape,
        });
        members.push(property("r"));
        functions[property("m")] = json!({
            "kind": "mutation", "args": reference(&args), "returns": shape, "doc": "One line.",
            "affects": affected[index % 3..],
        });
    }
    let page = json!({ "type": "object", "properties": { "items": {}, "next_cursor": string } });
    functions[name('i')] = json!({
        "kind": "read", "context": name('d'), "params": ["cursor"], "required": [], "returns": page,
        "paginated": true,
    });
    let param =
        |name: String, required| json!({ "name": name, "schema": string, "required": required });
    let contexts = json!({
        name('c'): {
            "functions": members,
            "params": [param(name('p'), true), param(name('q'), false)],
        },
        name('d'): { "functions": [name('i')], "params": [param("cursor".to_owned(), false)] },
    });
    json!({
        "openapi": "3.1.0", "x-mizan-hash": "0123456789abcdef", "components": { "schemas": schemas },
        "x-mizan-contexts": contexts, "x-mizan-functions": functions,
    })
    .to_string()
}

/// Runs a tool of npm's in the root of the workspace.
fn run(tool: &str, arguments: &[&str]) -> String {
    let root: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let output = Command::new("node")
        .arg(root.join("node_modules").join(tool))
        .args(arguments)
        .current_dir(&root)
        .output()
        .expect("node runs");
    let (stdout, stderr) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{stdout}{stderr}");
    stdout.into_owned()
}
