//! What is compiled in and is no Rust: a build begins anew where it changed, makes modules short, and names what browsers load
//! by a hash of all of it.

use std::{
    env, fs,
    hash::{DefaultHasher, Hash, Hasher},
    io,
    path::{Path, PathBuf},
};

use brotli::enc::BrotliEncoderParams;
use libdeflater::{CompressionLvl, Compressor};

/// The folders below `web/` that are served.
const SERVED: [&str; 4] = ["demo", "desk", "embed", "shared"];

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=migrations");
    let made = PathBuf::from(env::var_os("OUT_DIR").expect("Cargo says where")).join("web");
    // what is no longer there must not be compiled in
    if made.exists() {
        fs::remove_dir_all(&made)?;
    }
    // not against forgers: it tells one build's files from another's
    let mut hash = DefaultHasher::new();
    for folder in SERVED {
        let written = Path::new("web").join(folder);
        println!("cargo:rerun-if-changed={}", written.display());
        make(&written, &made.join(folder), &mut hash)?;
    }
    println!("cargo:rustc-env=WEB_DIGEST={:016x}", hash.finish());
    Ok(())
}

/// Copies a folder, with compressed forms; its modules without what only who reads them needs.
fn make(written: &Path, made: &Path, hash: &mut DefaultHasher) -> io::Result<()> {
    fs::create_dir_all(made)?;
    let mut paths = fs::read_dir(written)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    for path in paths {
        let to = made.join(path.file_name().expect("each entry has a name"));
        if path.is_dir() {
            make(&path, &to, hash)?;
            continue;
        }
        let mut bytes = fs::read(&path)?;
        if path.extension().is_some_and(|ending| ending == "js") {
            let text = String::from_utf8(bytes).map_err(io::Error::other)?;
            let short = minifier::js::minify(&text).map_err(|why| format!("{}: {why}", path.display()));
            bytes = short.map_err(io::Error::other)?.to_string().into_bytes();
        }
        (&path, &bytes).hash(hash);
        // a debug build reads the files where they are written
        if env::var_os("CARGO_CFG_DEBUG_ASSERTIONS").is_none() {
            compress(&to, &bytes)?;
            fs::write(to, bytes)?;
        }
    }
    Ok(())
}

/// Puts compressed forms beside a file, as short as they can be.
fn compress(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = |ending| {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        name
    };
    let mut gzip = Compressor::new(CompressionLvl::best());
    let mut encoded = vec![0; gzip.gzip_compress_bound(bytes.len())];
    let length = gzip.gzip_compress(bytes, &mut encoded).expect("it fits by the bound");
    fs::write(beside(".gz"), &encoded[..length])?;
    let parameters = BrotliEncoderParams { size_hint: bytes.len(), ..Default::default() };
    let mut encoded = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut encoded, &parameters)?;
    fs::write(beside(".br"), encoded)
}
