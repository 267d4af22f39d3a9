//! The pages that people see. They need no script, and load nothing but their own style sheet.

use askama::Template;
use base::Fault;
use http::StatusCode;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use service::{Answer, Reply, Request};

use crate::issuer::Level;
use crate::{House, Issuer, User};

/// The media type of a page.
pub(crate) const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";

/// No `form-action`: a browser would apply it to where the answer of the form leads, which is the
/// client's place. The page has one form, and nobody can put another into it.
const POLICY: &str = "default-src 'none'; style-src 'self'; base-uri 'none'; \
    frame-ancestors 'none'";

/// The page where a person signs in.
#[derive(Template)]
#[template(path = "sign_in.html")]
pub(crate) struct SignIn<'a> {
    pub(crate) base: &'static str,
    pub(crate) client: &'a str,
    pub(crate) users: &'a [User],
    pub(crate) levels: &'static [Level],
    pub(crate) level: &'a str,
    /// What was typed as the name.
    pub(crate) typed: &'a str,
    pub(crate) sealed: &'a str,
    pub(crate) problem: &'a str,
    pub(crate) staff: bool,
}

/// A page that says one thing.
#[derive(Template)]
#[template(path = "notice.html")]
struct Notice<'a> {
    base: &'static str,
    title: &'a str,
    text: &'a str,
}

/// A page with a title and a sentence.
pub(crate) fn notice(house: &House, status: StatusCode, title: &str, text: &str) -> Answer {
    let base = house.given.issuer.base();
    show(status, &Notice { base, title, text })
}

/// Sends a page. Nobody keeps it, frames it, or learns from where the person came.
pub(crate) fn show(status: StatusCode, page: &impl Template) -> Answer {
    let html = page.render().map_err(|error| Fault::broken("BROKEN", error))?;
    let reply = Reply::new(status, HTML, html)
        .with(CONTENT_SECURITY_POLICY, POLICY)
        .with(CACHE_CONTROL, "no-store")
        .with(REFERRER_POLICY, "no-referrer")
        .with(X_CONTENT_TYPE_OPTIONS, "nosniff");
    Ok(reply.with(HeaderName::from_static("x-frame-options"), "DENY"))
}

/// Sends a person elsewhere.
pub(crate) fn send_to(status: StatusCode, place: &str) -> Reply {
    Reply::empty(status)
        .with(http::header::LOCATION, place)
        .with(CACHE_CONTROL, "no-store")
        .with(REFERRER_POLICY, "no-referrer")
}

/// Answers `GET /style.css`.
pub(crate) async fn style(_house: House, _request: Request) -> Answer {
    Ok(Reply::new(StatusCode::OK, CSS, include_str!("../static/sign-in.css"))
        .with(CACHE_CONTROL, "max-age=300")
        .with(X_CONTENT_TYPE_OPTIONS, "nosniff"))
}

impl<'a> SignIn<'a> {
    /// The page as it is first seen.
    pub(crate) fn new(house: &'a House, client: &'a str, sealed: &'a str) -> Self {
        let issuer = house.given.issuer;
        Self {
            base: issuer.base(),
            client,
            users: &house.given.users,
            levels: issuer.levels(),
            level: "",
            typed: "",
            sealed,
            problem: "",
            staff: issuer == Issuer::Staff,
        }
    }
}
