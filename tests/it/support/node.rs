//! Programs of tests/providers that run beside a test: a certified OpenID provider, a name server.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value;

/// A running program, which is told things line by line and answers each.
pub struct Node {
    child: Child,
    told: ChildStdin,
    answers: BufReader<ChildStdout>,
    /// What it said when it was ready.
    pub ready: Value,
}

impl Node {
    /// Starts a program of tests/providers.
    pub fn start(name: &str) -> Self {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/providers");
        let missing = "tests/providers needs node and its packages: run `npm ci --prefix tests/providers`";
        assert!(std::path::Path::new(folder).join("node_modules").exists(), "{missing}");
        let mut child = Command::new("node")
            .arg(name)
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect(missing);
        let told = child.stdin.take().expect("its input");
        let answers = BufReader::new(child.stdout.take().expect("its output"));
        let mut node = Self { child, told, answers, ready: Value::Null };
        node.ready = node.answer();
        node
    }

    fn answer(&mut self) -> Value {
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("an answer");
        serde_json::from_str(&line).unwrap_or_else(|e| panic!("{line:?}: {e}"))
    }

    /// Tells it something, and waits until it has understood.
    pub fn tell(&mut self, what: &Value) {
        writeln!(self.told, "{what}").expect("tell it");
        self.answer();
    }

    /// A word that it said when it was ready.
    pub fn said(&self, name: &str) -> String {
        self.ready[name].as_str().expect("a text").to_owned()
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
