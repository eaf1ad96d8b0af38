//! The program: what it is made of, and how it starts, serves and stops.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use actix_web::dev::ServerHandle;
use tokio::sync::{Notify, watch};
use url::Url;

use crate::config::Config;
use crate::db::{self, Db};
use crate::kit::Clock;
use crate::outside::files::Files;
use crate::outside::mail::Mailer;
use crate::{flows, jobs, web};

/// What every handler and every job may use. Cloning shares it.
#[derive(Clone)]
pub struct Services {
    /// The database.
    pub db: Db,
    /// Sends mail.
    pub mail: Mailer,
    /// Keeps uploads, media and exports.
    pub files: Files,
    /// The time.
    pub clock: Clock,
    /// The settings.
    pub config: Arc<Config>,
    /// The deployment's secret, by which links are made.
    pub secret: Arc<String>,
    /// Where people reach the portal; without a slash at the end.
    pub public_url: Arc<Url>,
    /// Wakes the workers.
    pub wake: Arc<Notify>,
}

/// Why the program could not start: one line for the operator.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct StartError(pub String);

impl From<db::OpenError> for StartError {
    fn from(e: db::OpenError) -> Self {
        Self(e.0)
    }
}

/// A program that is bound to its address and ready to serve.
pub struct App {
    services: Services,
    listener: TcpListener,
    address: SocketAddr,
    numbers: Option<TcpListener>,
}

/// Opens the database of the settings, without migrating it.
pub fn open_database(config: &Config, clock: &Clock) -> Result<Db, StartError> {
    if !config.database().starts_with("postgres") {
        make_folder(&config.data_dir)?;
    }
    Ok(Db::open(&config.database(), clock.clone(), flows::react)?)
}

fn make_folder(dir: &std::path::Path) -> Result<(), StartError> {
    std::fs::create_dir_all(dir)
        .and_then(|()| tempfile::tempfile_in(dir).map(drop))
        .map_err(|e| StartError(format!("The data folder {} cannot be written to: {e}.", dir.display())))
}

/// Opens and migrates everything that the settings name, without listening.
pub fn services(config: &Config, clock: Clock) -> Result<Services, StartError> {
    make_folder(&config.data_dir)?;
    let db = open_database(config, &clock)?;
    for name in db::migrate::run(&db)? {
        tracing::info!(migration = %name, "migrated to {name}");
    }
    let secret = match &config.secret {
        Some(s) if s.len() < 32 => {
            return Err(StartError(
                "CAUSEWAY_SECRET is shorter than 32 characters. Use a longer one, or none: then one is made and kept."
                    .into(),
            ));
        }
        Some(s) => s.clone(),
        None => db
            .write(|tx| db::settings::get_or_make(tx, "secret", || crate::kit::Secret::generate().reveal().to_owned()))
            .map_err(|e| StartError(format!("The deployment's secret could not be kept: {e}")))?,
    };
    let files = Files::open(&config.files()).map_err(|e| StartError(e.to_string()))?;
    let mail = Mailer::from_config(config.smtp_url.as_deref(), &config.data_dir.join("mail"))
        .map_err(|e| StartError(e.to_string()))?;
    let fallback = format!("http://{}", config.bind);
    let public_url = match &config.public_url {
        Some(url) => url.clone(),
        None => Url::parse(&fallback).map_err(|e| StartError(format!("{fallback}: {e}")))?,
    };
    Ok(Services {
        db,
        mail,
        files,
        clock,
        config: Arc::new(config.clone()),
        secret: Arc::new(secret),
        public_url: Arc::new(public_url),
        wake: Arc::new(Notify::new()),
    })
}

fn bind(address: SocketAddr, option: &str) -> Result<TcpListener, StartError> {
    TcpListener::bind(address)
        .map_err(|e| StartError(format!("Cannot listen on {address}: {e}. Choose another address with {option}.")))
}

impl App {
    /// Opens and migrates everything and binds to the address.
    pub fn build(config: &Config, clock: Clock) -> Result<Self, StartError> {
        let listener = bind(config.bind, "--bind")?;
        let numbers = config.metrics_bind.map(|address| bind(address, "--metrics-bind")).transpose()?;
        let address = listener.local_addr().map_err(|e| StartError(e.to_string()))?;
        let mut services = services(config, clock)?;
        if config.public_url.is_none() {
            let own = format!("http://{address}");
            services.public_url = Arc::new(Url::parse(&own).map_err(|e| StartError(format!("{own}: {e}")))?);
        }
        Ok(Self { services, listener, address, numbers })
    }

    /// The address that is listened on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address at which Prometheus finds numbers, if there is one.
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.numbers.as_ref().and_then(|listener| listener.local_addr().ok())
    }

    /// What handlers and jobs use.
    pub fn services(&self) -> &Services {
        &self.services
    }

    /// Serves until the process is told to stop or the handle that `started` gets stops it; then ends the jobs at hand.
    pub async fn run(self, workers: bool, started: impl FnOnce(ServerHandle)) -> std::io::Result<()> {
        let (stop, stopped) = watch::channel(false);
        let tasks = if workers {
            jobs::start(self.services.clone(), flows::WORK, flows::SCHEDULES, 2, stopped)
        } else {
            vec![]
        };
        let numbers = match self.numbers {
            Some(listener) => Some(web::metrics::server(self.services.clone(), listener)?),
            None => None,
        };
        let numbers = numbers.map(|server| (server.handle(), actix_web::rt::spawn(server)));
        let server = web::server(self.services.clone(), self.listener)?;
        started(server.handle());
        let ended = server.await;
        tracing::info!("stopping: the requests are answered, the jobs at hand end");
        if let Some((handle, _)) = &numbers {
            handle.stop(true).await;
        }
        // Nobody is listening only if no worker was started.
        let _ = stop.send(true);
        for task in tasks {
            if let Err(e) = task.await {
                tracing::error!(error = %e, "a worker broke off");
            }
        }
        ended
    }
}
