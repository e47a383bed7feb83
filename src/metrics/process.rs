//! What the kernel tells of this process, by the names that Prometheus' own libraries use. Elsewhere than on Linux there is
//! nothing.

use std::fs;

/// Ticks of the kernel's times in a second, the same on all architectures that we are built for.
const TICKS: f64 = 100.0;

/// One number: its name, its meaning, itself.
pub(super) struct Figure {
    pub name: &'static str,
    pub about: &'static str,
    pub value: f64,
}

/// All numbers that there are.
pub(super) fn figures() -> Vec<Figure> {
    let stat = Stat::read();
    let of_stat = |field: usize| stat.as_ref().and_then(|stat| stat.number(field));
    let cpu = of_stat(Stat::USER_TIME).zip(of_stat(Stat::SYSTEM_TIME)).map(|(user, system)| (user + system) / TICKS);
    let started = of_stat(Stat::STARTED).zip(boot_secs()).map(|(ticks, boot)| boot + ticks / TICKS);
    let all = [
        ("process_cpu_seconds_total", "Processor time used, in seconds.", cpu),
        ("process_resident_memory_bytes", "Memory in use, in bytes.", resident_bytes()),
        ("process_open_fds", "Open files and sockets.", open_files()),
        ("process_max_fds", "Files and sockets that may be open.", max_open_files()),
        ("process_threads", "Threads.", of_stat(Stat::THREADS)),
        ("process_start_time_seconds", "When the process was started, in seconds since 1970.", started),
    ];
    all.into_iter().filter_map(|(name, about, value)| Some(Figure { name, about, value: value? })).collect()
}

/// `/proc/self/stat` behind the program's name, which may hold anything.
struct Stat(String);

impl Stat {
    const USER_TIME: usize = 11;
    const SYSTEM_TIME: usize = 12;
    const THREADS: usize = 17;
    const STARTED: usize = 19;

    fn read() -> Option<Self> {
        let text = fs::read_to_string("/proc/self/stat").ok()?;
        text.rsplit_once(") ").map(|(_, rest)| Self(rest.to_owned()))
    }

    fn number(&self, field: usize) -> Option<f64> {
        self.0.split(' ').nth(field)?.parse().ok()
    }
}

/// The first number behind a word that a line of the file begins with.
fn number_behind(file: &str, word: &str) -> Option<f64> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(word))?;
    line.split_whitespace().next()?.parse().ok()
}

fn boot_secs() -> Option<f64> {
    number_behind("/proc/stat", "btime ")
}

fn resident_bytes() -> Option<f64> {
    number_behind("/proc/self/status", "VmRSS:").map(|kib| kib * 1_024.0)
}

fn max_open_files() -> Option<f64> {
    number_behind("/proc/self/limits", "Max open files")
}

fn open_files() -> Option<f64> {
    // without the folder itself, which is open while it is read
    fs::read_dir("/proc/self/fd").ok().map(|files| files.count().saturating_sub(1) as f64)
}
