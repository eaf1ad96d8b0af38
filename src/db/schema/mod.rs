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
diesel::joinable!(item -> unit (unit_id));
diesel::joinable!(product -> account (account_id));
diesel::joinable!(product -> category (category_id));
diesel::allow_tables_to_appear_in_same_query!(item, unit);
diesel::allow_tables_to_appear_in_same_query!(product, account, category, party);
