//! The built program as a process of its own: for the command line, for crashes, for real clients.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// The built program, with none of this process's settings.
pub fn command(data_dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_causeway"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("CAUSEWAY_") {
            command.env_remove(name);
        }
    }
    command.env("CAUSEWAY_DATA_DIR", data_dir).env("CAUSEWAY_BIND", "127.0.0.1:0").stdin(Stdio::null());
    command
}

/// Runs a command to its end.
pub fn run(data_dir: &Path, arguments: &[&str]) -> Output {
    command(data_dir).args(arguments).output().expect("run causeway")
}

/// A serving process. It is killed when this is dropped.
pub struct Program {
    child: Child,
    base: String,
    said: Arc<Mutex<String>>,
}

impl Program {
    /// Starts `causeway` with these arguments and waits until it says where it serves: the first line on standard output
    /// with an address in it.
    pub fn start(data_dir: &Path, arguments: &[&str], change: impl FnOnce(&mut Command)) -> Self {
        let mut command = command(data_dir);
        command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        change(&mut command);
        let mut child = command.spawn().expect("start causeway");
        let said = Arc::new(Mutex::new(String::new()));
        collect(child.stderr.take().expect("its standard error"), Arc::clone(&said));

        let mut lines = BufReader::new(child.stdout.take().expect("its standard output"));
        let mut line = String::new();
        let base = loop {
            line.clear();
            if lines.read_line(&mut line).expect("read what causeway says") == 0 {
                let status = child.wait().expect("its end");
                panic!("causeway ended ({status}) before it served:\n{}", text(&said));
            }
            note(&said, &line);
            if let Some(base) = address(&line) {
                break base;
            }
        };
        collect(lines, Arc::clone(&said));
        Self { child, base, said }
    }

    /// `http://127.0.0.1:PORT`
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Everything it has written so far, both streams.
    pub fn said(&self) -> String {
        text(&self.said)
    }

    /// The number of the process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The highest amount of memory it has held, in bytes.
    pub fn peak_memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("its state");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("its memory");
        let kilobytes: u64 = line.trim().trim_end_matches(" kB").trim().parse().expect("a number");
        kilobytes * 1_024
    }

    /// Ends it at once, as a power cut would.
    pub fn kill(mut self) {
        self.child.kill().expect("kill causeway");
        self.child.wait().expect("its end");
    }

    /// Asks it to end and waits until it has.
    pub fn terminate(mut self) -> ExitStatus {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-TERM", &id]).status().expect("run kill");
        assert!(sent.success(), "send SIGTERM to {id}");
        self.child.wait().expect("its end")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Both fail if it has ended already, which is as well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `http://host:port` in a line.
fn address(line: &str) -> Option<String> {
    let start = line.find("http://")?;
    let host = line[start + 7..].split(|c: char| c.is_whitespace() || c == '/').next().filter(|h| h.contains(':'))?;
    Some(format!("http://{host}"))
}

/// Reads on, so that the process never waits for a full pipe.
fn collect(stream: impl Read + Send + 'static, said: Arc<Mutex<String>>) {
    thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            note(&said, &format!("{line}\n"));
        }
    });
}

fn note(said: &Mutex<String>, line: &str) {
    said.lock().unwrap_or_else(PoisonError::into_inner).push_str(line);
}

fn text(said: &Mutex<String>) -> String {
    said.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// A port that nobody has; not one of those that the system gives to others on its own.
pub fn free_port() -> u16 {
    (0..100)
        .map(|_| 10_000 + rand::random::<u16>() % 10_000)
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .expect("a free port")
}
