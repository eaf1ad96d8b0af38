//! Light or dark, wide or dense: a person's choice, kept in a cookie of the browser, made by a plain form.

use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

/// Where the forms of the user menu and the column menu post their choice.
pub const PATH: &str = "/appearance";
const THEME_COOKIE: &str = "theme";
const DENSITY_COOKIE: &str = "density";
const ONE_YEAR: Duration = Duration::days(365);

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the person's system says.
    #[default]
    Auto,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// Its value in form and cookie.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The choice of this browser.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Self {
        match request.cookie(THEME_COOKIE).as_ref().map(Cookie::value) {
            Some("light") => Self::Light,
            Some("dark") => Self::Dark,
            _ => Self::Auto,
        }
    }
}

/// How much room a row takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Density {
    /// 40 px.
    #[default]
    Comfortable,
    /// 32 px.
    Compact,
}

impl Density {
    /// Its value in form and cookie.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Comfortable => "comfortable",
            Self::Compact => "compact",
        }
    }

    /// The choice of this browser.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Self {
        match request.cookie(DENSITY_COOKIE).as_ref().map(Cookie::value) {
            Some("compact") => Self::Compact,
            _ => Self::Comfortable,
        }
    }
}

/// What the form of the menu sends.
#[derive(Debug, Deserialize)]
pub struct Choice {
    theme: Option<Theme>,
    density: Option<Density>,
    #[serde(default)]
    back: String,
}

/// Keeps the choice and goes back to the page it was made on. `secure` says that the portal is served over HTTPS.
#[must_use]
pub fn choose(choice: &web::Form<Choice>, secure: bool) -> HttpResponse {
    let mut answer = HttpResponse::SeeOther();
    answer.insert_header((header::LOCATION, own_path(&choice.back)));
    let kept = [
        choice.theme.map(|theme| (THEME_COOKIE, theme.name(), theme == Theme::Auto)),
        choice.density.map(|density| (DENSITY_COOKIE, density.name(), density == Density::Comfortable)),
    ];
    for (name, value, is_default) in kept.into_iter().flatten() {
        let cookie = Cookie::build(name, value).path("/").same_site(SameSite::Lax).secure(secure).http_only(true);
        let age = if is_default { Duration::ZERO } else { ONE_YEAR };
        answer.cookie(cookie.max_age(age).finish());
    }
    answer.finish()
}

/// The cookie that gives a browser the appearance that a person chose.
#[must_use]
pub fn cookie(theme: &str, secure: bool) -> Cookie<'static> {
    let chosen = [Theme::Light, Theme::Dark].into_iter().map(Theme::name).find(|name| *name == theme);
    let cookie = Cookie::build(THEME_COOKIE, chosen.unwrap_or(Theme::Auto.name())).path("/").same_site(SameSite::Lax);
    cookie.secure(secure).http_only(true).max_age(if chosen.is_some() { ONE_YEAR } else { Duration::ZERO }).finish()
}

/// The path if it is one of this portal, else the start page: `//elsewhere`, `/\elsewhere` and whole addresses are not.
pub fn own_path(back: &str) -> &str {
    let mut start = back.chars();
    let ours =
        start.next() == Some('/') && !matches!(start.next(), Some('/' | '\\')) && !back.chars().any(char::is_control);
    if ours { back } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_paths_are_gone_back_to() {
        let kept = [
            "/",
            "/VA-1/requests?a=1",
            "",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/\t/evil.example",
        ];
        assert_eq!(kept.map(own_path), ["/", "/VA-1/requests?a=1", "/", "/", "/", "/", "/"]);
    }

    #[test]
    fn the_choice_is_kept_and_the_default_forgotten() {
        let choice = |theme, density| web::Form(Choice { theme, density, back: "/x".to_owned() });
        let answer = choose(&choice(Some(Theme::Dark), Some(Density::Comfortable)), true);
        let cookies: Vec<String> = answer.cookies().map(|cookie| cookie.to_string()).collect();
        assert_eq!(
            cookies,
            [
                "theme=dark; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=31536000",
                "density=comfortable; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=0",
            ]
        );
        assert_eq!(answer.headers().get(header::LOCATION).and_then(|to| to.to_str().ok()), Some("/x"));
    }
}
