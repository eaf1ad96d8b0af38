//! The icons: outlines that `npm run build` takes from the icon package, for those that `scripts/icons.txt` names.
//!
//! In a template an icon is the filter `{{ "check"|icon }}`; in a struct it is its name, a `&'static str`.

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

static OUTLINES: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let table = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/static/vendor/icons.tsv"));
    table.lines().filter_map(|line| line.split_once('\t')).collect()
});

/// Icons that a page shows many times: once as a symbol at its beginning ([`Sprite`]), then by reference. A list of 25
/// late requests would otherwise carry 75 outlines.
const SHARED: [&str; 16] = [
    "alert-circle",
    "alert-triangle",
    "check",
    "chevron-right",
    "circle-check",
    "circle-dashed",
    "circle-dot",
    "circle-minus",
    "circle-x",
    "clock",
    "clock-exclamation",
    "copy",
    "dots",
    "help-circle",
    "progress",
    "x",
];

/// One icon, written as an `svg` element that screen readers pass over.
#[derive(Clone, Copy, Debug)]
pub struct Svg {
    shared: Option<&'static str>,
    outline: &'static str,
    large: bool,
}

/// The icon of that name, or nothing if there is none: a page must not fail for a picture. A test looks for such names.
#[must_use]
pub fn svg(name: &str) -> Svg {
    Svg {
        shared: SHARED.into_iter().find(|shared| *shared == name),
        outline: OUTLINES.get(name).copied().unwrap_or_default(),
        large: false,
    }
}

impl Svg {
    /// The icon in the size of a heading.
    #[must_use]
    pub fn large(mut self) -> Self {
        self.large = true;
        self
    }
}

impl fmt::Display for Svg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let class = if self.large { "icon icon-l" } else { "icon" };
        match self.shared {
            Some(name) => write!(f, r##"<svg class="{class}" aria-hidden="true"><use href="#i-{name}"/></svg>"##),
            None => {
                write!(
                    f,
                    r#"<svg class="{class}" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>"#,
                    self.outline
                )
            }
        }
    }
}

/// The outlines of the shared icons, which stands once in every page.
#[derive(Clone, Copy, Debug)]
pub struct Sprite;

impl fmt::Display for Sprite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(r#"<svg class="sprite" aria-hidden="true">"#)?;
        for name in SHARED {
            let outline = OUTLINES.get(name).copied().unwrap_or_default();
            write!(f, r#"<symbol id="i-{name}" viewBox="0 0 24 24"><path d="{outline}"/></symbol>"#)?;
        }
        f.write_str("</svg>")
    }
}

super::part::parts!(Svg, Sprite);

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use regex::Regex;

    use super::*;

    /// Every icon that templates or sources name is in the table.
    #[test]
    fn named_icons_exist() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let first = r"\b(?:icon|bare|nothing_yet|Event::new|Wait::new)\(\s*|\bicon: (?:Some\()?";
        let last = r"\b(?:Menu|MenuEntry|BulkAction|Status)::new\((?:[^;{}]*?,\s*)";
        let names =
            Regex::new(&format!(r#""([a-z0-9-]+)"\|icon|(?:{first}|{last})"([a-z0-9-]+)"[,)]"#)).expect("a pattern");
        let mut seen = 0;
        for folder in ["templates", "src"] {
            visit(&root.join(folder), &mut |text, path| {
                for found in names.captures_iter(text) {
                    let name = found.get(1).or(found.get(2)).map_or("", |name| name.as_str());
                    assert!(OUTLINES.contains_key(name), "{}: scripts/icons.txt lacks {name:?}", path.display());
                    seen += 1;
                }
            });
        }
        assert!(seen > 10, "the pattern no longer finds the icons: {seen}");
    }

    fn visit(folder: &Path, check: &mut dyn FnMut(&str, &Path)) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                visit(&path, check);
            } else if let Ok(text) = fs::read_to_string(&path) {
                check(&text, &path);
            }
        }
    }

    #[test]
    fn an_icon_is_one_small_element() {
        let plus = svg("plus").to_string();
        assert_eq!(
            plus,
            r#"<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M12 5l0 14M5 12l14 0"/></svg>"#
        );
        assert!(svg("plus").large().to_string().contains("icon-l"));
    }

    #[test]
    fn a_shared_icon_refers_to_the_symbol() {
        assert_eq!(svg("check").to_string(), r##"<svg class="icon" aria-hidden="true"><use href="#i-check"/></svg>"##);
        assert!(
            Sprite.to_string().contains(r#"<symbol id="i-check" viewBox="0 0 24 24"><path d="M5 12l5 5l10 -10"/>"#)
        );
        assert!(SHARED.iter().all(|name| OUTLINES.contains_key(name)));
    }
}
