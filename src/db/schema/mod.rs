//! The tables, one file per migration. Written by hand to fit both databases.

mod accounts;
mod contracts;
mod foundation;
mod orders;
mod products;
mod usage;

pub use accounts::*;
pub use contracts::*;
pub use foundation::*;
pub use orders::*;
pub use products::*;
pub use usage::*;

// Joins that stores write with diesel; lists are compiled from RQL and need none.
diesel::joinable!(membership -> account (account_id));
diesel::joinable!(membership -> person (user_id));
diesel::joinable!(group_member -> user_group (group_id));
diesel::joinable!(group_permission -> user_group (group_id));
diesel::allow_tables_to_appear_in_same_query!(membership, account, person);
diesel::allow_tables_to_appear_in_same_query!(group_member, user_group, group_permission);

diesel::joinable!(hub -> account (account_id));
diesel::joinable!(marketplace -> account (account_id));
diesel::joinable!(marketplace_hub -> hub (hub_id));
diesel::allow_tables_to_appear_in_same_query!(hub, account, party);
diesel::allow_tables_to_appear_in_same_query!(marketplace, account);
diesel::allow_tables_to_appear_in_same_query!(marketplace, party);
diesel::allow_tables_to_appear_in_same_query!(marketplace_hub, hub);
diesel::allow_tables_to_appear_in_same_query!(marketplace_hub, party);

diesel::joinable!(agreement -> account (account_id));
diesel::joinable!(contract -> agreement (agreement_id));
diesel::allow_tables_to_appear_in_same_query!(agreement, account);
diesel::allow_tables_to_appear_in_same_query!(contract, agreement, party);
diesel::allow_tables_to_appear_in_same_query!(marketplace, marketplace_hub);
