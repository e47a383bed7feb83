//! Passwords for commands: typed without echo, or the first line of standard input. Never an argument, which others on
//! the machine could see.

use std::io::{BufRead, IsTerminal};

use super::Failure;

/// A line is a password of 256 characters at most.
const LINE_MAX_BYTES: u64 = 4_096;

/// Asks twice on a terminal, reads one line otherwise.
pub(super) fn read() -> Result<String, Failure> {
    if std::io::stdin().is_terminal() {
        let typed = rpassword::prompt_password("Password: ")?;
        return match rpassword::prompt_password("Once more: ")? == typed {
            true => Ok(typed),
            false => Err("the two passwords differ".into()),
        };
    }
    let mut line = String::new();
    std::io::Read::take(std::io::stdin().lock(), LINE_MAX_BYTES).read_line(&mut line)?;
    let line = line.strip_suffix('\n').unwrap_or(&line);
    match line.strip_suffix('\r').unwrap_or(line) {
        "" => Err("no password came from standard input".into()),
        password => Ok(password.to_owned()),
    }
}
