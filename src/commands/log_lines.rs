//! Lines of the log: each event is one, whatever stands in it. Other programs' words and people's texts may hold line feeds, by
//! which somebody would write lines of his own.

use std::io::{self, Write};

/// Writes to something to which each line is handed over whole, as `tracing_subscriber` does.
#[derive(Clone, Copy, Debug)]
pub(super) struct OneLineEach<W>(pub(super) W);

impl<W: Write> Write for OneLineEach<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        if !text.iter().any(|byte| matches!(byte, b'\n' | b'\r')) {
            self.0.write_all(line)?;
            return Ok(line.len());
        }
        let mut whole = Vec::with_capacity(line.len() + 16);
        for byte in text {
            match byte {
                b'\n' => whole.extend(b"\\n"),
                b'\r' => whole.extend(b"\\r"),
                other => whole.push(*other),
            }
        }
        whole.extend(&line[text.len()..]);
        self.0.write_all(&whole)?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn whatever_prints_itself_makes_no_line_of_its_own() {
        let kept = Kept::default();
        let writer = kept.clone();
        let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || OneLineEach(writer.clone()));
        let forged = "none\r\n2026-11-27T10:00:00Z ERROR forged: event=\"role_granted\"\n\n";
        tracing::subscriber::with_default(subscriber.finish(), || {
            let span = tracing::info_span!("request", of = %forged, text = forged);
            let _inside = span.enter();
            tracing::info!(cause = %forged, debugged = ?forged, text = forged, "first {forged}");
            tracing::warn!("second");
        });
        let log = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
        let lines: Vec<&str> = log.lines().collect();
        assert_eq!(lines.len(), 2, "{log}");
        assert!(lines[0].contains(" INFO ") && lines[0].contains("first none") && lines[1].contains(" WARN "), "{log}");
        assert!(!log.contains('\r'));
    }
}
