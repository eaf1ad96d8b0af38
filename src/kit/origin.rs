//! Where a change came from.

/// Most characters kept of what a browser calls itself.
const AGENT_CHARS: usize = 255;

/// Where a request came from, as the audit keeps it beside what it changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Origin {
    /// The address of the client.
    pub address: String,
    /// What its browser or program calls itself.
    pub agent: String,
    /// The number of the request, under which the log speaks of it.
    pub request: String,
}

impl Origin {
    /// A request's origin; a long name of a browser is cut.
    pub fn new(address: &str, agent: &str, request: impl ToString) -> Self {
        let agent = agent.chars().take(AGENT_CHARS).collect();
        Self { address: address.to_owned(), agent, request: request.to_string() }
    }
}
