//! A ZIP file that is written from its beginning to its end, and taken away in pieces as it grows.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex, PoisonError},
};

use serde::Serialize;
use zip::{
    CompressionMethod, DateTime, ZipWriter,
    write::{SimpleFileOptions, StreamWriter},
};

use crate::domain::{data_export::PIECE_BYTES, timestamp::Timestamp};

/// What was written and not taken away yet.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A file that is being written. Writing into memory fails in no way.
pub(super) struct Archive {
    zip: ZipWriter<StreamWriter<Written>>,
    written: Written,
    options: SimpleFileOptions,
    /// Whether the list that is being written has something in it.
    has_items: bool,
}

const IN_MEMORY: &str = "writing into memory fails in no way";

impl Archive {
    /// One whose files are of this time.
    pub(super) fn new(now: Timestamp) -> Self {
        let written = Written::default();
        let time = jiff::Timestamp::from_microsecond(now.as_micros()).unwrap_or_default();
        let at = jiff::tz::Offset::UTC.to_datetime(time);
        let unsigned = |number: i8| number.unsigned_abs();
        let date = DateTime::from_date_and_time(
            at.year().unsigned_abs(),
            unsigned(at.month()),
            unsigned(at.day()),
            unsigned(at.hour()),
            unsigned(at.minute()),
            unsigned(at.second()),
        );
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .large_file(true)
            .last_modified_time(date.unwrap_or_default());
        Self { zip: ZipWriter::new_stream(written.clone()), written, options, has_items: false }
    }

    /// Begins the next file.
    pub(super) fn begin(&mut self, name: &str) {
        self.zip.start_file(name, self.options).expect(IN_MEMORY);
    }

    /// Goes on with it.
    pub(super) fn write(&mut self, bytes: &[u8]) {
        self.zip.write_all(bytes).expect(IN_MEMORY);
    }

    /// Begins a file that is a JSON array.
    pub(super) fn begin_list(&mut self, name: &str) {
        self.begin(name);
        self.has_items = false;
        self.write(b"[");
    }

    /// Writes its next item, in a line of its own.
    pub(super) fn write_item(&mut self, item: &impl Serialize) {
        self.write(if self.has_items { b",\n" } else { b"\n" });
        self.has_items = true;
        self.write(&serde_json::to_vec(item).expect("plain values are JSON"));
    }

    /// Ends it.
    pub(super) fn end_list(&mut self) {
        self.write(b"\n]\n");
    }

    /// The pieces that are full.
    pub(super) fn take_pieces(&mut self) -> Vec<Vec<u8>> {
        let mut written = self.written.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut pieces = Vec::new();
        while written.len() >= PIECE_BYTES {
            let rest = written.split_off(PIECE_BYTES);
            pieces.push(std::mem::replace(&mut *written, rest));
        }
        pieces
    }

    /// Ends the archive: what is left of it.
    pub(super) fn finish(self) -> Vec<u8> {
        self.zip.finish().expect(IN_MEMORY);
        std::mem::take(&mut *self.written.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
