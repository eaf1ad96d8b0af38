//! Calls to servers whose addresses people typed: the one room for them.
//!
//! Whoever may type an address must not reach through us what only this machine reaches. So a call goes to public
//! addresses alone, and what is checked is the address that is connected to: a name that answers with another one at the
//! second time (DNS rebinding) gains nothing. Redirects are not followed, certificates are checked against those of the
//! system, an answer has a limit and a call has an end. `CAUSEWAY_OUTGOING_ALLOW` names what is allowed besides.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;
use tokio::sync::Semaphore;
use ureq::config::Config;
use ureq::http::{Request, Response, Uri};
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

use crate::kit::Text;

/// Most bytes of an answer.
const MOST_BYTES: u64 = 512 * 1024;
/// Calls that may be under way at once: each holds a thread, and anybody may begin a sign-in.
const MOST_CALLS: usize = 48;
/// How long a call may take altogether.
const LONGEST: Duration = Duration::from_secs(10);

/// What may be called besides public addresses: networks, `10.1.0.0/16`; servers, `sso.example.com:8443`; and servers without
/// TLS, `http://127.0.0.1:4000`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Allowed {
    networks: Vec<IpNet>,
    servers: Vec<String>,
    plain: Vec<String>,
}

impl FromStr for Allowed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut allowed = Self::default();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            if let Ok(network) = part.parse() {
                allowed.networks.push(network);
                continue;
            }
            let (plain, server) = part.strip_prefix("http://").map_or((false, part), |server| (true, server));
            let named = server.rsplit_once(':').filter(|(host, port)| {
                !host.is_empty() && !host.contains(['/', '@', '?', '#']) && port.parse::<u16>().is_ok_and(|p| p > 0)
            });
            if named.is_none() {
                return Err(format!("`{part}` is neither a network, 10.1.0.0/16, nor a server, sso.example.com:8443"));
            }
            allowed.servers.push(server.to_ascii_lowercase());
            if plain {
                allowed.plain.push(server.to_ascii_lowercase());
            }
        }
        Ok(allowed)
    }
}

impl Allowed {
    fn server(&self, server: &str) -> bool {
        self.servers.iter().any(|known| known == server)
    }

    fn address(&self, address: IpAddr) -> bool {
        is_public(address) || self.networks.iter().any(|network| network.contains(&address.to_canonical()))
    }
}

/// Whether an address is one of the public internet.
pub fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(v4: Ipv4Addr) -> bool {
    let [a, b, c, _] = v4.octets();
    !(a == 0
        || a >= 240
        || v4.is_loopback()
        || v4.is_private()
        || v4.is_link_local()
        || v4.is_multicast()
        || v4.is_documentation()
        // Shared by carriers, kept for protocols, relays of 6to4, measurements.
        || (a == 100 && b & 0b1100_0000 == 64)
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && b & 0b1111_1110 == 18))
}

fn is_public_v6(v6: Ipv6Addr) -> bool {
    let [a, b, ..] = v6.segments();
    // Only 2000::/3 is in use; within it Teredo and other protocols, documentation, and 6to4, which hides an IPv4 address.
    a & 0xe000 == 0x2000 && !(a == 0x2001 && (b < 0x0200 || b == 0x0db8)) && a != 0x2002 && !(a == 0x3fff && b < 0x1000)
}

/// Why a call brought nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct HttpError(Text);

impl HttpError {
    /// What a person is told.
    pub fn text(&self) -> &Text {
        &self.0
    }

    fn of(text: &'static str, server: &str) -> Self {
        Self(Text::new(text).arg("server", server))
    }
}

/// Looks names up and leaves out the addresses that may not be called.
#[derive(Debug)]
struct Guarded {
    allowed: Arc<Allowed>,
    names: DefaultResolver,
}

impl Resolver for Guarded {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.names.resolve(uri, config, timeout)?;
        let server = server_of(uri);
        let mut kept = self.empty();
        let may = |a: &&SocketAddr| self.allowed.server(&server) || self.allowed.address(a.ip());
        found.iter().filter(may).for_each(|address| kept.push(*address));
        if kept.is_empty() {
            return Err(ureq::Error::Io(io::Error::from(io::ErrorKind::PermissionDenied)));
        }
        Ok(kept)
    }
}

/// Host and port of an address, in lower case.
fn server_of(uri: &Uri) -> String {
    let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("http") { 80 } else { 443 });
    format!("{}:{port}", uri.host().unwrap_or_default().to_ascii_lowercase())
}

/// Calls servers. Cloning shares it.
#[derive(Clone)]
pub struct Http {
    allowed: Arc<Allowed>,
    agent: ureq::Agent,
    turns: Arc<Semaphore>,
}

impl Http {
    /// Calls what is public, and what is allowed besides.
    pub fn new(allowed: &Allowed) -> Self {
        let allowed = Arc::new(allowed.clone());
        // What cannot be read of the system's certificates is left out: then less is trusted, never more.
        let known = rustls_native_certs::load_native_certs().certs;
        let roots: Vec<Certificate<'static>> = known.iter().map(|c| Certificate::from_der(c).to_owned()).collect();
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::new_with_certs(&roots))
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .build();
        let config = Config::builder()
            .tls_config(tls)
            .proxy(None)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .timeout_global(Some(LONGEST))
            .user_agent("causeway")
            .build();
        let resolver = Guarded { allowed: allowed.clone(), names: DefaultResolver::default() };
        Self {
            agent: ureq::Agent::with_parts(config, DefaultConnector::default(), resolver),
            allowed,
            turns: Arc::new(Semaphore::new(MOST_CALLS)),
        }
    }

    /// Refuses an address that is never called: another scheme than HTTPS, a user in it, no host.
    ///
    /// # Errors
    /// A sentence for whoever typed it.
    pub fn check(&self, address: &str) -> Result<(), HttpError> {
        let uri = Uri::from_str(address).ok().filter(|uri| uri.host().is_some_and(|host| !host.is_empty()));
        let Some(uri) = uri else {
            return Err(HttpError::of("{server} is no address. Write one like https://login.example.com.", address));
        };
        let has_user = uri.authority().is_some_and(|a| a.as_str().contains('@'));
        let plain =
            uri.scheme_str() == Some("http") && self.allowed.plain.iter().any(|known| *known == server_of(&uri));
        if has_user || uri.scheme_str() != Some("https") && !plain {
            let text = "{server} is not called: only addresses that begin with https:// are. Write one like https://login.example.com.";
            return Err(HttpError::of(text, address));
        }
        Ok(())
    }

    /// Sends a request and reads the whole answer, whatever its status.
    ///
    /// # Errors
    /// The address may not be called, nobody answers in time, the certificate is not good, the answer is too large.
    pub fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, HttpError> {
        self.check(&request.uri().to_string())?;
        let server = server_of(request.uri());
        let turn = self.turns.try_acquire();
        let _turn = turn.map_err(|_| {
            HttpError::of("Too many calls are under way to ask {server} now. Try again in a minute.", &server)
        })?;
        let (parts, body) = request.into_parts();
        let answer = match body.is_empty() {
            true => self.agent.run(Request::from_parts(parts, ())),
            false => self.agent.run(Request::from_parts(parts, body)),
        };
        let read = answer.and_then(|answer| {
            let (parts, mut body) = answer.into_parts();
            Ok(Response::from_parts(parts, body.with_config().limit(MOST_BYTES).read_to_vec()?))
        });
        read.map_err(|error| {
            tracing::warn!(server = %server, error = %error, "a call to another server failed");
            explained(&error, &server)
        })
    }
}

fn explained(error: &ureq::Error, server: &str) -> HttpError {
    let text = match error {
        ureq::Error::Io(e) if e.kind() == io::ErrorKind::PermissionDenied => {
            "{server} is not called, because its address is not a public one. The operator of this portal can allow it: CAUSEWAY_OUTGOING_ALLOW."
        }
        ureq::Error::HostNotFound => "There is no server {server}. Check how it is written.",
        ureq::Error::Timeout(_) => "{server} did not answer in time. Try again in a minute.",
        ureq::Error::BodyExceedsLimit(_) => "{server} sent more than is read. Check the address.",
        ureq::Error::Rustls(_) | ureq::Error::Tls(_) => {
            "The certificate of {server} is not good: it is expired, is for another name, or nobody whom this machine trusts signed it."
        }
        ureq::Error::Io(e) if e.kind() == io::ErrorKind::InvalidData => {
            "The certificate of {server} is not good: it is expired, is for another name, or nobody whom this machine trusts signed it."
        }
        _ => "{server} could not be reached. Check the address and whether the server is up.",
    };
    HttpError::of(text, server)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_are_public() {
        for text in [
            "8.8.8.8",
            "100.63.255.255",
            "172.32.0.1",
            "198.20.0.1",
            "2606:4700::1111",
            "2001:4860::8888",
            "::ffff:8.8.8.8",
        ] {
            assert!(is_public(text.parse().unwrap()), "{text}");
        }
        for text in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.9.9.9",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.7",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!is_public(text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn what_is_allowed_besides_is_read_or_refused() {
        let allowed: Allowed = "10.1.0.0/16, SSO.example.com:8443 ,http://127.0.0.1:4000,fd00::/8".parse().unwrap();
        assert!(allowed.address("10.1.2.3".parse().unwrap()) && allowed.address("::ffff:10.1.2.3".parse().unwrap()));
        assert!(allowed.address("fd00::7".parse().unwrap()) && !allowed.address("10.2.0.1".parse().unwrap()));
        assert!(allowed.server("sso.example.com:8443") && allowed.server("127.0.0.1:4000"));
        assert!(!allowed.server("127.0.0.1:4001") && !allowed.plain.contains(&"sso.example.com:8443".to_owned()));
        for wrong in ["example.com", "https://a.example:1", "a.example:0", "a.example:70000", "a/b:1", ":80", "u@a:1"] {
            assert!(wrong.parse::<Allowed>().is_err(), "{wrong}");
        }
        assert_eq!("".parse::<Allowed>(), Ok(Allowed::default()));
    }

    #[test]
    fn an_address_is_refused_before_anybody_is_asked() {
        let http = Http::new(&"http://127.0.0.1:4000".parse().unwrap());
        for good in ["https://login.example.com", "https://login.example.com/realms/x", "http://127.0.0.1:4000/x"] {
            assert!(http.check(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "login.example.com",
            "http://login.example.com",
            "http://127.0.0.1:4001",
            "http://127.0.0.1",
            "file:///etc/passwd",
            "ftp://a.example",
            "https://user@login.example.com",
            "https://a:b@login.example.com",
            "gopher://x",
            "https://",
        ] {
            assert!(http.check(bad).is_err(), "{bad}");
        }
    }
}
