//! The command line.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::app::{self, App, StartError};
use crate::config::{Config, LogFormat};
use crate::db;
use crate::flows::{accounts, desk};
use crate::kit::{Clock, Email, Time};

/// Self-hosted portal for companies that sell through each other.
#[derive(Parser)]
#[command(version, about)]
struct Cli {
    #[command(flatten)]
    config: Config,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves portal, API and workers; migrates the database first if needed.
    Serve {
        /// Without workers: another process does the jobs.
        #[arg(long)]
        no_workers: bool,
    },
    /// Serves a demo world, made first if the database is empty; writes `demo.json` into the data folder.
    Demo {
        /// Everybody's password in the demo world; random if absent.
        #[arg(long)]
        password: Option<String>,
        /// Where the clock starts, as a date and time in UTC; it ticks from there.
        #[arg(long, env = "CAUSEWAY_NOW")]
        now: Option<String>,
    },
    /// Brings the database up to date.
    Migrate {
        /// Only says where it stands.
        #[arg(long)]
        status: bool,
    },
    /// Makes the first distributor and its administrator on an empty database.
    Init {
        /// Name of the company.
        #[arg(long)]
        account: String,
        /// Address of its administrator.
        #[arg(long)]
        email: String,
    },
    /// People who sign in.
    #[command(subcommand)]
    User(UserCommand),
    /// Prints the OpenAPI document.
    Openapi,
}

#[derive(Subcommand)]
enum UserCommand {
    /// Prints a one-time link by which a person sets a new password.
    ResetPassword {
        /// The person's address.
        email: String,
    },
}

/// Runs the command line of this process.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    match cli.act() {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            // Nothing can be done if even standard error is gone.
            let _ = writeln!(std::io::stderr(), "causeway: {e}");
            ExitCode::FAILURE
        }
    }
}

fn say(line: &str) -> Result<(), StartError> {
    writeln!(std::io::stdout(), "{line}").map_err(|e| StartError(format!("standard output: {e}")))
}

impl Cli {
    fn act(self) -> Result<(), StartError> {
        start_log(&self.config)?;
        match self.command {
            Command::Serve { no_workers } => serve(&self.config, !no_workers),
            Command::Demo { password, now } => demo(&self.config, password, now.as_deref()),
            Command::Migrate { status } => migrate(&self.config, status),
            Command::Init { account, email } => init(&self.config, &account, &email),
            Command::User(UserCommand::ResetPassword { email }) => reset_password(&self.config, &email),
            Command::Openapi => {
                let document = crate::rest::openapi::document(&crate::routes::api());
                say(&serde_json::to_string_pretty(&document).map_err(|e| StartError(e.to_string()))?)
            }
        }
    }
}

fn start_log(config: &Config) -> Result<(), StartError> {
    let filter = tracing_subscriber::EnvFilter::try_new(&config.log).map_err(|e| {
        StartError(format!(
            "The log level `{}` is not understood: {e}. Use error, warn, info, debug or trace.",
            config.log
        ))
    })?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let set = match config.log_format {
        LogFormat::Text => builder.with_target(false).try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
    set.map_err(|e| StartError(format!("logging: {e}")))
}

fn serve(config: &Config, workers: bool) -> Result<(), StartError> {
    let app = App::build(config, Clock::default())?;
    say(&format!("Causeway serves on {} and is reached at {}", app.address(), app.services().public_url))?;
    run_app(app, workers)
}

fn demo(config: &Config, password: Option<String>, now: Option<&str>) -> Result<(), StartError> {
    let clock = match now {
        None => Clock::default(),
        Some(text) => Clock::starting_at(Time::parse(text).ok_or_else(|| {
            StartError(format!("CAUSEWAY_NOW `{text}` is not a date and time. Write it as 2026-11-21T09:00:00Z."))
        })?),
    };
    let app = App::build(config, clock)?;
    // A short word of fixed kinds and random digits: it fulfils the rules for passwords.
    let password = password.unwrap_or_else(|| format!("Demo-{}", crate::kit::random_digits(&[4, 4])));
    if let Some(world) = desk::demo::create(app.services(), &password)? {
        write_private(&config.data_dir.join("demo.json"), &world)?;
    }
    let world = read_world(&config.data_dir.join("demo.json"))?;
    for account in world["accounts"].as_array().into_iter().flatten() {
        let (user, text) = (&account["users"][0], |v: &serde_json::Value| v.as_str().unwrap_or_default().to_owned());
        say(&format!(
            "{:<18} {:<12} {}{}  {}  {}",
            text(&account["name"]),
            text(&account["role"]),
            app.services().public_url,
            text(&account["id"]),
            text(&user["email"]),
            text(&user["password"])
        ))?;
    }
    say(&format!("Causeway serves on {} and is reached at {}", app.address(), app.services().public_url))?;
    run_app(app, true)
}

/// Writes a file that only its owner can read.
fn write_private(path: &Path, value: &serde_json::Value) -> Result<(), StartError> {
    use std::os::unix::fs::OpenOptionsExt;
    let fault = |e: &dyn std::fmt::Display| StartError(format!("{} cannot be written: {e}", path.display()));
    let text = serde_json::to_string_pretty(value).map_err(|e| fault(&e))?;
    let file = std::fs::OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(path);
    file.and_then(|mut f| f.write_all(text.as_bytes()).and_then(|()| f.sync_all())).map_err(|e| fault(&e))
}

/// What the demo world has; nothing if the database was not made by `causeway demo`.
fn read_world(path: &Path) -> Result<serde_json::Value, StartError> {
    match std::fs::read(path) {
        Ok(bytes) => {
            serde_json::from_slice(&bytes).map_err(|e| StartError(format!("{} cannot be read: {e}", path.display())))
        }
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(serde_json::Value::Null),
        Err(e) => Err(StartError(format!("{} cannot be read: {e}", path.display()))),
    }
}

/// Serves until the process is told to stop.
fn run_app(app: App, workers: bool) -> Result<(), StartError> {
    actix_web::rt::System::new().block_on(app.run(workers, drop)).map_err(|e| StartError(e.to_string()))
}

fn migrate(config: &Config, status_only: bool) -> Result<(), StartError> {
    let db = app::open_database(config, &Clock::default())?;
    if !status_only {
        for name in db::migrate::run(&db)? {
            say(&format!("migrated to {name}"))?;
        }
    }
    let status = db::migrate::status(&db)?;
    say(&format!("{} migrations applied, {} to apply", status.applied.len(), status.pending.len()))?;
    for name in &status.pending {
        say(&format!("  {name}"))?;
    }
    match status.unknown.last() {
        Some(newest) => {
            Err(StartError(format!("The database was written by a newer version of Causeway (migration {newest}).")))
        }
        None => Ok(()),
    }
}

fn init(config: &Config, account: &str, email: &str) -> Result<(), StartError> {
    let address = Email::parse(email).ok_or_else(|| {
        StartError(format!("`{email}` is not an e-mail address. Give one like ann@example.com with --email."))
    })?;
    let services = app::services(config, Clock::default())?;
    let (id, _, secret) = services
        .db
        .write(|tx| accounts::actions::first_company(tx, account, &address))
        .map_err(|e| StartError(e.to_string()))?;
    say(&format!("{account} is {id}. Its administrator sets a password here, once, within a week:"))?;
    say(&format!("{}set-password?secret={}", services.public_url, secret.reveal()))
}

fn reset_password(config: &Config, email: &str) -> Result<(), StartError> {
    let services = app::services(config, Clock::default())?;
    let secret = services
        .db
        .write(|tx| match accounts::actions::person_by_email(tx, email)? {
            Some(user) => accounts::actions::password_link(tx, &user).map(Some),
            None => Ok(None),
        })
        .map_err(|e| StartError(e.to_string()))?
        .ok_or_else(|| {
            StartError(format!("Nobody is registered with the address {email}. `causeway user list` shows who is."))
        })?;
    say(&format!("{}set-password?secret={}", services.public_url, secret.reveal()))
}
