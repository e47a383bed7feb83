//! The README's tour, run as printed.

use std::{
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

const README: &str = include_str!("../../README.md");

/// The blocks of code behind each `<!-- tour: NAME -->`.
fn blocks(name: &str) -> String {
    let marker = format!("<!-- tour: {name} -->\n```sh\n");
    README.split(&marker).skip(1).map(|rest| rest.split("```").next().unwrap()).collect::<Vec<_>>().join("\n")
}

/// A `cargo` that runs the binary under test: building it again is not what the tour is about.
fn shim(folder: &Path) {
    let path = folder.join("cargo");
    let binary = env!("CARGO_BIN_EXE_rejoinder");
    std::fs::write(&path, format!("#!/bin/sh\nshift 3\nexec {binary} \"$@\"\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

fn bash(folder: &Path, port: u16, script: &str) -> Command {
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
    let mut command = Command::new("bash");
    command.current_dir(folder).env("PATH", path).env("LISTEN", format!("127.0.0.1:{port}"));
    command.env_remove("DATABASE_URL").env_remove("DATA_DIR").stdin(Stdio::null());
    // the one thing that differs from what is printed: the port, which may be taken here
    command.arg("-euc").arg(script.replace("127.0.0.1:8080", &format!("127.0.0.1:{port}")));
    command
}

fn output(mut command: Command) -> Output {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output
}

/// Ended with the test, also when it fails.
struct Service(Child);

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[test]
fn the_tour_leads_from_sign_up_to_a_reply_by_a_blogs_server() {
    let folder = tempfile::tempdir().unwrap();
    shim(folder.path());
    let port = free_port();
    output(bash(folder.path(), port, &blocks("setup")));
    let mut serve = bash(folder.path(), port, &format!("exec {}", blocks("serve").trim()));
    let mut service = Service(serve.stderr(Stdio::null()).process_group(0).spawn().unwrap());
    let deadline = Instant::now() + Duration::from_secs(30);
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(service.0.try_wait().unwrap().is_none() && Instant::now() < deadline, "the service did not start");
        std::thread::yield_now();
    }
    let printed = output(bash(folder.path(), port, &blocks("curl")));
    let printed = String::from_utf8_lossy(&printed.stdout);
    assert!(printed.contains("\"replies\":0"), "the page is empty at first: {printed}");
    assert!(printed.contains("\"commentary_label\":\"KC's View\""), "the queue shows the story: {printed}");
    assert!(printed.contains("<strong>two</strong> litres"), "the page shows the reply at the end: {printed}");
    assert!(printed.contains("\"is_known\":true,\"replies\":1}]}"), "the count is 1: {printed}");
    let last = printed.lines().last().unwrap();
    assert!(last.contains("My kettle sings.") && last.contains("\"state\":\"pending\""), "Rae's reply waits: {last}");
}
