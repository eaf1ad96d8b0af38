//! Two people of a distributor decide on its contracts, if it wants that.

use causeway::kit::{Level, Module, Role};
use serde_json::json;

use super::world::{World, refused};
use crate::support::client::Client;
use crate::support::companies::Company;

struct Two {
    world: World,
    boss: Client,
    deputy: Client,
    vendor: Company,
    agreement: String,
}

/// A distributor with two people who decide, and a vendor under its program.
fn two() -> Two {
    let world = World::new();
    let boss = world.distributor.browser(&world.server);
    let security = world.distributor.id.to_string() + "/account/security";
    let page = boss.open(&format!("/{security}"));
    let alone = boss.submit(page.form_with("Save the rule for contracts").set("two_people", "two")).expect(422);
    alone.must_say("Fewer than two people");
    let deputy = world.distributor.colleague(&world.server, "Deputy", &[(Module::Partners, Level::Manage)]);
    let page = boss.open(&format!("/{security}"));
    let saved = boss.submit(page.form_with("Save the rule for contracts").set("two_people", "two")).expect(200);
    saved.must_say("The rule for contracts was saved");
    let deputy = deputy.browser;
    let program = world.agreement("program");
    let agreement = world.distribution(&program, &world.marketplace("Nordics"), false);
    let (vendor, _) = world.partner(&program, "Maker");
    Two { world, boss, deputy, vendor, agreement }
}

impl Two {
    fn enrolled(&self) -> String {
        let path = format!("agreements/{}/contracts", self.agreement);
        let made = self.vendor.api(&self.world.server).post(&path, &json!({})).expect(201).json();
        made["id"].as_str().expect("an id").to_owned()
    }

    fn at(&self, contract: &str) -> String {
        format!("/{}/contracts/{contract}", self.world.distributor.id)
    }

    fn status(&self, contract: &str) -> String {
        self.world.status(&self.world.distributor, contract)
    }
}

#[test]
fn a_second_person_confirms_what_the_first_decides() {
    let two = two();
    let contract = two.enrolled();
    let page = two.boss.open(&two.at(&contract));
    let noted = two.boss.submit(page.form_with("Approve")).expect(200);
    noted.must_say("Somebody else of your company has to confirm it").must_say("It takes two people");
    assert_eq!(two.status(&contract), "pending");
    // The vendor sees nothing of it, and the colleague gets a mail.
    let vendor = two.vendor.api(&two.world.server);
    assert!(!vendor.get(&format!("contracts/{contract}")).expect(200).body().contains("proposal"));
    two.world.server.settle();
    let again = two.boss.submit(two.boss.open(&two.at(&contract)).form_with("Approve"));
    assert!(again.status == 422 && again.says("You asked for this yourself"), "{}", again.body());
    let page = two.deputy.open(&two.at(&contract));
    page.must_say("asks to approve this contract");
    two.deputy.submit(page.form_with("Approve")).expect(200).must_say("The contract is active");
    assert_eq!(two.status(&contract), "active");
    two.deputy.open(&two.at(&contract)).must_say("Asked for by");

    // Ending it takes two as well; the first one's reason stays.
    let page = two.deputy.open(&format!("{}/terminate", two.at(&contract)));
    two.deputy.submit(page.form_with("Terminate").set("note", "No sales")).expect(200).must_say("has to confirm");
    assert_eq!(two.status(&contract), "active");
    let page = two.boss.open(&two.at(&contract));
    page.must_say("Reason: No sales");
    let page = two.boss.open(&format!("{}/terminate", two.at(&contract)));
    two.boss.submit(page.form_with("Terminate")).expect(200).must_say("The contract was terminated");
    let ended = two.world.api().get(&format!("contracts/{contract}")).expect(200).json();
    assert_eq!((ended["status"].clone(), ended["termination_note"].clone()), (json!("terminated"), json!("No sales")));
}

#[test]
fn a_program_asks_and_never_confirms() {
    let two = two();
    let api = two.world.api();
    let contract = two.enrolled();
    let asked = api.post(&format!("contracts/{contract}/sign"), &json!({})).expect(200).json();
    assert_eq!((asked["status"].clone(), asked["proposal"]["verb"].clone()), (json!("pending"), json!("sign")));
    let other = two.world.distributor.api_with(&two.world.server, &[(Module::Partners, Level::Manage)]);
    assert!(
        refused(other.post(&format!("contracts/{contract}/sign"), &json!({})), 403).contains("a person has to confirm")
    );
    assert!(refused(api.post(&format!("contracts/{contract}/sign"), &json!({})), 400).contains("You asked for this"));
    assert_eq!(two.status(&contract), "pending");
    // Nor is it the first of the two: its token may be in the hands of whoever confirms.
    let page = two.boss.open(&two.at(&contract));
    page.must_say("Two people of your company have to");
    two.boss.submit(page.form_with("Approve")).expect(200).must_say("has to confirm it");
    assert_eq!(two.status(&contract), "pending");
    let page = two.deputy.open(&two.at(&contract));
    two.deputy.submit(page.form_with("Approve")).expect(200).must_say("The contract is active");
}

#[test]
fn a_wish_can_be_put_away_and_goes_with_any_other_decision() {
    let two = two();
    let contract = two.enrolled();
    two.boss.submit(two.boss.open(&two.at(&contract)).form_with("Approve")).expect(200);
    let page = two.deputy.open(&two.at(&contract));
    two.deputy.submit(page.form_with("Put it away")).expect(200).must_say("Nothing waits for a second person");
    // From the beginning: now the deputy asks, and the boss confirms.
    two.deputy
        .submit(two.deputy.open(&two.at(&contract)).form_with("Approve"))
        .expect(200)
        .must_say("It takes two people");
    // A rejection needs one person, and takes the wish away.
    let page = two.boss.open(&format!("{}/reject", two.at(&contract)));
    two.boss.submit(page.form_with("Reject")).expect(200).must_say("The contract was rejected");
    let left = two.world.server.database().number("select count(*) as n from contract where proposed_verb is not null");
    assert_eq!(left, 0);
    // Without the rule one person decides again, and every administrator is told.
    let page = two.boss.open(&format!("/{}/account/security", two.world.distributor.id));
    two.boss.submit(page.form_with("Save the rule for contracts").set("two_people", "one")).expect(200);
    let second = two.enrolled();
    two.boss
        .submit(two.boss.open(&two.at(&second)).form_with("Approve"))
        .expect(200)
        .must_say("The contract is active");
    two.world.server.settle();
    let told = two.world.server.mail().all_to(&two.world.distributor.email);
    assert_eq!(told.iter().filter(|m| m.subject.contains("who decides on contracts")).count(), 2);
}

#[test]
fn only_a_distributors_administrators_set_the_rule() {
    let two = two();
    let post = |client: &Client, account: &str| {
        client.send(reqwest::Method::POST, &format!("/{account}/account/security/contracts"), |r| {
            r.form(&[("two_people", "one")]).header("Sec-Fetch-Site", "same-origin")
        })
    };
    assert_eq!(post(&two.deputy, two.world.distributor.id.as_str()).status, 403);
    let vendor = Company::new(&two.world.server, "Elsewhere", Role::Vendor);
    assert_eq!(post(&vendor.browser(&two.world.server), vendor.id.as_str()).status, 422);
    let contract = two.enrolled();
    two.boss.submit(two.boss.open(&two.at(&contract)).form_with("Approve")).expect(200).must_say("It takes two people");
}
