//! What the command `mizan-generate` does, but for reading and writing: the native program and the
//! one for Node bring that, and both have the rest from here.

use core::fmt;

use serde::{Deserialize, Serialize};
use similar::{ChangeTag, TextDiff};

use crate::{Extension, InvalidSchema, Options, SourceFile, Strings, generate, manifest};

/// What `--help` prints, and what follows a usage error.
pub const USAGE: &str = "\
usage: mizan-generate --schema FILE --out DIR [options]

Writes typed React providers and hooks for the schema that `manage.py mizan_schema` prints.

  --schema FILE    the schema document; a URL is fetched, - reads it from standard input
  --out DIR        the folder for the generated files; made if it is missing
  --manifest FILE  write the manifest for an edge cache, too; or alone, without --out
  --check          write nothing: say what is out of date, and end with status 1 if anything is
  --watch          go on, and generate again whenever the schema has changed
  --single         write one index.ts; server components need the split, as it has hooks in it
  --split          write files for each context, which is the default
  --extension E    what imports between the files end with: js for TypeScript's nodenext, ts for
                   Deno; without it nothing, which is what bundlers resolve
  --strings S      dates, UUIDs and decimal numbers: branded, each a type of its own (the default),
                   or plain
  --version        print the version
  --help           print this
";

/// How every generated file begins. The command changes and removes no other file.
pub(crate) const MARK: &str = "// @mizan schema ";

/// What the arguments ask for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "do", rename_all = "lowercase")]
pub enum Command {
    /// Print a text and be done.
    Print {
        /// The text, with its last line break.
        text: String,
    },
    /// Generate.
    Generate(Job),
}

/// What to generate, and from what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Job {
    /// Where the schema document is.
    pub schema: Source,
    /// Path of the folder for the generated files.
    pub out: Option<String>,
    /// Path of the manifest.
    pub manifest: Option<String>,
    /// Whether to write nothing and to say what is out of date.
    pub check: bool,
    /// Whether to go on, and to generate again whenever the schema has changed.
    pub watch: bool,
    /// How the code is to be.
    pub options: Options,
}

/// Where a schema document is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// Standard input.
    #[default]
    Stdin,
    /// A path.
    File(String),
    /// An address that is fetched.
    Url(String),
}

impl Source {
    fn named(name: &str) -> Self {
        match name {
            "-" => Self::Stdin,
            url if url.starts_with("http://") || url.starts_with("https://") => {
                Self::Url(url.to_owned())
            }
            path => Self::File(path.to_owned()),
        }
    }

    /// What errors call the document.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Stdin => "<stdin>",
            Self::File(name) | Self::Url(name) => name,
        }
    }
}

impl Command {
    /// Reads arguments, the program's own name not among them.
    ///
    /// # Errors
    ///
    /// An option that is unknown, given twice, without its value or missing, or two that do not go
    /// together. The process ends with status 2.
    pub fn parse(arguments: &[String]) -> Result<Self, InvalidArguments> {
        let mut given: Vec<(&str, String)> = Vec::new();
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            let (option, value) = match argument.split_once('=') {
                Some((option, value)) => (option, Some(value.to_owned())),
                None => (argument.as_str(), None),
            };
            let value = match (option, value) {
                ("--help" | "-h", None) => return Ok(Self::Print { text: USAGE.to_owned() }),
                ("--version" | "-V", None) => {
                    let version = env!("CARGO_PKG_VERSION");
                    return Ok(Self::Print { text: format!("mizan-generate {version}\n") });
                }
                ("--check" | "--watch" | "--single" | "--split", None) => String::new(),
                ("--schema" | "--out" | "--manifest" | "--extension" | "--strings", value) => {
                    let value = value.or_else(|| arguments.next().cloned());
                    value
                        .filter(|value| !value.is_empty())
                        .ok_or_else(|| InvalidArguments(format!("{option} needs a value")))?
                }
                _ => return Err(InvalidArguments(format!("unknown argument {argument}"))),
            };
            if given.iter().any(|(other, _)| *other == option) {
                return Err(InvalidArguments(format!("{option} is given twice")));
            }
            given.push((option, value));
        }
        Job::of(&given).map(Self::Generate)
    }
}

impl Job {
    fn of(given: &[(&str, String)]) -> Result<Self, InvalidArguments> {
        let value = |name| given.iter().find(|(option, _)| *option == name).map(|(_, value)| value);
        let has = |name| value(name).is_some();
        for (one, other) in [("--check", "--watch"), ("--single", "--split")] {
            if has(one) && has(other) {
                return Err(InvalidArguments(format!("{one} and {other} do not go together")));
            }
        }
        let schema = value("--schema").ok_or(InvalidArguments("--schema is missing".to_owned()))?;
        let schema = Source::named(schema);
        if schema == Source::Stdin && has("--watch") {
            return Err(InvalidArguments("--watch needs a file or a URL as --schema".to_owned()));
        }
        let (out, manifest) = (value("--out").cloned(), value("--manifest").cloned());
        if out.is_none() && manifest.is_none() {
            return Err(InvalidArguments("--out is missing".to_owned()));
        }
        let refused = |option, allowed, other| {
            Err(InvalidArguments(format!("{option} is {allowed}, not {other}")))
        };
        let extension = match value("--extension").map(String::as_str) {
            None => None,
            Some("js") => Some(Extension::Js),
            Some("ts") => Some(Extension::Ts),
            Some(other) => return refused("--extension", "js or ts", other),
        };
        let strings = match value("--strings").map(String::as_str) {
            None | Some("branded") => Strings::Branded,
            Some("plain") => Strings::Plain,
            Some(other) => return refused("--strings", "branded or plain", other),
        };
        let options = Options { extension, single: has("--single"), strings };
        let (check, watch) = (has("--check"), has("--watch"));
        Ok(Self { schema, out, manifest, check, watch, options })
    }
}

/// Arguments that the command does not understand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidArguments(String);

impl fmt::Display for InvalidArguments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "mizan-generate: {}\n\n{USAGE}", self.0)
    }
}

impl core::error::Error for InvalidArguments {}

/// What there is before anything is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Existing {
    /// The `.ts` and `.tsx` files of the folder.
    pub files: Vec<SourceFile>,
    /// The text of the manifest, if there is one.
    pub manifest: Option<String>,
}

/// What is to be done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// Files to write, because they are missing or differ.
    pub write: Vec<SourceFile>,
    /// Names of files of an earlier run that this schema no longer makes.
    pub remove: Vec<String>,
    /// The manifest, if it is missing or differs.
    pub manifest: Option<String>,
}

impl Plan {
    /// Decides what to do for a schema document, given what there is.
    ///
    /// # Errors
    ///
    /// [`Refusal`]: nothing may be written then. The process ends with status 1.
    pub fn new(schema: &[u8], job: &Job, existing: &Existing) -> Result<Self, Refusal> {
        let source_name = job.schema.name();
        let text = text_of(schema, source_name)?;
        let mut plan = Self::default();
        if job.out.is_some() {
            plan.write = generate(text, source_name, &job.options)?;
        }
        let is_ours = |file: &SourceFile| file.text.starts_with(MARK);
        let present = |path: &str| existing.files.iter().find(|file| file.path == path);
        let foreign =
            plan.write.iter().find_map(|file| present(&file.path).filter(|f| !is_ours(f)));
        if let Some(file) = foreign {
            return Err(Refusal::Foreign { path: file.path.clone() });
        }
        if job.out.is_some() {
            let left = existing
                .files
                .iter()
                .filter(|old| is_ours(old) && !plan.write.iter().any(|file| file.path == old.path));
            plan.remove = left.map(|old| old.path.clone()).collect();
        }
        plan.write
            .retain(|new| !present(&new.path).is_some_and(|old| is_same(&old.text, &new.text)));
        if job.manifest.is_some() {
            let manifest = manifest(text, source_name)?;
            let is_there = existing.manifest.as_ref().is_some_and(|old| is_same(old, &manifest));
            plan.manifest = (!is_there).then_some(manifest);
        }
        Ok(plan)
    }

    /// A line for each file that is not as it should be, and nothing if all are.
    pub fn differences(&self, job: &Job, existing: &Existing) -> String {
        let old = |path: &str| existing.files.iter().find(|file| file.path == path);
        let mut lines = Vec::new();
        for file in &self.write {
            lines.push((&*file.path, change(old(&file.path).map(|old| &*old.text), &file.text)));
        }
        for path in &self.remove {
            lines.push((path, "is of no use any more".to_owned()));
        }
        if let (Some(path), Some(text)) = (&job.manifest, &self.manifest) {
            lines.push((path, change(existing.manifest.as_deref(), text)));
        }
        if lines.is_empty() {
            return String::new();
        }
        let width = lines.iter().map(|(path, _)| path.chars().count()).max().unwrap_or(0);
        let mut text = format!("out of date with {}:\n", job.schema.name());
        for (path, change) in lines {
            text.push_str(&format!("  {path:width$}  {change}\n"));
        }
        text + "run it without --check"
    }
}

/// How many lines a new text has that the old one lacks, and the other way round.
fn change(old: Option<&str>, new: &str) -> String {
    let Some(old) = old else {
        return "is missing".to_owned();
    };
    let (mut more, mut less) = (0, 0);
    for change in TextDiff::from_lines(unix_lines(old).as_str(), new).iter_all_changes() {
        match change.tag() {
            ChangeTag::Insert => more += 1,
            ChangeTag::Delete => less += 1,
            ChangeTag::Equal => {}
        }
    }
    format!("+{more} -{less}")
}

/// Git may have turned the line breaks of a checked-in file into CRLF: no change.
fn is_same(old: &str, new: &str) -> bool {
    unix_lines(old) == new
}

fn unix_lines(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// The bytes of a schema document as text.
///
/// # Errors
///
/// It is not UTF-8.
pub(crate) fn text_of<'a>(schema: &'a [u8], source_name: &str) -> Result<&'a str, InvalidSchema> {
    let text = core::str::from_utf8(schema).map_err(|error| InvalidSchema {
        source_name: source_name.to_owned(),
        place: format!("byte {}", error.valid_up_to()),
        expected: "UTF-8 text".to_owned(),
        found: "other bytes".to_owned(),
    })?;
    // Windows PowerShell puts a byte order mark before what it redirects to a file.
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// Why nothing is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The document is no schema.
    Schema(InvalidSchema),
    /// Another's file stands where a generated one would go.
    Foreign {
        /// Its name.
        path: String,
    },
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Schema(error) => error.fmt(f),
            Self::Foreign { path } => write!(
                f,
                "{path} in the --out folder is not a generated file: move it, or choose another folder"
            ),
        }
    }
}

impl core::error::Error for Refusal {}

impl From<InvalidSchema> for Refusal {
    fn from(error: InvalidSchema) -> Self {
        Self::Schema(error)
    }
}
