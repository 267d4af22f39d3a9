//! Who is let in: a mailbox that proves itself with a token of its own making.

use base::{Fault, Kind};
use broker::Mailbox;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use jiff::Timestamp;
use security::{Caller, Certificate, Mode};
use service::keeper::{Noting, Proved};
use service::{Answer, Keeper, Knock};
use store::Store;

use crate::faults::{self, forbidden};
use crate::house::{House, SECRET, Secret};
use crate::token::{TOKEN, Token};

const ABOUT: &str = "`NHSMESH <mailbox>:<nonce>:<count>:<yyyyMMddHHmm>:<hash>`, made anew for \
    each request. The mailbox is in upper case and the one in the path, the nonce a GUID, the \
    count how often it was used, the time in UTC and within two hours of ours, and the hash the \
    HMAC-SHA256, in lower-case hexadecimal, of `<mailbox>:<nonce>:<count>:<password>:<time>` \
    under the shared key of the environment.";

/// What the common names of certificates end with, after `<local-id>.<ods>`.
const CLIENTS: &str = ".api.mesh-client.nhs.uk";

/// Who decides on the callers of the API.
pub(crate) fn keeper(house: &House) -> Keeper {
    let house = house.clone();
    Keeper::own(ABOUT, move |knock| {
        let (mailbox, once) = prove(&house, knock)?;
        let noting = once.map(|(once, until)| spend(house.store().clone(), once, until));
        Ok(Proved { caller: caller(mailbox), noting })
    })
}

/// Uses up what may be used once only, and has to be remembered until an instant.
fn spend(store: Store, once: String, until: Timestamp) -> Noting {
    Box::pin(async move {
        let first = store.spent().spend(TOKEN, &once, until).await;
        if first.map_err(faults::from_store)? { Ok(()) } else { Err(forbidden("TOKEN_SPENT")) }
    })
}

/// Which mailbox a token is proved to be of, and what of it may be used once only, and until when
/// that has to be remembered.
fn prove(
    house: &House,
    knock: &Knock<'_>,
) -> Result<(Mailbox, Option<(String, Timestamp)>), Fault> {
    let named = knock.path_value("mailbox").to_ascii_uppercase();
    if house.open {
        let mailbox = house.mailbox(&named).ok_or_else(|| forbidden("MAILBOX_UNKNOWN"))?;
        return Ok((mailbox, None));
    }
    let unproved = |id| forbidden(id).failed_credential(&named);
    let header = knock.header("authorization").unwrap_or_default();
    let token = Token::read(header).ok_or_else(|| unproved("TOKEN_UNREADABLE"))?;
    if token.mailbox != named {
        return Err(unproved("TOKEN_MAILBOX"));
    }
    let mailbox = house.mailbox(&named).ok_or_else(|| unproved("MAILBOX_UNKNOWN"))?;
    if house.certificates && !knock.certificate.is_some_and(|shown| is_of(shown, &mailbox)) {
        return Err(unproved("CERTIFICATE"));
    }
    let now = house.clock.now();
    let proved = secret(house, &named)?.is_some_and(|secret| token.is_made_with(&secret));
    if !proved || !token.is_fresh(now) {
        return Err(unproved("TOKEN_INVALID"));
    }
    if mailbox.closed {
        return Err(forbidden("MAILBOX_INACTIVE"));
    }
    let once = token.once();
    // Whoever sends a token of somebody else again shall not use up what they may ask for.
    if house.store().spent().is_spent(TOKEN, &once) {
        return Err(forbidden("TOKEN_SPENT"));
    }
    Ok((mailbox, Some((once, token.over()))))
}

/// Whether a certificate is one of the organisation that owns a mailbox.
fn is_of(shown: &Certificate, mailbox: &Mailbox) -> bool {
    let named = shown.common_name.strip_suffix(CLIENTS).and_then(|rest| rest.rsplit_once('.'));
    named.is_some_and(|(local, ods)| {
        !local.is_empty() && ods.eq_ignore_ascii_case(&mailbox.organisation)
    })
}

fn secret(house: &House, mailbox: &str) -> Result<Option<Secret>, Fault> {
    let body = house.store().directory().get(SECRET, mailbox).map_err(faults::from_store)?;
    // What the reader of JSON says of a secret may quote it.
    let read = |body: base::Secret<String>| {
        let read = serde_json::from_str(body.expose());
        read.map_err(|_| faults::broken("a mailbox's secret is damaged"))
    };
    body.map(base::Secret::new).map(read).transpose()
}

fn caller(mailbox: Mailbox) -> Caller {
    let known = Caller::application(mailbox.id);
    Caller { mode: Mode::Mailbox, organisation: mailbox.organisation, ..known }
}

/// The use of a token by a request that is under way. When the request comes to nothing and may
/// be sent again as it is, so may its token: clients repeat a request with all of its headers.
pub(crate) struct Using {
    store: Store,
    once: Option<String>,
}

impl Using {
    /// The use of the token in these headers.
    pub(crate) fn new(house: &House, headers: &HeaderMap) -> Self {
        let header = headers.get(AUTHORIZATION).filter(|_| !house.open);
        let header = header.and_then(|value| value.to_str().ok());
        let once = header.and_then(Token::read).map(|token| token.once());
        Self { store: house.store().clone(), once }
    }

    /// Notes how the request ended.
    pub(crate) fn ended(mut self, answer: &Answer) {
        let again = |fault: &Fault| {
            matches!(fault.kind(), Kind::Busy | Kind::Unavailable | Kind::Interrupted)
        };
        if !answer.as_ref().is_err_and(again) {
            self.once = None;
        }
    }
}

impl Drop for Using {
    /// A request whose caller hung up is dropped where it stands.
    fn drop(&mut self) {
        if let Some(once) = &self.once {
            self.store.spent().give_back(TOKEN, once);
        }
    }
}
