//! The golden cases as TypeScript code: they compile, what must not compile does not
//! (`typescript/use.tsx`), and a formatter changes nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use mizan_codegen::generate;

#[test]
#[ignore = "needs npm's packages and pkg/dist (make build)"]
fn compiles_as_a_bundler_resolves_it() {
    run("typescript/bin/tsc", &["--project", "codegen/tests/typescript/tsconfig.json"]);
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
        for file in generate(&schema, "schema.json", ".js").expect("files") {
            fs::write(out.join(file.path), file.text).expect("the output");
        }
    }
    fs::create_dir(folder.join("typescript")).expect("a folder for what uses it");
    for name in ["use.tsx", "tsconfig.json", "nodenext.json"] {
        let (from, to) =
            (tests.join("typescript").join(name), folder.join("typescript").join(name));
        fs::copy(from, to).expect("a copy");
    }
    let project = folder.join("typescript/nodenext.json").display().to_string();
    run("typescript/bin/tsc", &["--project", &project]);
}

#[test]
#[ignore = "needs npm's packages"]
fn a_formatter_changes_nothing() {
    let arguments =
        ["format", "--config-path=codegen/tests/typescript/format.json", "codegen/tests/cases"];
    run("@biomejs/biome/bin/biome", &arguments);
}

/// Runs a tool of npm's in the root of the workspace.
fn run(tool: &str, arguments: &[&str]) {
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
}
