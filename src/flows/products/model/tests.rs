//! The rules by table and by chance.

use proptest::prelude::*;

use super::*;
use crate::kit::{Amount, Events, ItemId, ParameterId, Problems, Quantity, TemplateId, Time};

fn said(problems: Problems) -> String {
    problems.done().err().map(|r| r.to_string()).unwrap_or_default()
}

fn draft(kind: ItemKind) -> ItemDraft {
    let unit = if kind == ItemKind::Ppu { "unith" } else { "licenses" };
    ItemDraft {
        mpn: "MPN-1".into(),
        name: "Seats".into(),
        description: "One for each user".into(),
        kind,
        period: Period::Monthly,
        commitment: 1,
        precision: Precision::Integer,
        unit: unit.into(),
        visible: true,
        external_id: None,
        parent: None,
    }
}

fn item(status: ItemStatus, draft: &ItemDraft) -> Item {
    Item {
        id: ItemId::parse("PRD-1-2-3-0001").unwrap(),
        mpn: draft.mpn.clone(),
        name: draft.name.clone(),
        description: draft.description.clone(),
        kind: draft.kind,
        period: draft.period,
        commitment: draft.commitment,
        precision: draft.precision,
        unit: Unit { id: draft.unit.clone(), title: "Licenses".into(), code: "unit".into() },
        status,
        dynamic: false,
        visible: draft.visible,
        external_id: None,
        position: 10_000,
        extra: ItemExtra::default(),
        events: Events::created(Time(0), None),
    }
}

fn with_ppu() -> Capabilities {
    Capabilities { ppu: Some(Ppu::new(UsageSchema::Quantity)), ..Capabilities::default() }
}

#[test]
fn products_go_their_way() {
    use ProductStatus::{Draft, EndOfSale, Published};
    let table = [
        (Draft, Verb::Save, Published),
        (Published, Verb::Save, Published),
        (Published, Verb::EndSale, EndOfSale),
        (EndOfSale, Verb::ResumeSale, Published),
        (Draft, Verb::Delete, Draft),
        (Draft, Verb::Edit, Draft),
        (Published, Verb::Edit, Published),
        (EndOfSale, Verb::Edit, EndOfSale),
    ];
    for status in ProductStatus::ALL {
        for verb in Verb::ALL {
            let wanted = table.iter().find(|(s, v, _)| s == status && v == verb).map(|row| row.2);
            assert_eq!(next(*status, *verb).ok(), wanted, "{status} {verb}");
        }
    }
}

#[test]
fn items_go_their_way() {
    use ItemStatus::{Draft, EndOfSale, Published};
    let table = [
        (Draft, ItemVerb::Delete, Draft),
        (Published, ItemVerb::EndSale, EndOfSale),
        (EndOfSale, ItemVerb::ResumeSale, Published),
    ];
    for status in ItemStatus::ALL {
        for verb in ItemVerb::ALL {
            let wanted = table.iter().find(|(s, v, _)| s == status && v == verb).map(|row| row.2);
            assert_eq!(item_after(*status, *verb).ok(), wanted, "{status} {verb}");
        }
    }
    let refusal = item_after(Published, ItemVerb::Delete).unwrap_err();
    assert_eq!((refusal.wire, refusal.to_string().as_str()), ("PRD_038", "Only draft Item can be deleted."));
}

#[test]
fn commitments_fit_their_period() {
    for (period, good, bad) in [
        (Period::Monthly, vec![1, 12, 24, 36, 48, 60, 72], vec![2, 6, 13, 84]),
        (Period::Yearly, vec![1, 2, 3, 4, 5, 6], vec![7, 12]),
        (Period::Years2, vec![1, 2, 4, 6], vec![3, 5, 8]),
        (Period::Years3, vec![1, 3, 6], vec![2, 4, 9]),
        (Period::Years4, vec![1], vec![4, 8]),
        (Period::OneTime, vec![1], vec![2]),
        (Period::Trial30, vec![1], vec![12]),
    ] {
        for (counts, fits) in [(good, true), (bad, false)] {
            for commitment in counts {
                let mut problems = Problems::default();
                let checked = ItemDraft { period, commitment, ..draft(ItemKind::Reservation) }.checked(
                    &mut problems,
                    None,
                    &Capabilities::default(),
                );
                assert_eq!(problems.none(), fits, "{period} {commitment}");
                assert!(!fits || period.commitments().contains(&checked.commitment), "{period} {commitment}");
            }
        }
    }
}

#[test]
fn the_two_kinds_of_items_have_their_own_rules() {
    let reservation = draft(ItemKind::Reservation);
    let ppu = draft(ItemKind::Ppu);
    for (draft, capabilities, words) in [
        (reservation.clone(), Capabilities::default(), ""),
        (ItemDraft { precision: Precision::Decimal2, ..reservation.clone() }, Capabilities::default(), "precision: "),
        (ItemDraft { mpn: " ".into(), ..reservation.clone() }, Capabilities::default(), "mpn: This field is required."),
        (ItemDraft { description: String::new(), ..reservation.clone() }, Capabilities::default(), "description: "),
        (ItemDraft { name: "x".repeat(256), ..reservation }, Capabilities::default(), "name: This is 256"),
        (ppu.clone(), Capabilities::default(), "type: Pay-as-you-go is off"),
        (ppu.clone(), with_ppu(), ""),
        (ItemDraft { precision: Precision::Decimal8, ..ppu.clone() }, with_ppu(), ""),
        (ItemDraft { period: Period::Yearly, ..ppu.clone() }, with_ppu(), "period: "),
        (ItemDraft { commitment: 12, ..ppu }, with_ppu(), "commitment: "),
    ] {
        let mut problems = Problems::default();
        let _ = draft.checked(&mut problems, None, &capabilities);
        let text = said(problems);
        assert!(text.starts_with(words) && text.is_empty() == words.is_empty(), "{words}: {text}");
    }
}

#[test]
fn a_published_item_keeps_what_it_is_charged_by() {
    let first = draft(ItemKind::Reservation);
    for (status, frozen) in [(ItemStatus::Draft, false), (ItemStatus::Published, true), (ItemStatus::EndOfSale, true)] {
        let now = item(status, &first);
        let words = ItemDraft {
            name: "Other".into(),
            mpn: "M2".into(),
            description: "D".into(),
            visible: false,
            ..first.clone()
        };
        let mut problems = Problems::default();
        let _ = words.checked(&mut problems, Some(&now), &Capabilities::default());
        assert_eq!(said(problems), "", "{status}");
        for change in [
            ItemDraft { period: Period::Yearly, ..first.clone() },
            ItemDraft { commitment: 12, ..first.clone() },
            ItemDraft { unit: "users".into(), ..first.clone() },
        ] {
            let mut problems = Problems::default();
            let _ = change.checked(&mut problems, Some(&now), &Capabilities::default());
            assert_eq!(problems.none(), !frozen, "{status}");
        }
    }
}

#[test]
fn quantities_fit_the_precision() {
    let whole = item(ItemStatus::Published, &draft(ItemKind::Reservation));
    let fine = Item { precision: Precision::Decimal2, kind: ItemKind::Ppu, ..whole.clone() };
    let of = |text: &str| Quantity::Of(Amount::parse(text).unwrap());
    assert!(whole.takes(of("5")) && !whole.takes(of("0.5")) && whole.takes(Quantity::Unlimited));
    assert!(fine.takes(of("1.25")) && !fine.takes(of("1.255")) && !fine.takes(Quantity::Unlimited));
}

#[test]
fn what_is_sold_is_the_version_in_todays_status() {
    let kept = item(ItemStatus::Published, &draft(ItemKind::Reservation));
    let renamed = Item { name: "New name".into(), status: ItemStatus::EndOfSale, ..kept.clone() };
    let unpublished = Item { id: ItemId::parse("PRD-1-2-3-0002").unwrap(), status: ItemStatus::Draft, ..kept.clone() };
    let reported = Item { id: ItemId::parse("PRD-1-2-3-0003").unwrap(), dynamic: true, ..kept.clone() };
    let sold = sold(vec![kept.clone()], vec![renamed, unpublished, reported.clone()]);
    assert_eq!(sold, vec![Item { status: ItemStatus::EndOfSale, ..kept }, reported]);
}

fn parameter(name: &str, id: &str) -> Parameter {
    Parameter {
        id: ParameterId::parse(id).unwrap(),
        name: name.into(),
        title: "Title".into(),
        description: String::new(),
        phase: Phase::Ordering,
        scope: Scope::Asset,
        kind: ParameterKind::Text,
        hint: String::new(),
        placeholder: String::new(),
        constraints: Constraints::default(),
        preset: None,
        position: 10_000,
        events: Events::default(),
    }
}

fn choice(value: &str, default: bool) -> Choice {
    Choice { value: value.into(), label: String::new(), default }
}

#[test]
fn parameters_keep_to_their_rules() {
    let base = ParameterDraft::of(&parameter("tenant", "PRM-1-2-3-0001"));
    let fulfillment = ParameterDraft { phase: Phase::Fulfillment, ..base.clone() };
    let with = |change: &dyn Fn(&mut ParameterDraft)| {
        let mut draft = base.clone();
        change(&mut draft);
        draft
    };
    let others = [parameter("other", "PRM-1-2-3-0002")];
    let depends = |name: &str, values: Vec<String>| Dependency {
        parameter: ParameterRef { id: String::new(), name: name.into() },
        values,
        required: Some(true),
        hidden: None,
        readonly: None,
    };
    for (draft, words) in [
        (base.clone(), ""),
        (with(&|d| d.name = "a b".into()), "name: The id a b may have"),
        (with(&|d| d.name = "other".into()), "name: The parameter PRM-1-2-3-0002 has this name"),
        (with(&|d| d.title = String::new()), "title: This field is required."),
        (with(&|d| d.scope = Scope::Product), "scope: A parameter of the phase ordering"),
        (with(&|d| d.scope = Scope::Tier1), "scope: Parameters of tier1 need"),
        (with(&|d| d.constraints.reconciliation = Some(true)), "constraints.reconciliation: Only a fulfillment"),
        (with(&|d| d.constraints.shared = Some(Shared::View)), "constraints.shared: "),
        (with(&|d| d.kind = ParameterKind::Choice), "constraints.choices: A parameter of the type choice"),
        (
            with(&|d| {
                (d.kind, d.constraints.choices) = (ParameterKind::Choice, vec![choice("a", true), choice("b", true)])
            }),
            "constraints.choices: More than one choice",
        ),
        (
            with(&|d| {
                (d.kind, d.constraints.choices) = (ParameterKind::Choice, vec![choice("a", false), choice("a", true)])
            }),
            "constraints.choices: The value a is there twice",
        ),
        (
            with(&|d| (d.constraints.min_length, d.constraints.max_length) = (Some(5), Some(4))),
            "constraints.min_length: ",
        ),
        (with(&|d| d.constraints.dependency = Some(depends("other", vec!["x".into()]))), ""),
        (with(&|d| d.constraints.dependency = Some(depends("other", vec![]))), "constraints.dependency: Give between"),
        (
            with(&|d| d.constraints.dependency = Some(depends("none", vec!["x".into()]))),
            "constraints.dependency: The product has no",
        ),
        (
            ParameterDraft {
                constraints: Constraints { reconciliation: Some(true), ..Constraints::default() },
                ..fulfillment
            },
            "",
        ),
    ] {
        let mut problems = Problems::default();
        let _ = draft.checked(&mut problems, None, &others, &Capabilities::default());
        let text = said(problems);
        assert!(text.starts_with(words) && text.is_empty() == words.is_empty(), "{words}: {text}");
    }
}

#[test]
fn a_parameter_keeps_its_kind_and_drops_what_is_not_of_it() {
    let now = parameter("tenant", "PRM-1-2-3-0001");
    for change in [
        ParameterDraft { kind: ParameterKind::Email, ..ParameterDraft::of(&now) },
        ParameterDraft { phase: Phase::Fulfillment, ..ParameterDraft::of(&now) },
    ] {
        let mut problems = Problems::default();
        let _ = change.checked(&mut problems, Some(&now), &[], &Capabilities::default());
        assert!(said(problems).contains("This cannot change after a parameter was made."));
    }
    let odd = ParameterDraft {
        constraints: Constraints { choices: vec![choice("a", false)], ..Constraints::default() },
        preset: Some(Preset::Country { country: "de".into() }),
        ..ParameterDraft::of(&now)
    };
    let mut problems = Problems::default();
    let kept = odd.checked(&mut problems, Some(&now), &[], &Capabilities::default());
    assert!(problems.none() && kept.constraints.choices.is_empty() && kept.preset.is_none());
    let phone =
        ParameterDraft { kind: ParameterKind::Phone, preset: Some(Preset::Country { country: "de".into() }), ..kept };
    let kept = phone.checked(&mut problems, None, &[], &Capabilities::default());
    assert_eq!(kept.preset, Some(Preset::Country { country: "DE".into() }));
}

#[test]
fn only_some_templates_may_go() {
    let template = |id: &str, kind| Template {
        id: TemplateId::parse(id).unwrap(),
        name: "n".into(),
        title: "t".into(),
        body: "b".into(),
        scope: Scope::Asset,
        kind: Some(kind),
        position: 1,
        events: Events::default(),
    };
    let (pending, inquire) = (template("TL-1", TemplateKind::Pending), template("TL-2", TemplateKind::Inquire));
    let (one, two) = (template("TL-3", TemplateKind::Fulfillment), template("TL-4", TemplateKind::Fulfillment));
    let few = [pending.clone(), inquire.clone(), one.clone()];
    let all = [pending.clone(), inquire.clone(), one.clone(), two];
    assert!(may_delete(&pending, &all).is_err());
    assert!(may_delete(&inquire, &few).is_ok());
    assert!(may_delete(&one, &few).is_err());
    assert!(may_delete(&one, &all).is_ok());
}

#[test]
fn videos_are_where_videos_are() {
    for (url, good) in [
        ("https://youtu.be/abc", true),
        ("https://www.youtube.com/watch?v=abc", true),
        ("https://vimeo.com/123", true),
        ("http://vimeo.com/123", false),
        ("https://vimeo.com.evil.example/1", false),
        ("https://vimeo.com:8443/1", false),
        ("https://user@vimeo.com/1", false),
        ("javascript:alert(1)", false),
        ("", false),
    ] {
        let mut problems = Problems::default();
        MediumDraft { position: 1, kind: MediumKind::Video, url: Some(url.into()) }.check(&mut problems);
        assert_eq!(problems.none(), good, "{url}");
    }
    for (position, good) in [(0, false), (1, true), (8, true), (9, false)] {
        let mut problems = Problems::default();
        MediumDraft { position, kind: MediumKind::Image, url: None }.check(&mut problems);
        assert_eq!(problems.none(), good, "{position}");
    }
}

#[test]
fn a_version_needs_category_picture_and_item() {
    let category = |id: &str| Category {
        id: crate::kit::CategoryId::parse(id).unwrap(),
        name: "n".into(),
        parent: None,
        family: "FAM-000".into(),
    };
    let ready = |category: Option<Category>, media, items| ready(&needs(category.as_ref(), media, items));
    assert!(ready(Some(category("CAT-59128")), true, 1).is_ok());
    for (category, media, items, words) in [
        (None, true, 1, "category: "),
        (Some(category("CAT-75105")), true, 1, "category: "),
        (Some(category("CAT-59128")), false, 1, "media: "),
        (Some(category("CAT-59128")), true, 0, "items: "),
    ] {
        let refusal = ready(category, media, items).unwrap_err();
        assert!(refusal.to_string().starts_with(words), "{refusal}");
    }
}

#[test]
fn capabilities_that_are_used_stay() {
    let on = with_ppu();
    let tiers = |level| Capabilities {
        tiers: Tiers { configs: Some(TierConfigs::new(level)), ..Tiers::default() },
        ..Capabilities::default()
    };
    let off = Capabilities::default();
    for (now, next, used, good) in [
        (&on, &off, InUse { ppu_items: true, tier_level: 0 }, false),
        (&on, &off, InUse::default(), true),
        (&tiers(2), &tiers(1), InUse { ppu_items: false, tier_level: 2 }, false),
        (&tiers(2), &tiers(1), InUse { ppu_items: false, tier_level: 1 }, true),
        (&tiers(1), &off, InUse { ppu_items: false, tier_level: 1 }, false),
        (&tiers(1), &tiers(2), InUse { ppu_items: true, tier_level: 1 }, true),
    ] {
        let mut problems = Problems::default();
        check(&mut problems, now, next, used);
        assert_eq!(problems.none(), good, "{used:?}");
    }
}

fn values(name: &str) -> Option<String> {
    match name {
        "tenant_id" => Some("acme_01*<b>".into()),
        "activation_form_url" => Some("https://portal.example/f?a=1&b=(2)".into()),
        "script" => Some("javascript:alert(1)".into()),
        _ => None,
    }
}

#[test]
fn values_are_never_read_as_markup() {
    for (body, page) in [
        ("Tenant **{{ tenant_id }}**", "<p>Tenant <strong>acme_01*&lt;b&gt;</strong></p>\n"),
        ("`{{tenant_id}}`", "<p><code>acme_01*&lt;b&gt;</code></p>\n"),
        (
            "[Open]({{ activation_form_url }})",
            "<p><a href=\"https://portal.example/f?a=1&amp;b=(2)\" rel=\"noopener noreferrer\">Open</a></p>\n",
        ),
        ("[x]({{ script }})", "<p><a rel=\"noopener noreferrer\">x</a></p>\n"),
        (
            "<a href=\"{{ tenant_id }}\">x</a>",
            "<p><a href=\"acme_01*&lt;b&gt;\" rel=\"noopener noreferrer\">x</a></p>\n",
        ),
        ("<script>alert(1)</script>ok", "ok"),
        ("a {{ unknown }} b {{ not closed", "<p>a  b {{ not closed</p>\n"),
        ("{{ two words }}", "<p>{{ two words }}</p>\n"),
    ] {
        assert_eq!(html(body, values), page, "{body}");
    }
    for (body, text) in [
        ("Tenant {{ tenant_id }}.", "Tenant acme_01\\*\\<b\\>."),
        ("`{{ tenant_id }}`", "`acme_01*<b>`"),
        ("[Open]({{ activation_form_url }})", "[Open](https://portal.example/f?a=1&b=%282%29)"),
        ("# {{ unknown }}!", "# !"),
    ] {
        assert_eq!(plain(body, values), text, "{body}");
    }
    assert!(preview("Hi {{ name }}, [form]({{ form_url }})").contains("[name]"));
}

proptest! {
    /// Whatever a customer types for a parameter, a page shows it as it is and nothing else.
    #[test]
    fn any_value_stays_text(value in "\\PC{0,40}") {
        let page = html("before {{ v }} after", |_| Some(value.clone()));
        let shown = scraper::Html::parse_fragment(&page);
        let elements: Vec<&str> = shown.root_element().descendants().filter_map(|n| n.value().as_element()).map(|e| e.name()).collect();
        prop_assert_eq!(elements, vec!["html", "p"]);
        let text: String = shown.root_element().text().collect();
        prop_assert_eq!(text.trim_end(), format!("before {} after", value));
    }
    /// The Markdown for programs reads the same as the page.
    #[test]
    fn plain_text_reads_as_the_value(value in "[ -~]{0,30}") {
        let markdown = plain("before {{ v }} after", |_| Some(value.clone()));
        let again = html(&markdown, |_| None);
        let shown = scraper::Html::parse_fragment(&again);
        let text: String = shown.root_element().text().collect();
        // A place inside the value would be a place of the text; Markdown gathers spaces at line ends only.
        prop_assume!(!value.contains("{{") && !value.contains('&'));
        prop_assert_eq!(text.trim_end(), format!("before {} after", value));
    }
}
