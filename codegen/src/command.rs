//! What the command `mizan-generate` does, but for reading and writing: the native program and the
//! one for Node bring that, and both have the rest from here.

use core::fmt;

use serde::Serialize;

use crate::{InvalidSchema, SourceFile, generate};

/// What `--help` prints, and what follows a usage error.
pub const USAGE: &str = "\
usage: mizan-generate --schema FILE --out DIR

Writes typed React providers and hooks for the schema that `manage.py mizan_schema` prints.

  --schema FILE  the schema document; - reads it from standard input
  --out DIR      the folder for the generated files; made if it is missing
  --extension E  what imports between them end with: js for TypeScript's nodenext, ts for Deno;
                 without it nothing, which is what bundlers resolve
  --version      print the version
  --help         print this
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
    Generate {
        /// Path of the schema document; `-` is standard input.
        schema: String,
        /// What errors call the document.
        source_name: String,
        /// Path of the folder for the generated files.
        out: String,
        /// What imports between them end with: nothing, `.js` or `.ts`.
        extension: String,
    },
}

impl Command {
    /// Reads arguments, the program's own name not among them.
    ///
    /// # Errors
    ///
    /// An option that is unknown, given twice, without its value or missing. The process ends with
    /// status 2.
    pub fn parse(arguments: &[String]) -> Result<Self, InvalidArguments> {
        let (mut schema, mut out, mut extension) = (None, None, None);
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            let (option, mut value) = match argument.split_once('=') {
                Some((option, value)) => (option, Some(value.to_owned())),
                None => (argument.as_str(), None),
            };
            let slot = match option {
                "--schema" => &mut schema,
                "--out" => &mut out,
                "--extension" => &mut extension,
                "--help" | "-h" if value.is_none() => {
                    return Ok(Self::Print { text: USAGE.to_owned() });
                }
                "--version" | "-V" if value.is_none() => {
                    let version = env!("CARGO_PKG_VERSION");
                    return Ok(Self::Print { text: format!("mizan-generate {version}\n") });
                }
                _ => return Err(InvalidArguments(format!("unknown argument {argument}"))),
            };
            value = value.or_else(|| arguments.next().cloned()).filter(|value| !value.is_empty());
            let Some(value) = value else {
                return Err(InvalidArguments(format!("{option} needs a value")));
            };
            if slot.replace(value).is_some() {
                return Err(InvalidArguments(format!("{option} is given twice")));
            }
        }
        let missing = |option| InvalidArguments(format!("{option} is missing"));
        let schema = schema.ok_or_else(|| missing("--schema"))?;
        let out = out.ok_or_else(|| missing("--out"))?;
        let source_name = if schema == "-" { "<stdin>".to_owned() } else { schema.clone() };
        let extension = match extension.as_deref() {
            None => String::new(),
            Some("js" | "ts") => format!(".{}", extension.unwrap_or_default()),
            Some(other) => {
                return Err(InvalidArguments(format!("--extension is js or ts, not {other}")));
            }
        };
        Ok(Self::Generate { schema, source_name, out, extension })
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

/// What is to be done in the folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// Files to write, because they are missing or differ.
    pub write: Vec<SourceFile>,
    /// Names of files of an earlier run that this schema no longer makes.
    pub remove: Vec<String>,
}

impl Plan {
    /// Decides what to do for a schema document, given the `.ts` and `.tsx` files that are in the
    /// folder now.
    ///
    /// # Errors
    ///
    /// [`Refusal`]: nothing may be written then. The process ends with status 1.
    pub fn new(
        schema: &[u8],
        source_name: &str,
        extension: &str,
        existing: &[SourceFile],
    ) -> Result<Self, Refusal> {
        let text = core::str::from_utf8(schema).map_err(|error| InvalidSchema {
            source_name: source_name.to_owned(),
            place: format!("byte {}", error.valid_up_to()),
            expected: "UTF-8 text".to_owned(),
            found: "other bytes".to_owned(),
        })?;
        // Windows PowerShell puts a byte order mark before what it redirects to a file.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let files = generate(text, source_name, extension)?;
        let is_ours = |file: &SourceFile| file.text.starts_with(MARK);
        let present = |path: &str| existing.iter().find(|file| file.path == path);

        let foreign = files.iter().find_map(|file| present(&file.path).filter(|f| !is_ours(f)));
        if let Some(file) = foreign {
            return Err(Refusal::Foreign { path: file.path.clone() });
        }
        let remove = existing
            .iter()
            .filter(|old| is_ours(old) && !files.iter().any(|file| file.path == old.path))
            .map(|old| old.path.clone())
            .collect();
        // Git may have turned the line breaks of a checked-in file into CRLF: no change.
        let is_same =
            |old: &SourceFile, new: &SourceFile| old.text.replace("\r\n", "\n") == new.text;
        let write = files
            .into_iter()
            .filter(|new| !present(&new.path).is_some_and(|old| is_same(old, new)))
            .collect();
        Ok(Self { write, remove })
    }
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
