//! `mizan-generate`: reads the schema, asks for a plan, carries it out.

use std::fs;
use std::io::{self, Read};
use std::path::Path;
use std::process::ExitCode;

use mizan_codegen::SourceFile;
use mizan_codegen::command::{Command, Plan};

fn main() -> ExitCode {
    let arguments: Vec<String> =
        std::env::args_os().skip(1).map(|text| text.to_string_lossy().into_owned()).collect();
    let outcome = match Command::parse(&arguments) {
        Ok(Command::Print { text }) => {
            print!("{text}");
            Ok(())
        }
        Ok(Command::Generate { schema, source_name, out, extension }) => {
            run(&schema, &source_name, &out, &extension)
        }
        Err(error) => {
            eprint!("{error}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("mizan-generate: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(schema: &str, source_name: &str, out: &str, extension: &str) -> Result<(), String> {
    let failed = |action: &str, path: &str| {
        let what = format!("cannot {action} {path}");
        move |error: io::Error| format!("{what}: {error}")
    };
    let text = read_schema(schema).map_err(failed("read", source_name))?;
    let folder = Path::new(out);
    let existing = read_folder(folder).map_err(failed("read", out))?;
    let plan = Plan::new(&text, source_name, extension, &existing)
        .map_err(|refusal| refusal.to_string())?;

    fs::create_dir_all(folder).map_err(failed("make", out))?;
    // First, because a file system that does not see case may have the name of a new file for it.
    for name in &plan.remove {
        let path = folder.join(name);
        let shown = path.display().to_string();
        fs::remove_file(&path).map_err(failed("remove", &shown))?;
        println!("removed {shown}");
    }
    for file in &plan.write {
        let path = folder.join(&file.path);
        let shown = path.display().to_string();
        fs::write(&path, &file.text).map_err(failed("write", &shown))?;
        println!("wrote {shown}");
    }
    Ok(())
}

fn read_schema(schema: &str) -> io::Result<Vec<u8>> {
    if schema != "-" {
        return fs::read(schema);
    }
    let mut text = Vec::new();
    io::stdin().lock().read_to_end(&mut text)?;
    Ok(text)
}

/// The TypeScript files of a folder, in the order of their names; none if there is no folder.
fn read_folder(folder: &Path) -> io::Result<Vec<SourceFile>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry?;
        let path = entry.file_name().to_string_lossy().into_owned();
        if (path.ends_with(".ts") || path.ends_with(".tsx")) && entry.path().is_file() {
            let text = String::from_utf8_lossy(&fs::read(entry.path())?).into_owned();
            files.push(SourceFile { path, text });
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}
