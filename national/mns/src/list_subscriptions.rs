//! `GET /subscriptions`: everything I asked to be told of, page by page.

use std::sync::Arc;

use base::limit::SUBSCRIPTIONS_A_PAGE;
use http::StatusCode;
use serde_json::{Value, json};
use service::{Answer, Reply, Request};

use crate::House;
use crate::faults::incorrect;
use crate::subscription::{self, MEDIA_TYPE, document};

/// The name of the interaction.
pub(crate) const NAME: &str = "get-all-subscriptions";
/// The parameter that says where to go on.
pub(crate) const CONTINUE: &str = "continue_from";

/// Answers `GET /subscriptions`.
pub(crate) async fn list_subscriptions(house: House, request: Arc<Request>) -> Answer {
    let asked = request.query.iter().find(|(name, _)| name == CONTINUE);
    let after = match asked {
        None => String::new(),
        Some((_, value)) => subscription::id(value)
            .ok_or_else(|| incorrect("The continue_from field was not valid"))?,
    };
    let mut rest = subscription::of(&house, &request.caller);
    rest.retain(|one| one.id > after);
    let here: Vec<Value> = rest.iter().take(SUBSCRIPTIONS_A_PAGE).map(document).collect();
    let mut links = vec![link("self", &after)];
    if let (Some(last), true) = (rest.get(SUBSCRIPTIONS_A_PAGE - 1), rest.len() > here.len()) {
        links.push(link("next", &last.id));
    }
    let bundle = json!({
        "resourceType": "Bundle",
        "type": "searchset",
        "link": links,
        "entry": here,
    });
    Ok(Reply::new(StatusCode::OK, MEDIA_TYPE, bundle.to_string()))
}

/// A link of the list, below the base of the API, as published.
fn link(relation: &str, after: &str) -> Value {
    let url = match after {
        "" => "/subscriptions".to_owned(),
        after => format!("/subscriptions?{CONTINUE}={after}"),
    };
    json!({ "relation": relation, "url": url })
}
