//! The demo world, and databases filled for measurements.

use std::io::Write;
use std::path::Path;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use super::{run_app, say};
use crate::app::{self, App, Services, StartError};
use crate::config::Config;
use crate::flows::desk::demo::{self, Load};
use crate::kit::{Clock, Time};

/// How the demo world begins.
#[derive(Args)]
pub(super) struct Birth {
    /// Everybody's password in the demo world; random if absent.
    #[arg(long)]
    password: Option<String>,
    /// Where the clock starts, as a date and time in UTC; it ticks from there.
    #[arg(long, env = "CAUSEWAY_NOW")]
    now: Option<String>,
}

/// How much more than the demo world.
#[derive(Args)]
pub(super) struct Amounts {
    /// Approved orders, each with its subscription.
    #[arg(long, default_value_t = 1_000)]
    orders: u32,
    /// Accepted usage records, in files of at most 50,000.
    #[arg(long, default_value_t = 0)]
    usage_records: u32,
    /// The same seed gives the same names, quantities and days; ids are always new.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl Birth {
    fn clock(&self) -> Result<Clock, StartError> {
        match self.now.as_deref() {
            None => Ok(Clock::default()),
            Some(text) => Time::parse(text).map(Clock::starting_at).ok_or_else(|| {
                StartError(format!("CAUSEWAY_NOW `{text}` is not a date and time. Write it as 2026-11-21T09:00:00Z."))
            }),
        }
    }

    /// Makes the demo world if the database is empty; gives what `demo.json` says about it, or nothing if something else
    /// is in the database.
    fn world(&self, services: &Services) -> Result<Option<Value>, StartError> {
        let path = services.config.data_dir.join("demo.json");
        // A short word of fixed kinds and random digits: it fulfils the rules for passwords.
        let password = self.password.clone().unwrap_or_else(|| format!("Demo-{}", crate::kit::random_digits(&[4, 4])));
        if let Some(world) = demo::create(services, &password)? {
            write_private(&path, &world)?;
            return Ok(Some(world));
        }
        let Some(mut world) = read_world(&path)? else { return Ok(None) };
        // It may be reached at another address than last time.
        world["base_url"] = json!(services.public_url.as_str().trim_end_matches('/'));
        write_private(&path, &world)?;
        Ok(Some(world))
    }
}

/// Serves the demo world.
pub(super) fn serve(config: &Config, birth: &Birth) -> Result<(), StartError> {
    let app = App::build(config, birth.clock()?)?;
    match birth.world(app.services())? {
        Some(world) => sign_ins(app.services(), &world)?,
        None => say(
            "There is data in the database that no finished demo has made; it is served as it is. For a new demo world \
             name a folder that is not there yet with --data-dir.",
        )?,
    }
    run_app(app, true)
}

/// Prints where each company's portal is, and how to sign in.
fn sign_ins(services: &Services, world: &Value) -> Result<(), StartError> {
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    for account in world["accounts"].as_array().into_iter().flatten() {
        let user = &account["users"][0];
        say(&format!(
            "{:<18} {:<12} {}{}  {:<30} {}",
            text(&account["name"]),
            text(&account["role"]),
            services.public_url,
            text(&account["id"]),
            text(&user["email"]),
            text(&user["password"])
        ))?;
    }
    Ok(())
}

/// Fills the database.
pub(super) fn load(config: &Config, birth: &Birth, amounts: &Amounts) -> Result<(), StartError> {
    let services = app::services(config, birth.clock()?)?;
    let Some(world) = birth.world(&services)? else {
        return Err(StartError(
            "`load` fills an empty database, or one that `demo` or `load` made with this data folder. This one has other data."
                .to_owned(),
        ));
    };
    let wish = Load { orders: amounts.orders, usage_records: amounts.usage_records, seed: amounts.seed };
    // Only a terminal sees it.
    let bar = ProgressBar::new(u64::from(wish.orders) + u64::from(wish.usage_records));
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos} of {len} {msg} {eta} left") {
        bar.set_style(style);
    }
    let done = demo::load(&services, &world, &wish, &|what, count| {
        bar.set_message(what);
        bar.inc(count);
    });
    bar.finish_and_clear();
    let loaded = done?;
    say(&format!("{} orders and {} usage records were loaded", loaded.orders, loaded.usage_records))
}

/// Writes a file that only its owner can read.
fn write_private(path: &Path, value: &Value) -> Result<(), StartError> {
    use std::os::unix::fs::OpenOptionsExt;
    let fault = |e: &dyn std::fmt::Display| StartError(format!("{} cannot be written: {e}", path.display()));
    let text = serde_json::to_string_pretty(value).map_err(|e| fault(&e))?;
    let file = std::fs::OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(path);
    file.and_then(|mut f| f.write_all(text.as_bytes()).and_then(|()| f.sync_all())).map_err(|e| fault(&e))
}

/// What the demo world has; nothing if the database was not made by `causeway demo`.
fn read_world(path: &Path) -> Result<Option<Value>, StartError> {
    let fault = |e: &dyn std::fmt::Display| StartError(format!("{} cannot be read: {e}", path.display()));
    match std::fs::read(path) {
        Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(|e| fault(&e)),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(fault(&e)),
    }
}
