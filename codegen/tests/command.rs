//! The command as a person runs it.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The files of the case `plain`, in the order in which they are written.
const ALL: [&str; 6] =
    ["user.ts", "user.hooks.ts", "mutations.ts", "schema.ts", "types.ts", "index.ts"];

#[test]
fn prints_one_line_for_each_file_it_writes() {
    let folder = Folder::new("writes");
    let output = folder.generate("plain");
    assert_eq!(lines(&output.stdout), folder.each(&ALL, "wrote"));
    assert_eq!(text(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(folder.names(), sorted(&ALL));
    assert_eq!(
        folder.read("user.ts"),
        fs::read_to_string(case("plain").join("out/user.ts")).expect("a file")
    );
}

#[test]
fn reads_standard_input() {
    let folder = Folder::new("stdin");
    let mut schema = b"\xef\xbb\xbf".to_vec();
    schema.extend(fs::read(case("plain").join("schema.json")).expect("a schema"));
    let output = folder.generate_from_stdin(&schema);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(folder.names().len(), ALL.len());

    let output = folder.generate_from_stdin(b"{");
    assert_eq!(
        text(&output.stderr),
        "mizan-generate: <stdin>: line 1 column 1: expected a JSON document, \
         found an error: EOF while parsing an object\n"
    );
}

#[test]
fn writes_only_what_has_changed() {
    let folder = Folder::new("changed");
    folder.generate("plain");
    assert_eq!(lines(&folder.generate("plain").stdout), [""; 0]);

    folder.write("types.ts", &folder.read("types.ts").replace("name", "nom"));
    folder.write("user.ts", &folder.read("user.ts").replace('\n', "\r\n"));
    assert_eq!(lines(&folder.generate("plain").stdout), folder.each(&["types.ts"], "wrote"));
}

#[test]
fn removes_its_own_files_of_contexts_that_are_gone_and_no_others() {
    let folder = Folder::new("removes");
    folder.generate("plain");
    folder.write("helpers.ts", "export const mine = 1;\n");
    folder.write("view.tsx", "// about // @mizan schema\n");
    let output = folder.generate("views_only");
    let gone = ["mutations.ts", "types.ts", "user.hooks.ts", "user.ts"];
    let mut expected = folder.each(&gone, "removed");
    expected.extend(folder.each(&["schema.ts", "index.ts"], "wrote"));
    assert_eq!(lines(&output.stdout), expected);
    assert_eq!(folder.names(), ["helpers.ts", "index.ts", "schema.ts", "view.tsx"]);
}

#[test]
fn leaves_a_file_alone_that_is_not_its_own() {
    let folder = Folder::new("foreign");
    folder.write("index.ts", "export const mine = 1;\n");
    let output = folder.generate("plain");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        text(&output.stderr),
        "mizan-generate: index.ts in the --out folder is not a generated file: \
         move it, or choose another folder\n"
    );
    assert_eq!(folder.names(), ["index.ts"]);
    assert_eq!(folder.read("index.ts"), "export const mine = 1;\n");
}

#[test]
fn imports_between_the_files_end_as_it_is_told() {
    let folder = Folder::new("extension");
    let schema = shown(&case("plain").join("schema.json"));
    for (arguments, ending) in
        [(&[][..], ""), (&["--extension", "js"], ".js"), (&["--extension", "ts"], ".ts")]
    {
        let output =
            folder.run(&[&["--schema", &schema, "--out", &shown(&folder.0)], arguments].concat());
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        assert!(folder.read("index.ts").contains(&format!("export * from \"./user{ending}\";\n")));
        assert!(
            folder.read("index.ts").contains(&format!("export * from \"./user.hooks{ending}\";\n"))
        );
        assert!(folder.read("user.ts").contains(&format!(" from \"./types{ending}\";\n")));
        for file in ["mutations.ts", "schema.ts", "user.hooks.ts"] {
            assert!(folder.read(file).contains(&format!("{ending}\";\n")), "{file}");
        }
    }
}

#[test]
fn check_says_what_is_out_of_date_and_writes_nothing() {
    let folder = Folder::new("check");
    let (schema, out) = (shown(&case("plain").join("schema.json")), shown(&folder.0));
    let manifest = format!("{out}/manifest.json");
    let arguments = ["--schema", &schema, "--out", &out, "--manifest", &manifest];
    let check = |folder: &Folder| folder.run(&[&arguments[..], &["--check"]].concat());
    let output = check(&folder);
    assert_eq!(output.status.code(), Some(1));
    assert!(!folder.0.exists());

    folder.run(&arguments);
    let output = check(&folder);
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()));

    folder.write("types.ts", &folder.read("types.ts").replace("  name: string;\n", ""));
    folder.write("user.ts", &folder.read("user.ts").replace('\n', "\r\n"));
    folder.write("old.ts", "// @mizan schema 0123456789abcdef\n");
    folder.write("manifest.json", &folder.read("manifest.json").replace("user_id", "id"));
    fs::remove_file(folder.0.join("index.ts")).expect("a file");
    let before = folder.names();
    let output = check(&folder);
    assert_eq!(output.status.code(), Some(1));
    let message = format!(
        "mizan-generate: out of date with {schema}:\n\
         types.ts  +2 -0\n\
         index.ts  is missing\n\
         old.ts  is of no use any more\n\
         {manifest}  +2 -2\n\
         run it without --check\n"
    );
    let stderr: Vec<String> = lines(&output.stderr)
        .iter()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(stderr, message.trim_end().replace("  ", " ").split('\n').collect::<Vec<_>>());
    assert_eq!(text(&output.stdout), "");
    assert_eq!(folder.names(), before);
}

#[test]
fn single_is_one_file_and_split_again_is_many() {
    let folder = Folder::new("single");
    let schema = shown(&case("plain").join("schema.json"));
    let arguments = ["--schema", &schema, "--out", &shown(&folder.0)];
    folder.run(&arguments);
    let output = folder.run(&[&arguments[..], &["--single"]].concat());
    let gone = ["mutations.ts", "schema.ts", "types.ts", "user.hooks.ts", "user.ts"];
    let mut expected = folder.each(&gone, "removed");
    expected.extend(folder.each(&["index.ts"], "wrote"));
    assert_eq!(lines(&output.stdout), expected);
    assert_eq!(folder.names(), ["index.ts"]);
    folder.run(&[&arguments[..], &["--split"]].concat());
    assert_eq!(folder.names(), sorted(&ALL));
}

#[test]
fn the_manifest_says_what_to_purge() {
    let folder = Folder::new("manifest");
    fs::create_dir_all(&folder.0).expect("a folder");
    let manifest = folder.0.join("manifest.json");
    let schema = shown(&case("optional_params").join("schema.json"));
    let arguments = ["--schema", &schema, "--manifest", &shown(&manifest)];
    let output = folder.run(&arguments);
    assert_eq!(text(&output.stdout), format!("wrote {}\n", shown(&manifest)));
    let expected = fs::read_to_string(case("optional_params").join("manifest.json"));
    assert_eq!(folder.read("manifest.json"), expected.expect("the golden manifest"));
    assert_eq!(text(&folder.run(&arguments).stdout), "");
    assert_eq!(folder.names(), ["manifest.json"]);
}

#[test]
fn says_who_reads_addresses_and_watches() {
    let folder = Folder::new("addresses");
    let out = shown(&folder.0);
    for (arguments, action) in [
        (
            &["--schema", "http://localhost:1/schema/", "--out", &out][..],
            "read http://localhost:1/schema/",
        ),
        (&["--schema", "schema.json", "--watch", "--out", &out], "watch schema.json"),
    ] {
        let output = folder.run(arguments);
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(
            text(&output.stderr),
            format!(
                "mizan-generate: cannot {action}: the program for Node does that: npx mizan-generate\n"
            )
        );
    }
}

#[test]
fn writes_nothing_for_a_schema_that_is_none() {
    let folder = Folder::new("invalid");
    let schema = tests().join("invalid/param_key.json");
    let output = folder.run(&["--schema", &shown(&schema), "--out", &shown(&folder.0)]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(text(&output.stdout), "");
    assert_eq!(
        text(&output.stderr),
        format!(
            "mizan-generate: {}: x-mizan-contexts.user.params[0].name: expected a param name that a \
             React component can have as a prop (React keeps `key` for itself), found \"key\"\n",
            shown(&schema)
        )
    );
    assert!(!folder.0.exists());

    folder.generate("plain");
    let before = folder.read("user.ts");
    folder.generate_from_stdin(b"[]");
    assert_eq!(folder.read("user.ts"), before);
}

#[test]
fn says_which_byte_is_not_utf_8() {
    let folder = Folder::new("bytes");
    let output = folder.generate_from_stdin(b"{\"openapi\": \"\xff\"}");
    assert_eq!(
        text(&output.stderr),
        "mizan-generate: <stdin>: byte 13: expected UTF-8 text, found other bytes\n"
    );
}

#[test]
fn says_which_file_it_cannot_read_or_write() {
    let folder = Folder::new("missing");
    let output = folder.run(&["--schema", "no/such/schema.json", "--out", &shown(&folder.0)]);
    assert_eq!(output.status.code(), Some(1));
    let message = text(&output.stderr);
    assert!(message.starts_with("mizan-generate: cannot read no/such/schema.json: "), "{message}");
    assert!(!folder.0.exists());

    fs::write(&folder.0, "a file where the folder should be").expect("a file");
    let output = folder.generate("plain");
    assert_eq!(output.status.code(), Some(1));
    let message = text(&output.stderr);
    let start = format!("mizan-generate: cannot read {}: ", shown(&folder.0));
    assert!(message.starts_with(&start), "{message}");
}

#[test]
fn answers_a_usage_error_with_the_usage_and_status_2() {
    let folder = Folder::new("usage");
    for (arguments, message) in [
        (&[][..], "--schema is missing"),
        (&["--schema", "a.json"], "--out is missing"),
        (&["--schema"], "--schema needs a value"),
        (&["--schema=", "--out", "x"], "--schema needs a value"),
        (&["--out", "x", "--out=y"], "--out is given twice"),
        (&["schema.json"], "unknown argument schema.json"),
        (&["--wach"], "unknown argument --wach"),
        (&["--watch=yes"], "unknown argument --watch=yes"),
        (&["--schema", "-", "--out=x", "--watch"], "--watch needs a file or a URL as --schema"),
        (&["--check", "--watch"], "--check and --watch do not go together"),
        (&["--single", "--split"], "--single and --split do not go together"),
        (&["--schema=a", "--out=b", "--strings=date"], "--strings is branded or plain, not date"),
        (&["--help=yes"], "unknown argument --help=yes"),
        (&["--schema=a", "--out=b", "--extension=tsx"], "--extension is js or ts, not tsx"),
    ] {
        let output = folder.run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert_eq!(text(&output.stdout), "");
        let stderr = text(&output.stderr);
        assert!(stderr.starts_with(&format!("mizan-generate: {message}\n\nusage: ")), "{stderr}");
    }
    assert!(!folder.0.exists());
}

#[test]
fn prints_help_and_version() {
    let folder = Folder::new("help");
    let help = folder.run(&["--help"]);
    assert!(
        text(&help.stdout).starts_with("usage: mizan-generate --schema FILE --out DIR [options]\n")
    );
    assert_eq!(help.status.code(), Some(0));
    let version = format!("mizan-generate {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(text(&folder.run(&["--version"]).stdout), version);
}

#[test]
#[ignore = "needs Node and pkg/dist/generate (make build)"]
fn node_runs_the_same_command() {
    let cases = fs::read_dir(tests().join("cases")).expect("the cases");
    for entry in cases {
        let name = entry.expect("a case").file_name().to_string_lossy().into_owned();
        let (native, node) =
            (Folder::new(&format!("native_{name}")), Folder::new(&format!("node_{name}")));
        let schema = shown(&case(&name).join("schema.json"));
        let arguments = ["--schema", &schema, "--extension=js", "--out"];
        let by_native = native.run(&[&arguments[..], &[&shown(&native.0)]].concat());
        let by_node = node.run_node(&[&arguments[..], &[&shown(&node.0)]].concat());
        let expected = text(&by_native.stdout).replace(&shown(&native.0), &shown(&node.0));
        assert_eq!(text(&by_node.stdout), expected, "{}", text(&by_node.stderr));
        assert_eq!(by_node.status.code(), Some(0));
        assert_eq!(node.names(), native.names());
        for file in native.names() {
            assert_eq!(node.read(&file), native.read(&file), "{name}/{file}");
        }
    }

    for options in [&["--single", "--strings=plain"][..], &["--extension=ts"]] {
        let (native, node) = (Folder::new("native_options"), Folder::new("node_options"));
        let schema = shown(&case("types").join("schema.json"));
        for folder in [&native, &node] {
            let out = shown(&folder.0);
            let manifest = format!("{out}/manifest.json");
            let arguments =
                [&["--schema", &schema, "--out", &out, "--manifest", &manifest], options].concat();
            let run = |arguments: &[&str]| match core::ptr::eq(folder, &native) {
                true => folder.run(arguments),
                false => folder.run_node(arguments),
            };
            assert_eq!(run(&arguments).status.code(), Some(0));
            let checked = run(&[&arguments[..], &["--check"]].concat());
            assert_eq!((checked.status.code(), text(&checked.stderr)), (Some(0), String::new()));
            folder.write("index.ts", "// @mizan schema 0\n");
            let checked = run(&[&arguments[..], &["--check"]].concat());
            assert_eq!(checked.status.code(), Some(1));
            assert!(text(&checked.stderr).contains("\n  index.ts  +"), "{}", text(&checked.stderr));
            run(&arguments);
        }
        assert_eq!(node.names(), native.names());
        for file in native.names() {
            assert_eq!(node.read(&file), native.read(&file), "{file}");
        }
    }

    let folder = Folder::new("node_errors");
    let invalid = shown(&tests().join("invalid/param_key.json"));
    for arguments in [
        &[][..],
        &["--help"],
        &["--version"],
        &["--schema", &invalid, "--out", &shown(&folder.0)],
        &["--schema", &invalid, "--out", &shown(&folder.0), "--extension", "mjs"],
    ] {
        let (native, node) = (folder.run(arguments), folder.run_node(arguments));
        assert_eq!(text(&node.stdout), text(&native.stdout), "{arguments:?}");
        assert_eq!(text(&node.stderr), text(&native.stderr), "{arguments:?}");
        assert_eq!(node.status.code(), native.status.code(), "{arguments:?}");
    }
    assert!(!folder.0.exists());

    let folder = Folder::new("node_folder");
    folder.generate("plain");
    folder.write("helpers.ts", "export const mine = 1;\n");
    let schema = shown(&case("views_only").join("schema.json"));
    let output = folder.run_node(&["--schema", &schema, "--out", &shown(&folder.0)]);
    let gone = ["mutations.ts", "types.ts", "user.hooks.ts", "user.ts"];
    let mut expected = folder.each(&gone, "removed");
    expected.extend(folder.each(&["schema.ts", "index.ts"], "wrote"));
    assert_eq!(lines(&output.stdout), expected);
    assert_eq!(folder.names(), ["helpers.ts", "index.ts", "schema.ts"]);

    let folder = Folder::new("node_stdin");
    let schema = fs::read(case("plain").join("schema.json")).expect("a schema");
    let mut node = folder.node(&["--schema", "-", "--out", &shown(&folder.0)]);
    assert_eq!(feed(&mut node, &schema).status.code(), Some(0));
    assert_eq!(folder.names().len(), ALL.len());
}

/// A folder for output that does not exist yet.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("generated_{name}"));
        let _ = fs::remove_dir_all(&path);
        let _ = fs::remove_file(&path);
        Self(path)
    }

    fn generate(&self, name: &str) -> Output {
        let schema = case(name).join("schema.json");
        self.run(&["--schema", &shown(&schema), "--out", &shown(&self.0)])
    }

    fn generate_from_stdin(&self, schema: &[u8]) -> Output {
        feed(self.native().args(["--schema=-", "--out", &shown(&self.0)]), schema)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.native().args(arguments).output().expect("the command runs")
    }

    fn run_node(&self, arguments: &[&str]) -> Output {
        self.node(arguments).output().expect("node runs")
    }

    fn native(&self) -> Command {
        Command::new(env!("CARGO_BIN_EXE_mizan-generate"))
    }

    fn node(&self, arguments: &[&str]) -> Command {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../pkg/bin/mizan-generate.js");
        let mut command = Command::new("node");
        command.arg(script).args(arguments);
        command
    }

    fn each(&self, names: &[&str], verb: &str) -> Vec<String> {
        names.iter().map(|name| format!("{verb} {}", shown(&self.0.join(name)))).collect()
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(&self.0)
            .expect("the folder")
            .map(|entry| entry.expect("a file").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).expect("a file")
    }

    fn write(&self, name: &str, text: &str) {
        fs::create_dir_all(&self.0).expect("the folder");
        fs::write(self.0.join(name), text).expect("a file");
    }
}

fn sorted(names: &[&str]) -> Vec<String> {
    let mut names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    names.sort();
    names
}

fn feed(command: &mut Command, input: &[u8]) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command runs");
    child.stdin.take().expect("its input").write_all(input).expect("it reads");
    child.wait_with_output().expect("it ends")
}

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

fn case(name: &str) -> PathBuf {
    tests().join("cases").join(name)
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

fn lines(bytes: &[u8]) -> Vec<String> {
    text(bytes).lines().map(str::to_owned).collect()
}
