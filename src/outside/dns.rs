//! Text records of domains, by which somebody shows that a domain is theirs.

use std::net::SocketAddr;
use std::time::Duration;

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolverConfig};
use hickory_resolver::net::NetError;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::RData;

/// How long a server of names may take; there are two tries.
const LONGEST: Duration = Duration::from_secs(3);

/// Asks for records. Cloning copies the settings.
#[derive(Debug, Clone, Default)]
pub struct Dns {
    /// The server that is asked; those of the system if there is none.
    pub server: Option<SocketAddr>,
}

/// No server of names could say anything: nothing is known about the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no server of names answered")]
pub struct NoAnswer;

impl Dns {
    /// The text records of a name; none if the name does not exist or has no such records. Blocks.
    ///
    /// # Errors
    /// Nobody answered, or the servers are out of order.
    pub fn texts(&self, name: &str) -> Result<Vec<String>, NoAnswer> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let found = runtime.map_err(|e| NetError::from(e.to_string())).and_then(|r| r.block_on(self.ask(name)));
        found.map_err(|error| {
            tracing::warn!(name = %name, error = %error, "text records of a domain could not be read");
            NoAnswer
        })
    }

    async fn ask(&self, name: &str) -> Result<Vec<String>, NetError> {
        let mut builder = match self.server {
            None => TokioResolver::builder_tokio()?,
            Some(server) => {
                let mut ways = vec![ConnectionConfig::udp(), ConnectionConfig::tcp()];
                ways.iter_mut().for_each(|way| way.port = server.port());
                let config = NameServerConfig::new(server.ip(), true, ways);
                let config = ResolverConfig::from_name_servers(vec![config]);
                TokioResolver::builder_with_config(config, TokioRuntimeProvider::default())
            }
        };
        let options = builder.options_mut();
        options.timeout = LONGEST;
        options.attempts = 2;
        // A dot at the end: no domain of this machine is appended.
        match builder.build()?.txt_lookup(format!("{name}.")).await {
            Ok(found) => Ok(found.answers().iter().filter_map(|record| text(&record.data)).collect()),
            Err(error) if error.is_no_records_found() => Ok(vec![]),
            Err(error) => Err(error),
        }
    }
}

/// A record's text, of which long ones come in pieces.
fn text(data: &RData) -> Option<String> {
    let RData::TXT(txt) = data else { return None };
    Some(String::from_utf8_lossy(&txt.txt_data.concat()).into_owned())
}
