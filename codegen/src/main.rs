//! `mizan-generate`: reads the schema, asks for a plan, carries it out.

use std::fs;
use std::io::{self, Read};
use std::path::Path;
use std::process::ExitCode;

use mizan_codegen::SourceFile;
use mizan_codegen::command::{Command, Existing, Job, Plan, Source};

fn main() -> ExitCode {
    let arguments: Vec<String> =
        std::env::args_os().skip(1).map(|text| text.to_string_lossy().into_owned()).collect();
    let outcome = match Command::parse(&arguments) {
        Ok(Command::Print { text }) => {
            print!("{text}");
            Ok(())
        }
        Ok(Command::Generate(job)) => run(&job),
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

fn run(job: &Job) -> Result<(), String> {
    let schema = read_schema(job)?;
    let existing = Existing {
        files: match &job.out {
            Some(out) => attempt("read", Path::new(out), read_folder)?,
            None => Vec::new(),
        },
        manifest: match &job.manifest {
            Some(path) => attempt("read", Path::new(path), read_file)?,
            None => None,
        },
    };
    let plan = Plan::new(&schema, job, &existing).map_err(|refusal| refusal.to_string())?;
    if !job.check {
        return carry_out(&plan, job);
    }
    match plan.differences(job, &existing) {
        same if same.is_empty() => Ok(()),
        differences => Err(differences),
    }
}

fn carry_out(plan: &Plan, job: &Job) -> Result<(), String> {
    if let Some(out) = &job.out {
        let folder = Path::new(out);
        attempt("make", folder, |folder| fs::create_dir_all(folder))?;
        // First, because a file system that does not see case may have the name of a new file for it.
        for name in &plan.remove {
            let path = folder.join(name);
            attempt("remove", &path, |path| fs::remove_file(path))?;
            println!("removed {}", path.display());
        }
        for file in &plan.write {
            let path = folder.join(&file.path);
            attempt("write", &path, |path| fs::write(path, &file.text))?;
            println!("wrote {}", path.display());
        }
    }
    if let (Some(path), Some(text)) = (&job.manifest, &plan.manifest) {
        attempt("write", Path::new(path), |path| fs::write(path, text))?;
        println!("wrote {path}");
    }
    Ok(())
}

fn attempt<T>(
    action: &str,
    path: &Path,
    work: impl FnOnce(&Path) -> io::Result<T>,
) -> Result<T, String> {
    work(path).map_err(|error| format!("cannot {action} {}: {error}", path.display()))
}

fn read_schema(job: &Job) -> Result<Vec<u8>, String> {
    const ONLY_NODE: &str = "the program for Node does that: npx mizan-generate";
    match &job.schema {
        _ if job.watch => Err(format!("cannot watch {}: {ONLY_NODE}", job.schema.name())),
        Source::Url(url) => Err(format!("cannot read {url}: {ONLY_NODE}")),
        Source::File(path) => attempt("read", Path::new(path), |path| fs::read(path)),
        Source::Stdin => attempt("read", Path::new(job.schema.name()), |_| {
            let mut text = Vec::new();
            io::stdin().lock().read_to_end(&mut text)?;
            Ok(text)
        }),
    }
}

/// Nothing if there is no such file.
fn read_file(path: &Path) -> io::Result<Option<String>> {
    match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        bytes => Ok(Some(String::from_utf8_lossy(&bytes?).into_owned())),
    }
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
