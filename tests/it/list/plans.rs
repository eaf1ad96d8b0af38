//! That the everyday list is answered by one index.

use causeway::db::AnyConn;
use causeway::db::list::{self, Rules};
use causeway::rql;
use diesel::connection::SimpleConnection;

use super::world::{REQUESTS, on_empty_tables};

fn many_parties(conn: &mut AnyConn) {
    let number = match conn {
        AnyConn::Pg(_) => "select generate_series(1, 20000) as n",
        AnyConn::Sqlite(_) => {
            "with recursive series(n) as (select 1 union all select n + 1 from series where n < 20000) select n from series"
        }
    };
    conn.batch_execute(&format!(
        "insert into party select 'VA-1', 'request', 'PR-' || n, 'vendor',
            case when n % 4 = 0 then 'pending' else 'approved' end, n from ({number}) as numbers;
         analyze party;"
    ))
    .unwrap();
    if matches!(conn, AnyConn::Pg(_)) {
        // Tables this small would rather be read as a whole.
        conn.batch_execute("set local enable_seqscan = off; set local enable_bitmapscan = off").unwrap();
    }
}

#[test]
fn a_status_newest_first_is_one_index() {
    on_empty_tables(|conn| {
        many_parties(conn);
        for query in ["status=pending", "", "status=pending&ordering(created)"] {
            let query = rql::parse(query).unwrap();
            let steps = list::explain(conn, &REQUESTS, Some("VA-1"), &query, &Rules::PAGE).unwrap().join("\n");
            let index = if query.filter.is_some() { "party_by_status" } else { "party_by_created" };
            assert!(steps.contains(index), "{steps}");
            let sorts = ["TEMP B-TREE", "Sort"].iter().any(|word| steps.contains(word));
            let only_index = ["COVERING INDEX", "Index Only Scan"].iter().any(|word| steps.contains(word));
            assert!(only_index && !sorts, "{query}: {steps}");
        }
    });
}
