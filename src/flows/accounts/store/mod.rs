//! Rows of companies, people, groups, tokens, rules about addresses and sessions.

/// SQL that gives the API's id of the module in a column, as [`crate::kit::Module::id`] has it.
macro_rules! module_id {
    ($column:literal) => {
        concat!(
            "case ",
            $column,
            " when 'account' then 'MD-0001' when 'products' then 'MD-0002' when 'listings' then 'MD-0003' \
              when 'marketplaces' then 'MD-0004' when 'partners' then 'MD-0005' when 'subscriptions' then 'MD-0006' \
              when 'integrations' then 'MD-0007' when 'customers' then 'MD-0008' when 'tier_configs' then 'MD-0009' \
              when 'usage' then 'MD-0010' when 'reports' then 'MD-0011' when 'helpdesk' then 'MD-0023' \
              when 'devops' then 'MD-0024' end"
        )
    };
}

/// SQL of the sessions that open a company to its members, given as `m`: a session that something of the person's own has opened, or
/// the word of the company's own provider; nothing but that one where the company wants its provider. As
/// [`super::model::sso::Ways::opens`] has it.
macro_rules! open_sessions {
    (joins) => {
        "join person sp on sp.id = s.user_id and sp.session_epoch = s.epoch \
         left join sso_domain sd on sd.account_id = m.account_id and sd.status = 'verified' and sd.idp_id is not null \
         and sp.email_folded like '%@' || sd.domain"
    };
    (on) => {
        "s.user_id = m.user_id and m.status = 'active' and (case when sd.idp_id is null then s.own \
         else s.vouched like '%,' || sd.idp_id || ',%' or (s.own and not sd.enforce) end)"
    };
}

mod addresses;
mod calls;
mod companies;
mod company;
mod everybody;
mod factors;
mod groups;
mod handles;
mod ip_rules;
mod people;
mod reading;
mod sessions;
mod signed_in;
mod signing;
mod sso;
mod sso_links;
mod tokens;

pub use addresses::*;
pub use calls::*;
pub use companies::*;
pub use company::*;
pub use everybody::*;
pub use factors::*;
pub use groups::*;
pub use handles::*;
pub use ip_rules::*;
pub use people::*;
pub use reading::*;
pub use sessions::*;
pub use signed_in::*;
pub use signing::*;
pub use sso::*;
pub use sso_links::*;
pub use tokens::*;
