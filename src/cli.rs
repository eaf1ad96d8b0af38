//! The command line.

use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::app::{self, App, StartError};
use crate::config::{Config, LogFormat};
use crate::db;
use crate::flows::accounts;
use crate::kit::{Clock, Email};

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
