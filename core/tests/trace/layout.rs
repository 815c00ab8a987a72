//! A case as it stands in the file: a line for each step and each output.

use std::io;

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter};

use super::{Case, Step};

impl<I: Serialize, O: Serialize> Case<I, O> {
    /// The case, ready to be put into the file.
    pub fn text(&self) -> String {
        let Self { id, name, note, steps } = self;
        let note = note.as_ref().map(|note| format!(" \"note\": {},", line(note)));
        let steps: Vec<_> = steps.iter().map(Step::text).collect();
        format!(
            "  {{\"id\": {}, \"name\": {},{} \"steps\": [\n{}\n  ]}}",
            line(id),
            line(name),
            note.unwrap_or_default(),
            steps.join(",\n")
        )
    }
}

impl<I: Serialize, O: Serialize> Step<I, O> {
    fn text(&self) -> String {
        let Self { at, open, input, outputs } = self;
        let opened =
            if open.is_empty() { String::new() } else { format!(" \"open\": {},", line(open)) };
        let outputs: Vec<_> =
            outputs.iter().map(|output| format!("\n      {}", line(output))).collect();
        let end = if outputs.is_empty() { "" } else { "\n    " };
        format!(
            "    {{\"at\": {at},{opened} \"input\": {}, \"outputs\": [{}{end}]}}",
            line(input),
            outputs.join(",")
        )
    }
}

/// JSON in one line, with a space after each colon and comma.
fn line(value: impl Serialize) -> String {
    let mut text = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut text, Spaced);
    value.serialize(&mut serializer).expect("a value of JSON");
    String::from_utf8(text).expect("JSON is UTF-8")
}

struct Spaced;

impl Formatter for Spaced {
    fn begin_array_value<W: ?Sized + io::Write>(
        &mut self,
        out: &mut W,
        first: bool,
    ) -> io::Result<()> {
        out.write_all(if first { b"" } else { b", " })
    }

    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        out: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.begin_array_value(out, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        CompactFormatter.begin_object_value(out)?;
        out.write_all(b" ")
    }
}
