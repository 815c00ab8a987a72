//! The golden cases as TypeScript code: they compile, what must not compile does not
//! (`typescript/use.tsx`), and a formatter changes nothing.

use std::path::{Path, PathBuf};
use std::process::Command;

#[test]
#[ignore = "needs npm's packages and pkg/dist (make build)"]
fn compiles_as_a_bundler_resolves_it() {
    run("typescript/bin/tsc", &["--project", "codegen/tests/typescript/tsconfig.json"]);
}

#[test]
#[ignore = "needs npm's packages and pkg/dist (make build)"]
fn compiles_as_node_resolves_it() {
    run("typescript/bin/tsc", &["--project", "codegen/tests/typescript/nodenext.json"]);
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
