//! Pictures and videos that show a product.

use serde::{Deserialize, Serialize};

use crate::kit::{Events, MediaId, Problems, Text};

crate::word_enum! {
    /// What a medium is.
    pub enum MediumKind { Image = "image", Video = "video" }
}

/// How many places there are, from 1.
pub const PLACES: i32 = 8;

/// A picture or a video at one of the eight places.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Medium {
    /// Its id.
    pub id: MediaId,
    /// 1 to 8; the lowest one is the main medium.
    pub position: i32,
    /// What it is.
    pub kind: MediumKind,
    /// Path of its picture, from the root of the site.
    pub thumbnail: String,
    /// Where the video is; the picture's own path for a picture.
    pub url: String,
    /// When what happened.
    pub events: Events,
}

/// Values of a new or changed medium, not yet looked at.
#[derive(Debug, Clone)]
pub struct MediumDraft {
    /// 1 to 8.
    pub position: i32,
    /// What it is.
    pub kind: MediumKind,
    /// Where the video is.
    pub url: Option<String>,
}

impl MediumDraft {
    /// Notes what is wrong. Gives the video's address for a video, nothing for a picture.
    pub fn check(&self, problems: &mut Problems) -> Option<String> {
        problems.check((1..=PLACES).contains(&self.position), "position", || {
            Text::new("The position is {position}; 1 to {max} are allowed.")
                .arg("position", self.position)
                .arg("max", PLACES)
        });
        if self.kind == MediumKind::Image {
            return None;
        }
        let url = problems.text("url", self.url.as_deref().unwrap_or_default(), 1_024);
        let known = url::Url::parse(&url)
            .ok()
            .filter(|u| u.scheme() == "https" && u.port().is_none() && u.username().is_empty())
            .is_some_and(|u| {
                let host = u.host_str().unwrap_or_default();
                matches!(host.strip_prefix("www.").unwrap_or(host), "vimeo.com" | "youtube.com" | "youtu.be")
            });
        problems.check(known, "url", || {
            Text::new("The address of a video must start with https:// and be on vimeo.com, youtube.com or youtu.be. Check it.")
        });
        Some(url)
    }
}
