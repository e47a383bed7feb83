//! Processor time that other processes used.

use std::fs;

/// Seconds of these processes until now; one that is gone counts nothing.
pub fn seconds(pids: &[u32]) -> f64 {
    pids.iter().filter_map(|pid| ticks(*pid)).sum::<u64>() as f64 / TICKS_PER_SECOND
}

/// Linux tells these times in hundredths whatever its own clock is.
const TICKS_PER_SECOND: f64 = 100.0;

/// `utime` and `stime` of all threads. They are counted behind the name, which may hold spaces and parentheses.
fn ticks(pid: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace().skip(11);
    Some(fields.next()?.parse::<u64>().ok()? + fields.next()?.parse::<u64>().ok()?)
}
