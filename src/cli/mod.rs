//! The command line.

mod accounts;
mod audit;
mod demo;
mod users;

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::app::{self, App, StartError};
use crate::config::{Config, LogFormat};
use crate::db;
use crate::kit::Clock;
use accounts::AccountCommand;
use audit::AuditCommand;
use demo::{Amounts, Birth};
use users::UserCommand;

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
    /// Does the jobs that `serve --no-workers` leaves: for several processes on one PostgreSQL.
    Work,
    /// Serves a demo world, made first if the database is empty; writes `demo.json` into the data folder.
    Demo(Birth),
    /// Fills a database with plausible data for measurements: the demo world, and as much more as is asked for.
    Load {
        #[command(flatten)]
        birth: Birth,
        #[command(flatten)]
        amounts: Amounts,
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
    /// Companies.
    #[command(subcommand)]
    Account(AccountCommand),
    /// The journal and its hash chain.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Makes an active distributor the account that runs the deployment; without one, says which it is.
    Operator {
        /// The account's id.
        account: Option<String>,
    },
    /// Prints the OpenAPI document.
    Openapi,
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
            Command::Work => work(&self.config),
            Command::Demo(birth) => demo::serve(&self.config, &birth),
            Command::Load { birth, amounts } => demo::load(&self.config, &birth, &amounts),
            Command::Migrate { status } => migrate(&self.config, status),
            Command::Init { account, email } => users::init(&self.config, &account, &email),
            Command::User(command) => users::act(&self.config, &command),
            Command::Account(command) => accounts::act(&self.config, &command),
            Command::Audit(command) => audit::act(&self.config, &command),
            Command::Operator { account } => users::operator(&self.config, account.as_deref()),
            Command::Openapi => {
                let document = crate::rest::openapi::document(&crate::routes::api());
                say(&serde_json::to_string_pretty(&document).map_err(|e| StartError(e.to_string()))?)
            }
        }
    }
}

fn start_log(config: &Config) -> Result<(), StartError> {
    // Its errors are what clients send wrong, which is no news; what we fail to send is logged where it is read.
    let quiet = "actix_http::h1::dispatcher=off";
    let filter = tracing_subscriber::EnvFilter::try_new(format!("{quiet},{}", config.log)).map_err(|e| {
        StartError(format!(
            "The log level `{}` is not understood: {e}. Use error, warn, info, debug or trace.",
            config.log
        ))
    })?;
    // Colours are for people at a terminal. If nobody reads the log any more, the program goes on without it.
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .log_internal_errors(false);
    let set = match config.log_format {
        LogFormat::Text => builder.with_target(false).try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
    set.map_err(|e| StartError(format!("logging: {e}")))
}

fn serve(config: &Config, workers: bool) -> Result<(), StartError> {
    run_app(App::build(config, Clock::default())?, workers)
}

/// Does jobs until the process is told to stop.
fn work(config: &Config) -> Result<(), StartError> {
    let services = app::services(config, Clock::default())?;
    say("Causeway does the jobs of its database; nothing is served")?;
    actix_web::rt::System::new().block_on(app::work(services))?;
    say("Causeway has stopped")
}

/// Serves until the process is told to stop.
fn run_app(app: App, workers: bool) -> Result<(), StartError> {
    say(&format!("Causeway serves on {} and is reached at {}", app.address(), app.services().public_url))?;
    if let Some(address) = app.metrics_address() {
        say(&format!("Numbers for Prometheus are on {address}/metrics"))?;
    }
    let ended = actix_web::rt::System::new().block_on(app.run(workers, drop));
    ended.map_err(|e| StartError(e.to_string()))?;
    say("Causeway has stopped")
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
