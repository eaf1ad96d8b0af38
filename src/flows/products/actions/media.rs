//! Media.

use super::pictures::{self, Upload};
use super::products::{changed, owned, view};
use crate::db::{Result, Tx};
use crate::flows::products::model::{Medium, MediumDraft, MediumKind, Product};
use crate::flows::products::store;
use crate::kit::{Actor, Events, MediaId, Problems, ProductId, Refusal, Text};

/// The media of a product that the actor may see, by position: the master copy's for the vendor, those of the newest
/// public version for others.
pub fn media(tx: &mut Tx<'_>, actor: &Actor, product: &str) -> Result<Vec<Medium>> {
    let view = view(tx, actor, product)?;
    if view.own {
        return store::media::of_product(tx, &view.id);
    }
    match view.public_version {
        Some(number) => Ok(store::versions::snapshot(tx, &view.id, number)?.map(|s| s.media).unwrap_or_default()),
        None => Ok(vec![]),
    }
}

/// A medium of a product that the actor may see.
pub fn medium(tx: &mut Tx<'_>, actor: &Actor, product: &str, id: &str) -> Result<Medium> {
    let found = media(tx, actor, product)?.into_iter().find(|m| m.id == *id);
    found.ok_or_else(|| Refusal::not_found("medium", id).into())
}

fn free(tx: &mut Tx<'_>, product: &ProductId, position: i32, own: Option<&MediaId>) -> Result<()> {
    let taken =
        store::media::of_product(tx, product)?.into_iter().find(|m| m.position == position && Some(&m.id) != own);
    match taken {
        None => Ok(()),
        Some(other) => {
            let text =
                Text::new("position: the place {position} is taken by {id}. Choose another, or remove that one first.");
            Err(Refusal::conflict(text.arg("position", position).arg("id", &other.id)).with("media", other.id).into())
        }
    }
}

/// Puts a picture or a video at a free place. A video needs a picture too.
pub fn add_medium(
    tx: &mut Tx<'_>,
    actor: &Actor,
    product: &str,
    draft: &MediumDraft,
    picture: Option<&Upload>,
) -> Result<MediaId> {
    let product = owned(tx, actor, product)?;
    let mut problems = Problems::default();
    let url = draft.check(&mut problems);
    problems.check(picture.is_some(), "thumbnail", || {
        Text::new("A picture is needed. Send a PNG, JPEG, GIF or WebP file.")
    });
    problems.done()?;
    let thumbnail = picture.map(|p| pictures::put(tx, &product, p)).transpose()?.unwrap_or_default();
    free(tx, &product.id, draft.position, None)?;
    let events = Events::created(tx.at(), actor.by());
    let id = store::media::insert(tx, &product.id, draft.position, draft.kind, &thumbnail, url.as_deref(), &events)?;
    said(tx, actor, &product, "product.medium_added", Text::new("{kind:word} {position} was added"), draft)?;
    Ok(id)
}

fn said(
    tx: &mut Tx<'_>,
    actor: &Actor,
    product: &Product,
    verb: &'static str,
    text: Text,
    draft: &MediumDraft,
) -> Result<()> {
    let word = match draft.kind {
        MediumKind::Image => "Picture",
        MediumKind::Video => "Video",
    };
    changed(tx, actor, product, verb, text.arg("kind", word).arg("position", draft.position), vec![])
}

/// Changes a medium; without a new picture its own stays.
pub fn change_medium(
    tx: &mut Tx<'_>,
    actor: &Actor,
    product: &str,
    id: &str,
    picture: Option<&Upload>,
    edit: impl FnOnce(&mut MediumDraft, &mut Problems),
) -> Result<MediaId> {
    let product = owned(tx, actor, product)?;
    let old = medium(tx, actor, product.id.as_str(), id)?;
    let url = (old.kind == MediumKind::Video).then(|| old.url.clone());
    let mut draft = MediumDraft { position: old.position, kind: old.kind, url };
    let mut problems = Problems::default();
    edit(&mut draft, &mut problems);
    let url = draft.check(&mut problems);
    problems.done()?;
    free(tx, &product.id, draft.position, Some(&old.id))?;
    let mut events = old.events.clone();
    events.stamp("updated", tx.at(), actor.by());
    let thumbnail = match picture {
        Some(picture) => pictures::put(tx, &product, picture)?,
        None => old.thumbnail.clone(),
    };
    store::media::update(tx, &old.id, draft.position, draft.kind, &thumbnail, url.as_deref(), &events)?;
    said(tx, actor, &product, "product.medium_changed", Text::new("{kind:word} {position} was changed"), &draft)?;
    Ok(old.id)
}

/// Removes a medium. Versions keep it.
pub fn remove_medium(tx: &mut Tx<'_>, actor: &Actor, product: &str, id: &str) -> Result<()> {
    let product = owned(tx, actor, product)?;
    let old = medium(tx, actor, product.id.as_str(), id)?;
    store::media::delete(tx, &old.id)?;
    let draft = MediumDraft { position: old.position, kind: old.kind, url: None };
    said(tx, actor, &product, "product.medium_removed", Text::new("{kind:word} {position} was removed"), &draft)
}
