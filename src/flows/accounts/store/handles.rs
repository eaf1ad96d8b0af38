//! Handles of pending tokens.

use diesel::prelude::*;

use crate::db::schema::{account, token};
use crate::db::{Result, Tx};
use crate::flows::accounts::model::{AccountStatus, TokenStatus};
use crate::kit::{AccountId, Role, Secret, Time, TokenId};

/// A pending token whose handle somebody shows.
#[derive(Debug, Clone, Queryable)]
pub struct Handled {
    /// Which.
    pub id: TokenId,
    /// Whose.
    pub account: AccountId,
    /// What that company is called.
    pub account_name: String,
    /// What it is.
    pub role: Role,
}

/// The pending token of an active company behind a handle that works now.
pub fn by_handle(tx: &mut Tx<'_>, handle: &Secret) -> Result<Option<Handled>> {
    let at = tx.at();
    Ok(token::table
        .inner_join(account::table.on(account::id.eq(token::account_id)))
        .filter(token::handle_hash.eq(handle.hash()))
        .filter(token::status.eq(TokenStatus::Pending))
        .filter(token::handle_until.gt(at))
        .filter(token::expires_at.is_null().or(token::expires_at.gt(at)))
        .filter(account::status.eq(AccountStatus::Active))
        .select((token::id, account::id, account::name, account::role))
        .first(tx.conn())
        .optional()?)
}

/// Gives a token a handle that works until a moment, in place of one that it has; or takes it away.
pub fn set_handle(tx: &mut Tx<'_>, id: &TokenId, handle: Option<(&Secret, Time)>) -> Result<()> {
    let hash = handle.map(|(handle, _)| handle.hash());
    diesel::update(token::table.find(id))
        .set((token::handle_hash.eq(hash), token::handle_until.eq(handle.map(|(_, until)| until))))
        .execute(tx.conn())?;
    Ok(())
}
