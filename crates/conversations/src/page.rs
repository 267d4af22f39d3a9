//! The two pages: the latest conversations, and one of them, drawn. They work without a script;
//! one that is under way is asked for again by itself.

use askama::Template;
use base::Fault;
use http::StatusCode;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use service::Reply;

use crate::BASE;
use crate::draw::{Diagram, svg, told};
use crate::faults::broken;
use crate::gather::Conversation;
use crate::list_conversations::Listed;

#[derive(Template)]
#[template(path = "conversation.html")]
struct One<'a> {
    base: &'static str,
    subject: &'a str,
    title: &'static str,
    id: &'a str,
    began: String,
    running: bool,
    /// The drawing, whose texts are escaped already.
    svg: String,
    /// The same in sentences.
    told: Vec<String>,
    left_out: usize,
}

#[derive(Template)]
#[template(path = "conversations.html")]
struct List<'a> {
    base: &'static str,
    listed: &'a [Listed],
    /// Whether any of them may go on.
    running: bool,
}

/// The page of a conversation.
///
/// # Errors
/// When it cannot be rendered.
pub(crate) fn conversation(found: &Conversation, diagram: &Diagram) -> Result<Reply, Fault> {
    let page = One {
        base: BASE,
        subject: &diagram.subject,
        title: diagram.title,
        id: &found.id,
        began: diagram.began.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
        running: found.running,
        svg: svg::draw(diagram),
        told: told::tell(diagram),
        left_out: diagram.left_out,
    };
    page.render().map(html).map_err(broken)
}

/// The page of the latest conversations.
///
/// # Errors
/// When it cannot be rendered.
pub(crate) fn list(listed: &[Listed]) -> Result<Reply, Fault> {
    let running = listed.iter().any(|one| one.running);
    List { base: BASE, listed, running }.render().map(html).map_err(broken)
}

/// Sends a page. It may load nothing but our own style sheet and stand in no frame.
fn html(text: String) -> Reply {
    Reply::new(StatusCode::OK, "text/html; charset=utf-8", text)
        .with(
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'",
        )
        .with(REFERRER_POLICY, "no-referrer")
        .with(X_CONTENT_TYPE_OPTIONS, "nosniff")
        .with(CACHE_CONTROL, "no-store")
        .with(VARY, "Accept")
}
