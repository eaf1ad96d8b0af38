//! How one program is set up: flags and environment variables, secrets masked when printed.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use url::Url;

use crate::kit::Limits;
use crate::outside::http::Allowed;

/// After how many days everybody signs in again, if it is not set.
const SESSION_DAYS: u16 = 7;

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// One readable line per event.
    Text,
    /// One JSON object per event.
    Json,
}

/// Every setting. Each flag has an environment variable of the same meaning.
#[derive(Clone, Args)]
pub struct Config {
    /// Address and port to listen on.
    #[arg(long, env = "CAUSEWAY_BIND", default_value = "127.0.0.1:8080", global = true)]
    pub bind: SocketAddr,
    /// Folder for the database, files and mail.
    #[arg(long, env = "CAUSEWAY_DATA_DIR", default_value = "./data", global = true)]
    pub data_dir: PathBuf,
    /// `sqlite://PATH` or `postgres://USER@HOST/NAME`; a file in the data folder if absent.
    #[arg(long, env = "CAUSEWAY_DATABASE_URL", global = true, hide_env_values = true)]
    pub database_url: Option<String>,
    /// Where people reach the portal, `https://portal.example.com`; the address listened on if absent.
    #[arg(long, env = "CAUSEWAY_PUBLIC_URL", global = true)]
    pub public_url: Option<Url>,
    /// Where files are kept, `file://PATH`; the data folder if absent.
    #[arg(long, env = "CAUSEWAY_FILES_URL", global = true, hide_env_values = true)]
    pub files_url: Option<String>,
    /// Secret that links are signed with, at least 32 characters; made once and kept in the database if absent.
    #[arg(long, env = "CAUSEWAY_SECRET", global = true, hide_env_values = true)]
    pub secret: Option<String>,
    /// `smtp://USER:PASSWORD@HOST:PORT` or `smtps://…`; mail is written to the data folder if absent.
    #[arg(long, env = "CAUSEWAY_SMTP_URL", global = true, hide_env_values = true)]
    pub smtp_url: Option<String>,
    /// Sender of mail, an e-mail address.
    #[arg(long, env = "CAUSEWAY_MAIL_FROM", default_value = "no-reply@localhost", global = true)]
    pub mail_from: String,
    /// Second address, for `/metrics`; none if absent.
    #[arg(long, env = "CAUSEWAY_METRICS_BIND", global = true)]
    pub metrics_bind: Option<SocketAddr>,
    /// Addresses of reverse proxies whose `X-Forwarded-*` headers are believed, separated by commas.
    #[arg(long, env = "CAUSEWAY_TRUSTED_PROXIES", value_delimiter = ',', global = true)]
    pub trusted_proxies: Vec<std::net::IpAddr>,
    /// What to log: `error`, `warn`, `info`, `debug`, `trace`, or a filter such as `info,causeway::jobs=debug`.
    #[arg(long, env = "CAUSEWAY_LOG", default_value = "info", global = true)]
    pub log: String,
    /// How log lines look.
    #[arg(long, env = "CAUSEWAY_LOG_FORMAT", value_enum, default_value = "text", global = true)]
    pub log_format: LogFormat,
    /// How much there may be, where it is not as usual: `users=500,usage_rows=200000`.
    #[arg(long, env = "CAUSEWAY_LIMITS", default_value = "", hide_default_value = true, global = true)]
    pub limits: Limits,
    /// What may be called besides public addresses, separated by commas: networks, `10.1.0.0/16`, servers,
    /// `sso.example.com:8443`, and servers without TLS, `http://127.0.0.1:4000`.
    #[arg(long, env = "CAUSEWAY_OUTGOING_ALLOW", default_value = "", hide_default_value = true, global = true)]
    pub outgoing_allow: Allowed,
    /// Address and port of the name server that is asked for records of domains; those of the system if absent.
    #[arg(long, env = "CAUSEWAY_NAME_SERVER", global = true)]
    pub name_server: Option<SocketAddr>,
    /// Days after which everybody has to sign in again, however much they use the portal.
    #[arg(long, env = "CAUSEWAY_SESSION_DAYS", default_value_t = SESSION_DAYS, value_parser = clap::value_parser!(u16).range(1..=90), global = true)]
    pub session_days: u16,
    /// Tell in each answer how many statements it took.
    #[arg(skip)]
    pub count_statements: bool,
}

impl Config {
    /// Settings for a program that a test runs: any free port, everything in `dir`.
    pub fn in_folder(dir: impl Into<PathBuf>) -> Self {
        Self {
            bind: SocketAddr::from(([127, 0, 0, 1], 0)),
            data_dir: dir.into(),
            database_url: None,
            public_url: None,
            files_url: None,
            secret: None,
            smtp_url: None,
            mail_from: "no-reply@localhost".to_owned(),
            metrics_bind: None,
            trusted_proxies: vec![],
            log: "warn".to_owned(),
            log_format: LogFormat::Text,
            limits: Limits::default(),
            outgoing_allow: Allowed::default(),
            name_server: None,
            session_days: SESSION_DAYS,
            count_statements: true,
        }
    }

    /// The database's URL, given or in the data folder.
    pub fn database(&self) -> String {
        self.database_url.clone().unwrap_or_else(|| format!("sqlite://{}", self.data_dir.join("causeway.db").display()))
    }

    /// Where files are kept, given or in the data folder.
    pub fn files(&self) -> String {
        self.files_url.clone().unwrap_or_else(|| format!("file://{}", self.data_dir.join("files").display()))
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("bind", &self.bind)
            .field("data_dir", &self.data_dir)
            .field("database_url", &crate::db::masked(&self.database()))
            .field("public_url", &self.public_url.as_ref().map(Url::as_str))
            .field("files_url", &self.files_url.as_deref().map(crate::db::masked))
            .field("secret", &self.secret.as_ref().map(|_| "***"))
            .field("smtp_url", &self.smtp_url.as_deref().map(crate::db::masked))
            .field("metrics_bind", &self.metrics_bind)
            .field("trusted_proxies", &self.trusted_proxies)
            .field("log", &self.log)
            .field("limits", &self.limits)
            .field("outgoing_allow", &self.outgoing_allow)
            .field("name_server", &self.name_server)
            .field("session_days", &self.session_days)
            .finish_non_exhaustive()
    }
}
