//! Invitations by spreadsheet: the jobs that check and invite die again and again, and every partner is invited once.

use reqwest::Method;
use serde_json::{Value, json};

use crate::partners::{partners, text};
use crate::portal::{Body, twice};

/// More than are checked in one transaction.
const MANY: usize = 130;

fn sheet(prefix: &str, rows: usize, address: bool) -> Body {
    let mut lines = "Partner,E-mail\n".to_owned();
    for n in 0..rows {
        let address = if address { format!("{prefix}{n}@invited.example") } else { String::new() };
        lines.push_str(&format!("{prefix} {n},{address}\n"));
    }
    Body::File(Value::Null, "file", "partners.csv", lines.into_bytes())
}

#[test]
fn invitations_by_spreadsheet() {
    twice(14, |portal| {
        let made = portal.in_peace(partners);
        let who = made.distributor.clone();
        let path = format!("agreements/{}/invitations", made.program);

        // A small one, with mails.
        let upload = "contracts.upload_batch.before-commit";
        let small = portal.write(upload, &who, Method::POST, &path, sheet("small", 3, true));
        let small = format!("invitations/{}", text(&small, "id"));
        let message = json!({ "message": "Welcome" });
        portal.post("contracts.start_batch.before-commit", &who, &format!("{small}/start"), message.clone());
        let seen = portal.get(&who, &small);
        assert_eq!((seen["status"].clone(), seen["rows"]["invited"].clone()), (json!("done"), json!(3)), "{seen:#}");
        for n in 0..3 {
            assert_eq!(portal.mail().all_to(&format!("small{n}@invited.example")).len(), 1, "one mail to each");
        }

        // A large one; its jobs die in what they do and at their end.
        portal.hand_over("contracts.check_batch.chunk:1", &who, &path, sheet("large", MANY, false));
        portal.jobs_die(&[
            "contracts.check_batch.chunk:1",
            "contracts.check_batch.chunk:2",
            "jobs.before-end@contracts.check_batch",
        ]);
        let large = format!("invitations/{}", text(&portal.get(&who, "invitations?eq(status,ready)"), "0.id"));
        let seen = portal.get(&who, &large);
        assert_eq!(
            (seen["rows"]["total"].clone(), seen["rows"]["ready"].clone()),
            (json!(MANY), json!(MANY)),
            "{seen:#}"
        );
        portal.hand_over("contracts.invite_batch.row:1", &who, &format!("{large}/start"), message.into());
        portal.jobs_die(&[
            "jobs.claimed@contracts.invite_batch",
            "contracts.invite_batch.row:2",
            "contracts.invite_batch.row:40",
            "contracts.invite_batch.row:1",
            "jobs.before-end@contracts.invite_batch",
        ]);
        let seen = portal.get(&who, &large);
        assert_eq!((seen["status"].clone(), seen["rows"]["invited"].clone()), (json!("done"), json!(MANY)), "{seen:#}");
        let twice = "select count(*) as n from (select a.name from contract c join account a on a.id = c.owner_id \
                     where a.name like 'large %' group by a.name having count(*) > 1) twice";
        assert_eq!(portal.database().number(twice), 0);
        let all =
            "select count(*) as n from contract c join account a on a.id = c.owner_id where a.name like 'large %'";
        assert_eq!(portal.database().number(all), i64::try_from(MANY).unwrap());
    });
}
