//! Where network addresses are, in words, as a file in MaxMind's format says; without one nobody is told.

use std::{
    net::IpAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use maxminddb::{MaxMindDbError, Reader};
use serde::Deserialize;

/// Why the file cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("GEOIP_FILE, {}: {cause}", path.display())]
pub struct PlacesError {
    path: PathBuf,
    cause: MaxMindDbError,
}

/// Characters of a name that are kept.
const NAME_MAX_CHARS: usize = 60;

/// The file, kept in memory.
#[derive(Clone)]
pub struct Places(Option<Arc<Reader<Vec<u8>>>>);

/// What the file says of a network, as far as it is asked.
#[derive(Deserialize)]
struct Found<'a> {
    #[serde(borrow)]
    city: Option<Named<'a>>,
    #[serde(borrow)]
    country: Option<Named<'a>>,
}

#[derive(Deserialize)]
struct Named<'a> {
    #[serde(borrow)]
    names: Option<Names<'a>>,
}

#[derive(Deserialize)]
struct Names<'a> {
    en: Option<&'a str>,
}

impl Named<'_> {
    fn name(self) -> Option<String> {
        let name = self.names?.en?;
        Some(name.chars().filter(|c| !c.is_control()).take(NAME_MAX_CHARS).collect())
    }
}

impl Places {
    /// As this file says it.
    pub fn open(file: Option<&Path>) -> Result<Self, PlacesError> {
        let open =
            |path: &Path| Reader::open_readfile(path).map_err(|cause| PlacesError { path: path.to_owned(), cause });
        Ok(Self(file.map(open).transpose()?.map(Arc::new)))
    }

    /// Where an address is, as in `Bergen, Norway`; nothing if that is not known.
    pub fn of(&self, address: IpAddr) -> Option<String> {
        let found: Found<'_> = self.0.as_ref()?.lookup(address).ok()?.decode().ok()??;
        let names = [found.city, found.country].into_iter().flatten().filter_map(Named::name);
        let names: Vec<String> = names.collect();
        (!names.is_empty()).then(|| names.join(", "))
    }
}
