//! Builtins that look at files, and those that make a NixOS system.

use std::rc::Rc;

use super::super::external::{External, Input};
use super::super::files;
use super::super::thunk::Thunk;
use super::super::value::Value;
use super::super::{Eval, modules, prelude};
use super::{Builtin, not};
use crate::flake::framework;

pub(super) const ALL: &[Builtin] = &[
    ("import", 1, import),
    ("path", 1, path),
    ("pathExists", 1, path_exists),
    ("readDir", 1, read_dir),
    ("readFile", 1, read_file),
    ("readFileType", 1, read_file_type),
    ("toPath", 1, |e, a| e.force(&a[0])),
    ("filterSource", 2, |e, a| e.force(&a[1])),
];

/// The files of nixpkgs that make its package set.
const PACKAGES: &[&str] = &[
    "",
    "default.nix",
    "pkgs/top-level",
    "pkgs/top-level/default.nix",
    "pkgs/top-level/impure.nix",
];

/// Functions of `lib` that `builtins` does not have.
pub(super) const LIB: &[Builtin] = &[
    ("listFilesRecursive", 1, list_files),
    ("evalModules", 1, modules::eval_modules),
    ("nixosSystem", 1, framework::nixos_system),
];

fn absolute(eval: &mut Eval, thunk: &Thunk) -> Result<Rc<str>, Value> {
    let path = eval.text(thunk)?;
    if path.starts_with('/') {
        return Ok(files::normal(&path).into());
    }
    Err(Value::unknown(format!("the path `{path}`")))
}

fn import(eval: &mut Eval, args: &[Thunk]) -> Value {
    let value = eval.force(&args[0]);
    eval.import_value(&value)
}

fn import_path(eval: &mut Eval, path: &str) -> Value {
    if let Some(file) = files::within(path) {
        return eval.import(&file);
    }
    let Some((input, below)) = eval.input_of_path(path) else {
        return Value::unknown(format!("`{path}` is not in the repository"));
    };
    match &*below {
        "nixos/lib/eval-config.nix" | "nixos/lib/eval-config" => {
            Value::builtin("eval-config", 1, framework::nixos_system)
        }
        "nixos" | "nixos/default.nix" if input.is_nixpkgs() => {
            Value::builtin("import nixos", 1, framework::import_nixos)
        }
        "lib" | "lib/default.nix" if input.is_nixpkgs() => prelude::lib(eval),
        file if PACKAGES.contains(&file) && input.is_nixpkgs() => {
            Value::builtin("import nixpkgs", 1, framework::import_nixpkgs)
        }
        "flake.nix" => framework::flake_file(input),
        file => match framework::file(eval, &input, file) {
            Some(value) => value,
            None => not_read(input, file),
        },
    }
}

fn not_read(input: Rc<Input>, file: &str) -> Value {
    match file {
        "" | "default.nix" => External::input(input).imported(),
        _ => Value::unknown(format!(
            "it imports `{file}` of the input `{}`, and larder reads no files of inputs",
            input.name
        )),
    }
}

impl Eval<'_> {
    /// `import value`.
    pub(in crate::flake) fn import_value(&mut self, value: &Value) -> Value {
        match self.coerce(value) {
            Ok(path) if path.starts_with('/') => import_path(self, &files::normal(&path)),
            Ok(path) => Value::unknown(format!("the path `{path}`")),
            Err(unknown) => match value {
                Value::External(external) => external.imported(),
                _ => unknown,
            },
        }
    }
}

impl External {
    /// The value of `import` of it: as unknown as it is, but with a name.
    fn imported(&self) -> Value {
        Value::unknown(format!(
            "it imports `{self}`, and larder reads no files of inputs"
        ))
    }
}

fn path_exists(eval: &mut Eval, args: &[Thunk]) -> Value {
    match absolute(eval, &args[0]) {
        Ok(path) => match files::within(&path) {
            Some(file) if eval.names_files => Value::unknown(format!("whether `{file}` exists")),
            Some(file) => Value::Bool(eval.is_file(&file) || eval.is_dir(&file)),
            // A flake sees nothing of the machine that evaluates it.
            None if !path.starts_with("/nix/store/") => Value::Bool(false),
            None if is_hidden(eval, &path) => Value::Bool(false),
            None => Value::unknown(format!("whether `{path}` exists")),
        },
        Err(unknown) => unknown,
    }
}

/// True if the path is in a hidden folder of nixpkgs or of a framework that larder knows. Tools
/// keep their files there in the repositories that use them, and those use none.
fn is_hidden(eval: &mut Eval, path: &str) -> bool {
    let Some((input, below)) = eval.input_of_path(path) else {
        return false;
    };
    let folder = below.split_once('/').map(|(folder, _)| folder);
    folder.is_some_and(|name| name.starts_with('.') && name != ".github") && is_read(&input)
}

/// True if larder knows what is in the repository.
fn is_read(input: &Input) -> bool {
    input.is_nixpkgs() || framework::is_known(input)
}

fn read_dir(eval: &mut Eval, args: &[Thunk]) -> Value {
    match absolute(eval, &args[0]) {
        Ok(path) => match files::within(&path) {
            Some(dir) => eval.read_dir(&dir),
            None => Value::unknown(format!("what is in `{path}`")),
        },
        Err(unknown) => unknown,
    }
}

fn read_file_type(eval: &mut Eval, args: &[Thunk]) -> Value {
    match absolute(eval, &args[0]) {
        Ok(path) => match files::within(&path) {
            Some(file) if eval.is_file(&file) => Value::string("regular"),
            Some(dir) if eval.is_dir(&dir) => Value::string("directory"),
            Some(file) => Value::unknown(eval.repo.why_absent(&file)),
            None => Value::unknown(format!("what `{}` is", files::shown_outside(&path))),
        },
        Err(unknown) => unknown,
    }
}

fn read_file(eval: &mut Eval, args: &[Thunk]) -> Value {
    match absolute(eval, &args[0]) {
        Ok(path) => eval.read_file(&path),
        Err(unknown) => unknown,
    }
}

/// `builtins.path { path = …; }` copies; what is in it stays the same.
fn path(eval: &mut Eval, args: &[Thunk]) -> Value {
    let value = eval.force(&args[0]);
    match &value {
        Value::Attrs(attrs) if attrs.slots.contains_key("path") => eval.select(&value, "path"),
        other => not("a set", other),
    }
}

fn list_files(eval: &mut Eval, args: &[Thunk]) -> Value {
    let dir = match absolute(eval, &args[0]) {
        Ok(path) => files::within(&path),
        Err(unknown) => return unknown,
    };
    let Some(dir) = dir.filter(|_| !eval.names_files) else {
        return Value::unknown("the files of another folder");
    };
    let files: Vec<_> = eval.repo.tracked_under(&dir).map(files::absolute).collect();
    eval.spend(files.len());
    Value::list(
        files
            .into_iter()
            .map(|path| Thunk::done(Value::Path(path.into())))
            .collect(),
    )
}
