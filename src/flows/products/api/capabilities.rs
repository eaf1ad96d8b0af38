//! Reading capabilities: a key that is absent stays as it is.

use serde_json::Value;

use crate::flows::products::model::{Capabilities, Offline, Ppu, Renewal, SWITCHES, TierConfigs, UsageSchema};
use crate::kit::{Problems, Text};
use crate::rest::Fields;

/// Applies what a body says about capabilities.
pub(super) fn apply(fields: &Fields, next: &mut Capabilities, problems: &mut Problems) {
    for name in ["subscription", "reservation", "cart", "inquiring", "tiers"] {
        fields.object(name, problems);
    }
    for switch in SWITCHES {
        if let Some((parent, name)) = inner(fields, switch.path)
            && let Some(on) = parent.flag(name, problems)
        {
            switch.set(next, on);
        }
    }
    ppu(fields, next, problems);
    tiers(fields, next, problems);
    if let Some(word) = inner_text(fields, "subscription.schema", problems) {
        match Renewal::parse(&word) {
            Some(schema) => next.subscription.schema = schema,
            None => unknown(fields, "subscription.schema", &word, Renewal::WORDS, problems),
        }
    }
    for (path, slot) in [
        ("subscription.suspend.offline", &mut next.subscription.suspend.offline),
        ("subscription.cancel.offline", &mut next.subscription.cancel.offline),
    ] {
        if let Some(word) = inner_text(fields, path, problems) {
            match Offline::parse(&word) {
                Some(offline) => *slot = offline,
                None => unknown(fields, path, &word, Offline::WORDS, problems),
            }
        }
    }
}

/// The object that holds the last name of a path. Objects on the way that are absent hold nothing.
fn inner<'p>(fields: &Fields, path: &'p str) -> Option<(Fields, &'p str)> {
    let mut here = fields.clone();
    let mut names = path.split('.').peekable();
    while let Some(name) = names.next() {
        if names.peek().is_none() {
            return Some((here, name));
        }
        here = here.object(name, &mut Problems::default())?;
    }
    None
}

fn inner_text(fields: &Fields, path: &str, problems: &mut Problems) -> Option<String> {
    let (parent, name) = inner(fields, path)?;
    parent.text(name, problems)
}

fn unknown(fields: &Fields, path: &str, word: &str, allowed: &[&str], problems: &mut Problems) {
    let text = Text::new("{word} is not one of: {allowed}. Use one of these.");
    problems.add(&fields.path(path), text.arg("word", word).arg("allowed", allowed.join(", ")));
}

fn ppu(fields: &Fields, next: &mut Capabilities, problems: &mut Problems) {
    if fields.is_null("ppu") {
        next.ppu = None;
    }
    let Some(given) = fields.object("ppu", problems) else { return };
    if given.flag("ppu", problems) == Some(false) {
        next.ppu = None;
        return;
    }
    let schema = given.text("schema", problems).and_then(|word| {
        let schema = UsageSchema::parse(&word);
        if schema.is_none() {
            unknown(&given, "schema", &word, UsageSchema::WORDS, problems);
        }
        schema
    });
    let mut ppu = match (next.ppu.take(), schema) {
        (Some(ppu), None) => ppu,
        (Some(ppu), Some(schema)) => Ppu { schema, ..ppu },
        (None, Some(schema)) => Ppu::new(schema),
        (None, None) => {
            if !given.has("schema") {
                let text = Text::new("Pay-as-you-go is off. Send the schema with it: QT, TR, PR or CR.");
                problems.add(&given.path("schema"), text);
            }
            return;
        }
    };
    for (name, slot) in [
        ("dynamic", &mut ppu.dynamic),
        ("future", &mut ppu.future),
        ("late", &mut ppu.late),
        ("predictive", &mut ppu.predictive),
    ] {
        if let Some(on) = given.flag(name, problems) {
            *slot = on;
        }
    }
    match given.value("required_custom_fields") {
        Some(Value::Array(names)) => {
            ppu.required_custom_fields = names.iter().filter_map(|n| n.as_str().map(str::to_owned)).collect();
        }
        Some(_) => problems.add(&given.path("required_custom_fields"), Text::new("This is not a list of names.")),
        None => {}
    }
    next.ppu = Some(ppu);
}

fn tiers(fields: &Fields, next: &mut Capabilities, problems: &mut Problems) {
    let Some(tiers) = fields.object("tiers", problems) else { return };
    if tiers.is_null("configs") {
        next.tiers.configs = None;
    }
    let Some(given) = tiers.object("configs", problems) else { return };
    if given.flag("configs", problems) == Some(false) {
        next.tiers.configs = None;
        return;
    }
    let level = given.whole("level", problems).and_then(|n| u8::try_from(n).ok()).filter(|n| (1..=2).contains(n));
    if given.value("level").is_some() && level.is_none() {
        problems.add(&given.path("level"), Text::new("The level is 1 or 2. Use one of them."));
        return;
    }
    let mut configs = next.tiers.configs.take().unwrap_or_else(|| TierConfigs::new(1));
    configs.level = level.unwrap_or(configs.level);
    for (path, slot) in [
        ("setup.inquiring_validation", &mut configs.setup.inquiring_validation),
        ("update.validation", &mut configs.update.validation),
        ("update.inquiring_validation", &mut configs.update.inquiring_validation),
    ] {
        if let Some((parent, name)) = inner(&given, path)
            && let Some(on) = parent.flag(name, problems)
        {
            *slot = on;
        }
    }
    next.tiers.configs = Some(configs);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(now: &Capabilities, body: &str) -> Result<Capabilities, String> {
        let fields = Fields::read(body.as_bytes()).unwrap();
        let mut next = now.clone();
        let mut problems = Problems::default();
        apply(&fields, &mut next, &mut problems);
        problems.done().map(|()| next).map_err(|r| r.to_string())
    }

    #[test]
    fn what_is_absent_stays() {
        let mut now = Capabilities { ppu: Some(Ppu::new(UsageSchema::PriceRated)), ..Capabilities::default() };
        now.subscription.hold = true;
        assert_eq!(applied(&now, "{}").unwrap(), now);
        let next =
            applied(&now, r#"{"ppu": {"late": true}, "subscription": {"change": {"validation": true}}}"#).unwrap();
        assert!(next.subscription.hold && next.subscription.change.validation);
        assert_eq!(next.ppu, Some(Ppu { late: true, ..Ppu::new(UsageSchema::PriceRated) }));
        assert_eq!(applied(&now, r#"{"ppu": null}"#).unwrap().ppu, None);
        assert_eq!(applied(&now, r#"{"ppu": {"ppu": false}}"#).unwrap().ppu, None);
    }

    #[test]
    fn the_whole_answer_may_be_sent_back() {
        let mut now = Capabilities { ppu: Some(Ppu::new(UsageSchema::Quantity)), ..Capabilities::default() };
        now.tiers.configs = Some(TierConfigs::new(2));
        for switch in SWITCHES {
            switch.set(&mut now, true);
            assert!(switch.on(&now));
        }
        let body = serde_json::to_string(&now).unwrap();
        assert_eq!(applied(&Capabilities::default(), &body).unwrap(), now);
        assert_eq!(applied(&now, &body).unwrap(), now);
    }

    #[test]
    fn every_switch_has_its_place_in_the_answer() {
        let answer = serde_json::to_value(Capabilities::default()).unwrap();
        for switch in SWITCHES {
            assert_eq!(
                answer.pointer(&format!("/{}", switch.path.replace('.', "/"))),
                Some(&Value::Bool(false)),
                "{}",
                switch.path
            );
        }
        for path in ["/ppu", "/tiers/configs"] {
            assert_eq!(answer.pointer(path), Some(&Value::Null), "{path}");
        }
    }

    #[test]
    fn levels_are_numbers_or_texts() {
        let now = Capabilities::default();
        for body in
            [r#"{"tiers": {"configs": {"level": 2}}}"#, r#"{"tiers": {"configs": {"level": "2", "configs": true}}}"#]
        {
            assert_eq!(applied(&now, body).unwrap().tiers.configs, Some(TierConfigs::new(2)), "{body}");
        }
        for (body, words) in [
            (r#"{"tiers": {"configs": {"level": 3}}}"#, "tiers.configs.level"),
            (r#"{"ppu": {"dynamic": true}}"#, "ppu.schema"),
            (r#"{"ppu": {"schema": "XX"}}"#, "ppu.schema"),
            (r#"{"subscription": true}"#, "subscription"),
            (r#"{"subscription": {"hold": "maybe"}}"#, "subscription.hold"),
            (r#"{"subscription": {"cancel": {"offline": "never"}}}"#, "subscription.cancel.offline"),
        ] {
            let said = applied(&now, body).unwrap_err();
            assert!(said.starts_with(words), "{body}: {said}");
        }
    }
}
