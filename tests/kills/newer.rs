//! A newer version of an agreement: the job that tells the partners dies again and again, and each gets one mail.

use serde_json::json;

use crate::partners::partners;
use crate::portal::twice;

#[test]
fn newer_versions_are_told() {
    twice(4, |portal| {
        let made = portal.in_peace(partners);
        let who = made.distributor.clone();
        let path = format!("agreements/{}/versions", made.program);
        let version = json!({ "document_type": "text", "text": "# More", "active": true });
        portal.hand_over("contracts.newer.told:1", &who, &path, version.into());
        portal.jobs_die(&["contracts.newer.told:1", "contracts.newer.told:2", "jobs.before-end@contracts.newer"]);
        let under = "select count(*) as n from contract c join agreement g on g.id = c.agreement_id \
                     where g.kind = 'program' and c.status = 'active' and c.version < g.active_version";
        let behind = portal.database().number(under);
        assert!(behind > 0, "nobody was to be told");
        let mails = "select count(*) as n from job where dedupe like 'mail:contract.newer:%'";
        assert_eq!(portal.database().number(mails), behind, "one mail for each partner's one person");
    });
}
