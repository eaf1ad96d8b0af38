//! That an audit of many entries is answered from an index, whatever it is filtered by.

use causeway::db::list::{self, Rules};
use causeway::db::{AnyConn, Error};
use causeway::flows::audit::store::AUDIT;
use causeway::rql;
use diesel::connection::SimpleConnection;

use crate::foundation::store;

fn many_entries(conn: &mut AnyConn) {
    let (number, id) = match conn {
        AnyConn::Pg(_) => ("select generate_series(1, 30000) as n", "'EV-' || lpad(cast(n as text), 12, '0')"),
        AnyConn::Sqlite(_) => (
            "with recursive series(n) as (select 1 union all select n + 1 from series where n < 30000) select n from series",
            "'EV-' || printf('%012d', n)",
        ),
    };
    conn.batch_execute(&format!(
        "insert into event_reader (id, account_id, event_id, at, kind, object_id, verb, actor_id) \
         select {id}, case when n % 10 = 0 then 'VA-2' else 'VA-1' end, n, n, \
         case when n % 7 = 0 then 'contract' else 'request' end, 'PR-' || (n % 900), \
         case when n % 50 = 0 then 'request.rare' else 'request.often' end, 'UR-' || (n % 30) from ({number}) as numbers; \
         analyze event_reader;"
    ))
    .unwrap();
    if matches!(conn, AnyConn::Pg(_)) {
        // Tables this small would rather be read as a whole.
        conn.batch_execute("set local enable_seqscan = off; set local enable_bitmapscan = off").unwrap();
    }
}

#[test]
fn every_filter_of_the_audit_is_one_index() {
    let (_dir, _database, db) = store();
    let taken_back = db.write(|tx| -> causeway::db::Result<()> {
        many_entries(tx.conn());
        for (query, index) in [
            ("", "event_reader_by_at"),
            ("ge(at,1970-01-01)&lt(at,1970-01-02)", "event_reader_by_at"),
            ("eq(object.kind,contract)", "event_reader_by_kind"),
            ("eq(object.id,PR-5)", "event_reader_by_object"),
            ("eq(verb,request.rare)", "event_reader_by_verb"),
            ("eq(actor.id,UR-3)", "event_reader_by_actor"),
            ("eq(actor.id,UR-3)&ge(at,1970-01-01)", "event_reader_by_actor"),
        ] {
            let query = rql::parse(query).unwrap();
            let steps = list::explain(tx.conn(), &AUDIT, Some("VA-1"), &query, &Rules::PAGE)?.join("\n");
            assert!(steps.contains(index), "{query}: {steps}");
            let sorts = ["TEMP B-TREE", "Sort"].iter().any(|word| steps.contains(word));
            assert!(!sorts, "{query}: {steps}");
        }
        Err(Error::Outside("taken back".to_owned()))
    });
    assert!(taken_back.is_err());
}
