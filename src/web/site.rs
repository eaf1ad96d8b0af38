//! The site a request came to: host, scheme, brand. Resolved before the session, which is bound to its host.

use std::net::{IpAddr, SocketAddr};

use actix_web::dev::ServiceRequest;
use actix_web::http::header;
use actix_web::{HttpMessage as _, HttpRequest};
use tracing_actix_web::RequestId;

use super::layout::Page;
use crate::app::Services;
use crate::kit::Origin;

/// Where a request came to. Links are built from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Host with port, in lower case.
    pub host: String,
    /// Whether the person's browser uses HTTPS.
    pub https: bool,
    /// The address of the person, for logs and lock-outs.
    pub client: String,
    /// What the portal is called here.
    pub name: String,
}

impl Site {
    /// Reads the host. What a proxy says is believed only if its address is among the trusted ones.
    pub fn of(req: &ServiceRequest, services: &Services) -> Self {
        let peer = req.peer_addr().map(|a| a.ip().to_canonical());
        let proxies = &services.config.trusted_proxies;
        let trusted = peer.is_some_and(|p| is_among(proxies, p));
        // The last line of a header, which the nearest proxy has written: others may be the client's own.
        let text = |name: &str| req.headers().get_all(name).last().and_then(|v| v.to_str().ok()).map(str::trim);
        let forwarded = |name: &str| text(name).filter(|_| trusted);
        let own = services.public_url.authority();
        let host = forwarded("x-forwarded-host")
            .or_else(|| req.uri().authority().map(|a| a.as_str()))
            .or_else(|| text(header::HOST.as_str()))
            .filter(|h| plausible(h))
            .unwrap_or(own)
            .to_ascii_lowercase();
        let https = match forwarded("x-forwarded-proto") {
            Some(scheme) => scheme == "https",
            None => services.public_url.scheme() == "https" && host == own,
        };
        let chain = req.headers().get_all("x-forwarded-for").filter_map(|v| v.to_str().ok());
        let chain = if trusted { chain.collect::<Vec<_>>().join(",") } else { String::new() };
        let client = client(&chain, peer, proxies);
        Self { host, https, client, name: "Causeway".to_owned() }
    }

    /// Puts the brand's look on a page.
    pub fn dress(&self, page: &mut Page) {
        page.brand.name.clone_from(&self.name);
        page.brand.title.clone_from(&self.name);
    }

    /// Whose wrong secrets are counted together: the client's address, of IPv6 the network, which one client has whole.
    pub fn neighbourhood(&self) -> String {
        match self.client.parse() {
            Ok(std::net::IpAddr::V6(address)) if address.to_ipv4_mapped().is_none() => {
                let [a, b, c, d, ..] = address.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
            _ => self.client.clone(),
        }
    }

    /// Scheme and host, `https://portal.example.com`.
    pub fn origin(&self) -> String {
        format!("{}://{}", if self.https { "https" } else { "http" }, self.host)
    }

    /// An absolute link to a path on this site.
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.origin())
    }
}

fn is_among(proxies: &[IpAddr], address: IpAddr) -> bool {
    proxies.iter().any(|proxy| proxy.to_canonical() == address)
}

/// Who asks: the last address that the chain of trusted proxies has not written about itself. What stands before it may be
/// the client's own invention. Something there that is no address leaves the client unknown: no rule about addresses lets
/// it in.
fn client(chain: &str, peer: Option<IpAddr>, proxies: &[IpAddr]) -> String {
    let Some(mut nearest) = peer else { return String::new() };
    for told in chain.rsplit(',').map(str::trim).filter(|told| !told.is_empty()) {
        if !is_among(proxies, nearest) {
            break;
        }
        let with_port = || told.parse::<SocketAddr>().map(|a| a.ip());
        match told.parse::<IpAddr>().or_else(|_| with_port()) {
            Ok(address) => nearest = address.to_canonical(),
            Err(_) => return "unknown".to_owned(),
        }
    }
    nearest.to_string()
}

/// Where a request came from, for the audit.
pub fn came_from(req: &HttpRequest) -> Origin {
    let extensions = req.extensions();
    let address = extensions.get::<Site>().map(|site| site.client.as_str()).unwrap_or_default();
    let agent = req.headers().get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let request = extensions.get::<RequestId>().map(ToString::to_string).unwrap_or_default();
    Origin::new(address, agent, request)
}

fn plausible(host: &str) -> bool {
    !host.is_empty() && host.len() <= 255 && host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:[]_".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::client;

    #[test]
    fn the_client_is_who_the_trusted_proxies_say() {
        let at = |text: &str| text.parse().unwrap();
        let proxies = [at("10.0.0.1"), at("10.0.0.2")];
        for (chain, peer, found) in [
            ("", "203.0.113.7", "203.0.113.7"),
            ("", "10.0.0.1", "10.0.0.1"),
            ("203.0.113.7", "10.0.0.1", "203.0.113.7"),
            ("198.51.100.1, 203.0.113.7", "10.0.0.1", "203.0.113.7"),
            ("198.51.100.1,203.0.113.7,10.0.0.2", "10.0.0.1", "203.0.113.7"),
            ("::ffff:203.0.113.7", "10.0.0.1", "203.0.113.7"),
            ("203.0.113.7:4711", "10.0.0.1", "203.0.113.7"),
            ("[2001:db8::1]:4711", "10.0.0.1", "2001:db8::1"),
            ("198.51.100.1, garbage", "10.0.0.1", "unknown"),
            ("198.51.100.1", "203.0.113.7", "203.0.113.7"),
        ] {
            assert_eq!(client(chain, Some(at(peer)), &proxies), found, "{chain} by {peer}");
        }
        assert_eq!(client("198.51.100.1", None, &proxies), "");
    }
}
