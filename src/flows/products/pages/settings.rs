//! What a product can do, as a form.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::super::actions;
use super::super::model::{Capabilities, Offline, Ppu, Product, Renewal, SWITCHES, Switch, TierConfigs, UsageSchema};
use super::general::switch;
use super::{form_page, here};
use crate::kit::Text;
use crate::web::error::Cause;
use crate::web::form::{Choice, Field, Form};
use crate::web::{Answer, Ctx, Error, Posted, explain};

fn words<T: PartialEq + Copy>(all: &[(T, &'static str, &'static str)], chosen: T) -> Vec<Choice> {
    all.iter().map(|(value, word, label)| Choice::new(*word, *label).selected(*value == chosen)).collect()
}

fn settings_form(ctx: &Ctx, product: &Product) -> Form {
    let c = &product.capabilities;
    let schemas = [
        (None, "", "Off"),
        (Some(UsageSchema::Quantity), "QT", "On: quantities (QT)"),
        (Some(UsageSchema::TiersRated), "TR", "On: quantities with tiers (TR)"),
        (Some(UsageSchema::PriceRated), "PR", "On: quantities with prices (PR)"),
        (Some(UsageSchema::CostRated), "CR", "On: quantities with costs (CR)"),
    ];
    let ppu = c.ppu.clone().unwrap_or_else(|| Ppu::new(UsageSchema::Quantity));
    let extras = vec![
        switch("dynamic", "Dynamic items: usage may report items that the product does not have", ppu.dynamic),
        switch("future", "Future charges", ppu.future),
        switch("late", "Late charges", ppu.late),
    ];
    let levels = [
        (None, "", "Off"),
        (Some(1), "1", "Level 1: the reseller next to the customer"),
        (Some(2), "2", "Level 2: also the reseller above it"),
    ];
    let offline = |chosen| {
        words(
            &[
                (Offline::No, "no", "Never"),
                (Offline::Allowed, "allowed", "If the distributor likes"),
                (Offline::Auto, "auto", "Always"),
            ],
            chosen,
        )
    };
    let renewal =
        [(Renewal::Explicit, "explicit", "Only when asked for"), (Renewal::Evergreen, "evergreen", "By themselves")];
    let form = ctx
        .form(format!("{}/settings", here(ctx, product)), "Save")
        .revision(product.revision)
        .field(
            Field::select("ppu", "Pay-as-you-go", words(&schemas, c.ppu.as_ref().map(|p| p.schema)))
                .hint("Whether the product has metered items, and how their usage is reported."),
        )
        .field(Field::checks("ppu_extras", "Usage may also carry", extras))
        .field(Field::select(
            "level",
            "Reseller authorization",
            words(&levels, c.tiers.configs.as_ref().map(|t| t.level)),
        ))
        .field(Field::select("schema", "Subscriptions renew", words(&renewal, c.subscription.schema)))
        .field(Field::select(
            "suspend_offline",
            "Suspended without the vendor",
            offline(c.subscription.suspend.offline),
        ))
        .field(Field::select("cancel_offline", "Cancelled without the vendor", offline(c.subscription.cancel.offline)));
    GROUPS.iter().fold(form, |form, group| form.field(group.field(c))).cancel(here(ctx, product))
}

/// Switches that stand together.
struct Group {
    name: &'static str,
    title: &'static str,
    /// How the paths of its switches begin.
    begins: &'static [&'static str],
}

const GROUPS: &[Group] = &[
    Group { name: "orders", title: "Orders", begins: &["cart.", "inquiring.", "subscription.purchase."] },
    Group { name: "changes", title: "Change requests", begins: &["subscription.change."] },
    Group { name: "renewals", title: "Renewals", begins: &["subscription.renew."] },
    Group { name: "transfers", title: "Transfers", begins: &["subscription.transfer."] },
    Group {
        name: "pauses",
        title: "Suspending and ending",
        begins: &["subscription.hold", "subscription.suspend.", "subscription.resume.", "subscription.cancel."],
    },
    Group { name: "resellers", title: "Resellers", begins: &["tiers."] },
    Group { name: "more", title: "Usage and parameters", begins: &["reservation.", "subscription.parameter."] },
];

impl Group {
    fn switches(&self) -> impl Iterator<Item = &'static Switch> {
        SWITCHES.iter().filter(|s| self.begins.iter().any(|begin| s.path.starts_with(begin)))
    }

    fn field(&self, c: &Capabilities) -> Field {
        Field::checks(self.name, self.title, self.switches().map(|s| switch(s.path, s.title, s.on(c))).collect())
    }
}

/// Puts what is wrong with capabilities to the fields that ask for them.
fn renamed(error: Error) -> Error {
    match error.cause {
        Cause::Refused(mut refusal) => {
            for problem in &mut refusal.problems {
                let field = match problem.field.as_str() {
                    "capabilities.tiers.configs" | "capabilities.tiers.configs.level" => "level",
                    other if other.starts_with("capabilities.ppu") => "ppu",
                    other => other,
                };
                problem.field = field.to_owned();
            }
            refusal.into()
        }
        cause => cause.into(),
    }
}

async fn settings_page(
    ctx: &Ctx,
    code: StatusCode,
    id: &str,
    wrong: Option<(Error, &Posted)>,
) -> Result<HttpResponse, Error> {
    let asked = id.to_owned();
    let product = ctx
        .read(move |tx, actor| {
            actions::may_change(tx, actor, &asked)?;
            actions::product(tx, actor, &asked)
        })
        .await?;
    let mut form = settings_form(ctx, &product);
    if let Some((error, posted)) = wrong {
        explain(&mut form, posted, renamed(error))?;
    }
    form_page(ctx, code, &product, "Settings", form)
}

/// The form of the settings.
pub async fn settings(ctx: Ctx, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    settings_page(&ctx, StatusCode::OK, &path.1, None).await
}

/// What the form says about capabilities.
fn apply(posted: &Posted, next: &mut Capabilities) {
    let checked = |name: &str, value: &str| posted.all(name).iter().any(|v| v == value);
    next.ppu = UsageSchema::parse(posted.get("ppu")).map(|schema| Ppu {
        schema,
        dynamic: checked("ppu_extras", "dynamic"),
        future: checked("ppu_extras", "future"),
        late: checked("ppu_extras", "late"),
        ..next.ppu.take().unwrap_or_else(|| Ppu::new(schema))
    });
    next.tiers.configs = posted
        .get("level")
        .parse()
        .ok()
        .map(|level| TierConfigs { level, ..next.tiers.configs.take().unwrap_or_else(|| TierConfigs::new(level)) });
    if let Some(schema) = Renewal::parse(posted.get("schema")) {
        next.subscription.schema = schema;
    }
    for (name, slot) in [
        ("suspend_offline", &mut next.subscription.suspend.offline),
        ("cancel_offline", &mut next.subscription.cancel.offline),
    ] {
        if let Some(offline) = Offline::parse(posted.get(name)) {
            *slot = offline;
        }
    }
    for group in GROUPS {
        for switch in group.switches() {
            switch.set(next, checked(group.name, switch.path));
        }
    }
}

/// Saves the settings.
pub async fn do_settings(ctx: Ctx, path: web::Path<(String, String)>, posted: Posted) -> Result<HttpResponse, Error> {
    let (_, id) = path.into_inner();
    let (product, back, typed) = (id.clone(), ctx.url(&format!("/products/{id}")), posted.clone());
    let again = async |code, error| settings_page(&ctx, code, &id, Some((error, &posted))).await;
    ctx.act_or(&posted, again, move |tx, actor| {
        let revision = typed.revision();
        actions::edit(tx, actor, &product, revision, None, |next, _| apply(&typed, &mut next.capabilities))?;
        Ok(Answer::go(&back).flash(Text::new("The settings were saved.")))
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::{GROUPS, SWITCHES};

    #[test]
    fn every_switch_stands_in_one_group() {
        for switch in SWITCHES {
            let groups = GROUPS.iter().filter(|g| g.switches().any(|s| s.path == switch.path)).count();
            assert_eq!(groups, 1, "{}", switch.path);
        }
    }
}
