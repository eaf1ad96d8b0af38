//! The program: what it is made of, and how it starts, serves and stops.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;
use url::Url;

use crate::config::Config;
use crate::db::{self, Db};
use crate::flows::accounts::actions::Calls;
use crate::kit::{Clock, Email, Time};
use crate::outside::dns::Dns;
use crate::outside::files::Files;
use crate::outside::http::Http;
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
    /// Calls servers whose addresses people typed.
    pub http: Http,
    /// Asks for records of domains.
    pub dns: Dns,
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
    /// How often tokens were used, until it is written.
    pub calls: Arc<Calls>,
    /// When this process began.
    pub started: Time,
}

impl Services {
    /// Says that there is something to be done: to every idle worker, because not each does every kind of work, and to the
    /// next one that looks for nothing else to do.
    pub fn wake_workers(&self) {
        self.wake.notify_waiters();
        self.wake.notify_one();
    }
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
    Ok(Db::open(&config.database(), clock.clone(), flows::react)?.foreseeing(flows::foresee).limited(config.limits))
}

fn make_folder(dir: &std::path::Path) -> Result<(), StartError> {
    std::fs::create_dir_all(dir)
        .and_then(|()| tempfile::tempfile_in(dir).map(drop))
        .map_err(|e| StartError(format!("The data folder {} cannot be written to: {e}.", dir.display())))
}

/// Opens and migrates everything that the settings name, without listening.
pub fn services(config: &Config, clock: Clock) -> Result<Services, StartError> {
    let public_url = public_url(config)?;
    check(config)?;
    make_folder(&config.data_dir)?;
    let db = open_database(config, &clock)?;
    for name in db::migrate::run(&db)? {
        tracing::info!(migration = %name, "migrated to {name}");
    }
    let secret = match &config.secret {
        Some(s) => s.clone(),
        None => db
            .write(db::settings::deployment_secret)
            .map_err(|e| StartError(format!("The deployment's secret could not be kept: {e}")))?,
    };
    let secret = Arc::new(secret);
    let db = db.sealing_with(secret.clone());
    let files = Files::open(&config.files()).map_err(|e| StartError(e.to_string()))?;
    let mail = Mailer::from_config(config.smtp_url.as_deref(), &config.data_dir.join("mail"))
        .map_err(|e| StartError(e.to_string()))?;
    Ok(Services {
        started: clock.now(),
        db,
        mail,
        files,
        http: Http::new(&config.outgoing_allow),
        dns: Dns { server: config.name_server },
        clock,
        config: Arc::new(config.clone()),
        secret,
        public_url: Arc::new(public_url),
        wake: Arc::new(Notify::new()),
        calls: Arc::default(),
    })
}

/// Refuses settings that would only show to be wrong when they are needed.
fn check(config: &Config) -> Result<(), StartError> {
    if config.secret.as_ref().is_some_and(|s| s.len() < 32) {
        let told =
            "CAUSEWAY_SECRET is shorter than 32 characters. Use a longer one, or none: then one is made and kept.";
        return Err(StartError(told.to_owned()));
    }
    if Email::parse(&config.mail_from).is_none() {
        let from = &config.mail_from;
        return Err(StartError(format!(
            "CAUSEWAY_MAIL_FROM is `{from}`, which is no e-mail address. Write one like portal@example.com."
        )));
    }
    Ok(())
}

/// Where people reach the portal: as it is set, otherwise the address that is listened on.
fn public_url(config: &Config) -> Result<Url, StartError> {
    let fallback = || format!("http://{}", config.bind);
    let text = config.public_url.as_ref().map_or_else(fallback, ToString::to_string);
    let url = Url::parse(&text).map_err(|e| StartError(format!("{text}: {e}")))?;
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    if !bare || !matches!(url.scheme(), "http" | "https") {
        return Err(StartError(format!(
            "CAUSEWAY_PUBLIC_URL is `{url}`. Write scheme and host alone, https://portal.example.com."
        )));
    }
    Ok(url)
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
        let mut tasks = vec![tokio::spawn(write_calls(self.services.clone(), stopped.clone()))];
        if workers {
            tasks.extend(jobs::start(self.services.clone(), flows::WORK, flows::SCHEDULES, 2, stopped));
        }
        let numbers = numbers(&self.services, self.numbers)?;
        let server = web::server(self.services.clone(), self.listener)?;
        started(server.handle());
        let ended = server.await;
        tracing::info!("stopping: the requests are answered, the jobs at hand end");
        if let Some(handle) = &numbers {
            handle.stop(true).await;
        }
        end(&stop, tasks).await;
        ended
    }
}

/// Does the jobs and nothing else, until the process is told to stop.
///
/// # Errors
/// The address of the numbers is taken, or signals cannot be heard.
pub async fn work(services: Services) -> Result<(), StartError> {
    let listener = services.config.metrics_bind.map(|address| bind(address, "--metrics-bind")).transpose()?;
    let fault = |e: std::io::Error| StartError(e.to_string());
    let numbers = numbers(&services, listener).map_err(fault)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(fault)?;
    let (stop, stopped) = watch::channel(false);
    let tasks = jobs::start(services, flows::WORK, flows::SCHEDULES, 2, stopped);
    tokio::select! {
        _ = terminate.recv() => {}
        heard = tokio::signal::ctrl_c() => heard.map_err(fault)?,
    }
    tracing::info!("stopping: the jobs at hand end");
    if let Some(handle) = &numbers {
        handle.stop(true).await;
    }
    end(&stop, tasks).await;
    Ok(())
}

/// How often what was counted of tokens' calls is written.
const WRITE_CALLS: Duration = Duration::from_secs(10);

/// Writes what was counted of tokens' calls, now and then, and once more after the last request.
async fn write_calls(services: Services, mut stop: watch::Receiver<bool>) {
    let (db, calls) = (services.db.for_workers(), services.calls);
    let mut stopping = false;
    while !stopping {
        stopping = tokio::select! {
            () = tokio::time::sleep(WRITE_CALLS) => false,
            _ = stop.changed() => true,
        };
        let (db, calls) = (db.clone(), calls.clone());
        match tokio::task::spawn_blocking(move || calls.write(&db)).await {
            Ok(Ok(())) => {}
            Ok(Err(e)) => tracing::error!(error = %e, "what was counted of tokens' calls could not be written"),
            Err(e) => tracing::error!(error = %e, "what was counted of tokens' calls could not be written"),
        }
    }
}

/// Serves the numbers for Prometheus, if they have an address.
fn numbers(services: &Services, listener: Option<TcpListener>) -> std::io::Result<Option<ServerHandle>> {
    let Some(listener) = listener else { return Ok(None) };
    let server = web::metrics::server(services.clone(), listener)?;
    let handle = server.handle();
    actix_web::rt::spawn(server);
    Ok(Some(handle))
}

/// Tells the workers to stop and waits for the jobs at hand.
async fn end(stop: &watch::Sender<bool>, tasks: Vec<JoinHandle<()>>) {
    // Nobody is listening only if no worker was started.
    let _ = stop.send(true);
    for task in tasks {
        if let Err(e) = task.await {
            tracing::error!(error = %e, "a worker broke off");
        }
    }
}
