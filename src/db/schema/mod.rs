//! The tables, one file per migration. Written by hand to fit both databases.

mod accounts;
mod audit;
mod batches;
mod contracts;
mod export;
mod factors;
mod forms;
mod foundation;
mod orders;
mod people;
mod products;
mod sessions;
mod single_sign_on;
mod tokens;
mod usage;

pub use accounts::*;
pub use audit::*;
pub use batches::*;
pub use contracts::*;
pub use export::*;
pub use factors::*;
pub use forms::*;
pub use foundation::*;
pub use orders::*;
pub use people::*;
pub use products::*;
pub use sessions::*;
pub use single_sign_on::*;
pub use tokens::*;
pub use usage::*;

// Joins that stores write with diesel; lists are compiled from RQL and need none.
diesel::joinable!(membership -> account (account_id));
diesel::joinable!(membership -> person (user_id));
diesel::joinable!(group_member -> user_group (group_id));
diesel::joinable!(group_permission -> user_group (group_id));
diesel::allow_tables_to_appear_in_same_query!(
    membership,
    account,
    person,
    blocked_address,
    member_tag,
    group_member,
    user_group,
    group_permission,
    sso_link
);
diesel::allow_tables_to_appear_in_same_query!(session, person);
diesel::allow_tables_to_appear_in_same_query!(device, person);
diesel::joinable!(token_permission -> token (token_id));
diesel::joinable!(token_call -> token (token_id));
diesel::joinable!(token_call_sum -> token (token_id));
diesel::allow_tables_to_appear_in_same_query!(token, token_permission);
diesel::allow_tables_to_appear_in_same_query!(token, account);
diesel::allow_tables_to_appear_in_same_query!(token, token_call);
diesel::allow_tables_to_appear_in_same_query!(token, token_call_sum);
diesel::joinable!(item -> unit (unit_id));
diesel::joinable!(product -> account (account_id));
diesel::joinable!(product -> category (category_id));
diesel::joinable!(listing -> product (product_id));
diesel::joinable!(listing -> contract (contract_id));
diesel::joinable!(listing -> marketplace (marketplace_id));
diesel::joinable!(listing_request -> listing (listing_id));
diesel::joinable!(connection -> hub (hub_id));
diesel::joinable!(hub -> account (account_id));
diesel::joinable!(marketplace -> account (account_id));
diesel::joinable!(marketplace_hub -> hub (hub_id));
diesel::joinable!(agreement -> account (account_id));
diesel::joinable!(contract -> agreement (agreement_id));
diesel::joinable!(form -> account (account_id));
diesel::allow_tables_to_appear_in_same_query!(item, unit);
diesel::allow_tables_to_appear_in_same_query!(marketplace_hub, hub);
diesel::allow_tables_to_appear_in_same_query!(marketplace_hub, party);
diesel::allow_tables_to_appear_in_same_query!(
    product,
    account,
    category,
    party,
    listing,
    product_version,
    contract,
    marketplace,
    listing_request,
    connection,
    hub,
    agreement,
    form
);
diesel::joinable!(form_answer -> form (form_id));
diesel::allow_tables_to_appear_in_same_query!(form_answer, form);
diesel::joinable!(offer_row -> offer_batch (batch_id));
diesel::allow_tables_to_appear_in_same_query!(offer_row, offer_batch);
diesel::allow_tables_to_appear_in_same_query!(party, tier_account);
diesel::allow_tables_to_appear_in_same_query!(party, asset);
diesel::allow_tables_to_appear_in_same_query!(party, request);
diesel::allow_tables_to_appear_in_same_query!(asset_param, asset);
diesel::allow_tables_to_appear_in_same_query!(marketplace, marketplace_hub);
diesel::joinable!(event_reader -> event (event_id));
diesel::allow_tables_to_appear_in_same_query!(event_reader, event, account);
diesel::allow_tables_to_appear_in_same_query!(mail_log, job);
diesel::joinable!(sso_link -> person (user_id));
