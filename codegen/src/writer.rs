//! Laying out source text as prettier does: 80 columns, 2 spaces.
//!
//! [`Doc`] is the part of prettier's document language that the generated code needs (after
//! Wadler, "A prettier printer"): a group is printed on one line if it fits there, and otherwise
//! each of its lines breaks. Formatting the output again then changes nothing.

use crate::names::is_invisible;

const WIDTH: usize = 80;

#[derive(Clone, Debug)]
pub(crate) enum Doc {
    Text(String),
    /// A space, or a line break in a broken group.
    Line,
    /// Nothing, or a line break in a broken group.
    SoftLine,
    /// A line break; every group around it breaks.
    HardLine,
    Concat(Vec<Doc>),
    Group(Box<Doc>),
    Indent(Box<Doc>),
    /// Only in a broken group.
    IfBroken(Box<Doc>),
    /// What stands after `=`: on a line of its own if not even its beginning fits.
    Assigned(Box<Doc>),
}

impl Doc {
    pub(crate) fn group(docs: impl Into<Vec<Doc>>) -> Self {
        Self::Group(Box::new(Self::Concat(docs.into())))
    }

    pub(crate) fn indent(docs: impl Into<Vec<Doc>>) -> Self {
        Self::Indent(Box::new(Self::Concat(docs.into())))
    }

    pub(crate) fn if_broken(doc: impl Into<Doc>) -> Self {
        Self::IfBroken(Box::new(doc.into()))
    }

    pub(crate) fn join(docs: impl IntoIterator<Item = Doc>, separator: &[Doc]) -> Self {
        let mut parts = Vec::new();
        for (index, doc) in docs.into_iter().enumerate() {
            if index > 0 {
                parts.extend_from_slice(separator);
            }
            parts.push(doc);
        }
        Self::Concat(parts)
    }

    /// `open`, the docs separated by commas, `close`; broken, each has its line and a comma.
    pub(crate) fn list(open: &str, docs: Vec<Doc>, close: &str) -> Self {
        if docs.is_empty() {
            return format!("{open}{close}").into();
        }
        Self::group([
            open.into(),
            Self::indent([Self::SoftLine, Self::join(docs, &[",".into(), Self::Line])]),
            Self::if_broken(","),
            Self::SoftLine,
            close.into(),
        ])
    }

    /// Lines between braces.
    pub(crate) fn block(lines: impl IntoIterator<Item = Doc>) -> Self {
        let lines = lines.into_iter().flat_map(|line| [Self::HardLine, line]);
        let lines = Self::indent(lines.collect::<Vec<_>>());
        Self::Concat(vec!["{".into(), lines, Self::HardLine, "}".into()])
    }

    /// The text, which ends in a line break.
    pub(crate) fn print(&self) -> String {
        let mut printer = Printer { out: String::new(), column: 0 };
        printer.run(self);
        printer.out.push('\n');
        printer.out
    }

    fn must_break(&self) -> bool {
        match self {
            Self::HardLine => true,
            Self::Text(_) | Self::Line | Self::SoftLine => false,
            Self::Concat(docs) => docs.iter().any(Self::must_break),
            Self::Group(doc) | Self::Indent(doc) | Self::IfBroken(doc) | Self::Assigned(doc) => {
                doc.must_break()
            }
        }
    }
}

impl From<&str> for Doc {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Doc {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// A doc that is still to be printed.
#[derive(Clone, Copy)]
struct Todo<'d> {
    doc: &'d Doc,
    indent: usize,
    broken: bool,
}

struct Printer {
    out: String,
    column: usize,
}

impl Printer {
    fn run(&mut self, doc: &Doc) {
        // The next to print is the last.
        let mut stack = vec![Todo { doc, indent: 0, broken: true }];
        while let Some(todo) = stack.pop() {
            let Todo { doc, indent, broken } = todo;
            match doc {
                Doc::Text(text) => self.text(text),
                Doc::HardLine => self.line(indent),
                Doc::Line | Doc::SoftLine if broken => self.line(indent),
                Doc::Line => self.text(" "),
                Doc::SoftLine => {}
                Doc::Concat(docs) => {
                    stack.extend(docs.iter().rev().map(|doc| Todo { doc, ..todo }))
                }
                Doc::Indent(doc) => stack.push(Todo { doc, indent: indent + 2, broken }),
                Doc::IfBroken(doc) if broken => stack.push(Todo { doc, ..todo }),
                Doc::IfBroken(_) => {}
                Doc::Group(doc) => {
                    let flat = Todo { doc, indent, broken: false };
                    let fits = !broken || !doc.must_break() && self.fits(flat, &stack, 0);
                    stack.push(Todo { broken: !fits, ..flat });
                }
                Doc::Assigned(doc) => {
                    // Its own groups may still break: only up to there it must fit.
                    let here = Todo { doc, indent, broken: true };
                    if !broken || self.fits(here, &stack, 1) {
                        self.text(" ");
                        stack.push(Todo { broken, ..here });
                    } else {
                        self.line(indent + 2);
                        stack.push(Todo { indent: indent + 2, ..here });
                    }
                }
            }
        }
    }

    fn text(&mut self, text: &str) {
        self.column += columns(text);
        self.out.push_str(text);
    }

    fn line(&mut self, indent: usize) {
        self.out.truncate(self.out.trim_end_matches(' ').len());
        self.out.push('\n');
        self.out.extend(core::iter::repeat_n(' ', indent));
        self.column = indent;
    }

    /// Whether `first`, and what follows it up to the next possible line break, fits on the line.
    fn fits(&self, first: Todo<'_>, rest: &[Todo<'_>], space: usize) -> bool {
        let mut column = self.column + space;
        let mut rest = rest.iter().rev();
        let mut stack = vec![first];
        loop {
            let Some(todo) = stack.pop().or_else(|| rest.next().copied()) else {
                return true;
            };
            match todo.doc {
                Doc::Text(text) => column += columns(text),
                Doc::HardLine => return true,
                Doc::Line | Doc::SoftLine if todo.broken => return true,
                Doc::Line => column += 1,
                Doc::SoftLine => {}
                Doc::Concat(docs) => {
                    stack.extend(docs.iter().rev().map(|doc| Todo { doc, ..todo }))
                }
                Doc::Group(doc) | Doc::Indent(doc) => stack.push(Todo { doc, ..todo }),
                Doc::IfBroken(doc) if todo.broken => stack.push(Todo { doc, ..todo }),
                Doc::IfBroken(_) => {}
                Doc::Assigned(_) if todo.broken => return true,
                Doc::Assigned(doc) => {
                    column += 1;
                    stack.push(Todo { doc, ..todo });
                }
            }
            if column > WIDTH {
                return false;
            }
        }
    }
}

/// How wide a terminal shows it; prettier counts so too.
fn columns(text: &str) -> usize {
    text.chars()
        .map(|c| match c {
            '\u{1100}'..='\u{115f}'
            | '\u{2e80}'..='\u{a4cf}'
            | '\u{ac00}'..='\u{d7a3}'
            | '\u{f900}'..='\u{faff}'
            | '\u{fe30}'..='\u{fe6f}'
            | '\u{ff00}'..='\u{ff60}'
            | '\u{1f300}'..='\u{1faff}' => 2,
            _ => 1,
        })
        .sum()
}

/// A doc comment and the line break after it, or nothing for an empty text.
///
/// What a server's docstring says stays text: it ends no comment, makes no TSDoc tag of a Python
/// decorator, and hides nothing from who reads the source.
pub(crate) fn comment(text: &str, tags: &[&str]) -> Doc {
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n");
    let lines: Vec<String> = text.lines().map(comment_line).collect();
    let is_blank = |line: &String| line.is_empty();
    let start = lines.iter().position(|line| !is_blank(line)).unwrap_or(lines.len());
    let end = lines.iter().rposition(|line| !is_blank(line)).map_or(start, |last| last + 1);
    let mut lines = lines[start..end].to_vec();
    if !lines.is_empty() && !tags.is_empty() {
        lines.push(String::new());
    }
    lines.extend(tags.iter().map(|&tag| tag.to_owned()));
    match lines.as_slice() {
        [] => Doc::Concat(Vec::new()),
        [line] => Doc::Concat(vec![format!("/** {} */", line.trim_start()).into(), Doc::HardLine]),
        lines => {
            let mut docs = vec![Doc::from("/**"), Doc::HardLine];
            for line in lines {
                let space = if line.is_empty() { "" } else { " " };
                docs.extend([format!(" *{space}{line}").into(), Doc::HardLine]);
            }
            docs.extend([" */".into(), Doc::HardLine]);
            Doc::Concat(docs)
        }
    }
}

fn comment_line(line: &str) -> String {
    let visible: String = line
        .chars()
        .map(|c| if c == '\t' { ' ' } else { c })
        .filter(|&c| !is_invisible(c))
        .collect();
    let line = visible.trim_end().replace("*/", "*\\/");
    let text = line.trim_start();
    match text.strip_prefix('@') {
        Some(_) => format!("{}\\{text}", &line[..line.len() - text.len()]),
        None => line,
    }
}
