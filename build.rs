//! What is compiled in and is no Rust: a build begins anew where it changed, and names what browsers load by a hash of all of it.

use std::{
    collections::BTreeMap,
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    io,
    path::{Path, PathBuf},
};

/// The folders below `web/` that are served.
const SERVED: [&str; 4] = ["demo", "desk", "embed", "shared"];

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=migrations");
    let mut files = BTreeMap::new();
    for folder in SERVED {
        let folder = Path::new("web").join(folder);
        println!("cargo:rerun-if-changed={}", folder.display());
        read(&folder, &mut files)?;
    }
    // not against forgers: it tells one build's files from another's
    let mut hash = DefaultHasher::new();
    files.hash(&mut hash);
    println!("cargo:rustc-env=WEB_DIGEST={:016x}", hash.finish());
    Ok(())
}

fn read(folder: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        match path.is_dir() {
            true => read(&path, files)?,
            false => _ = files.insert(path.clone(), fs::read(path)?),
        }
    }
    Ok(())
}
