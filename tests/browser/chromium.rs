//! Starting and ending Chromium: a driver process of our own, an empty profile, no way out of this machine.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tempfile::TempDir;
use thirtyfour::common::log::LoggingPrefsLogLevel;
use thirtyfour::extensions::query::ElementPollerWithTimeout;
use thirtyfour::prelude::*;
use tokio::runtime::Runtime;

use crate::support::wait::PATIENCE;

/// A running Chromium with its driver. Both end when this is dropped.
pub struct Chromium {
    runtime: Runtime,
    driver: Option<WebDriver>,
    process: Child,
    _profile: TempDir,
}

impl Chromium {
    /// Starts Debian's driver on a port it chooses, and Chromium through it.
    pub fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("start a runtime");
        let profile = tempfile::tempdir().expect("make an empty profile");
        let mut process = Command::new("chromedriver")
            .args(["--port=0", "--log-level=SEVERE"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|e| panic!("chromedriver did not start ({e}); install: chromium chromium-driver"));
        let port = port(&mut process);
        let arguments = arguments(&profile);
        let started = runtime.block_on(async {
            let mut wanted = DesiredCapabilities::chrome();
            for argument in &arguments {
                wanted.add_arg(argument)?;
            }
            wanted.set_browser_log_level(LoggingPrefsLogLevel::All)?;
            let driver = WebDriver::new(format!("http://127.0.0.1:{port}"), wanted).await?;
            driver.set_poller(Arc::new(ElementPollerWithTimeout::new(PATIENCE, Duration::from_millis(25))));
            Ok::<_, WebDriverError>(driver)
        });
        let mut chromium = Self { runtime, driver: None, process, _profile: profile };
        match started {
            Ok(driver) => chromium.driver = Some(driver),
            Err(problem) => panic!("Chromium did not start: {problem}"),
        }
        chromium
    }

    /// Does something with the driver and waits for it.
    pub fn wait<T>(&self, work: impl AsyncFnOnce(&WebDriver) -> WebDriverResult<T>) -> WebDriverResult<T> {
        let driver = self.driver.as_ref().expect("Chromium runs");
        self.runtime.block_on(work(driver))
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        if let Some(driver) = self.driver.take() {
            let _ = self.runtime.block_on(driver.quit());
        }
        // Chromium listens to its driver through a pipe: it ends with the driver, even if it did not answer.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn arguments(profile: &TempDir) -> Vec<String> {
    let mut arguments: Vec<String> = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-default-apps",
        "--disable-extensions",
        "--disable-sync",
        // Pictures are of pages, not of scroll bars.
        "--hide-scrollbars",
        "--force-color-profile=srgb",
        "--lang=en-US",
        "--no-proxy-server",
        "--remote-debugging-pipe",
        // A page that asks another host for anything does not get it; names under .example are this machine.
        "--host-resolver-rules=MAP *.example 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    ]
    .map(str::to_owned)
    .into();
    arguments.push(format!("--user-data-dir={}", profile.path().display()));
    arguments
}

/// The port that the driver says it has taken.
fn port(process: &mut Child) -> u16 {
    let mut lines = BufReader::new(process.stdout.take().expect("the driver's output")).lines();
    let said = lines.by_ref().map_while(Result::ok).find_map(|line| {
        let (_, port) = line.split_once("started successfully on port ")?;
        port.trim_end_matches('.').parse().ok()
    });
    // Read on, so that the driver never waits for a full pipe.
    thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
    said.expect("chromedriver names its port")
}
