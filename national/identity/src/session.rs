//! A session: one person, signed in to one client. All tokens that come of one sign-in belong to
//! it, and end with it.
//!
//! Nothing of it is stored but that it was revoked, and which refresh tokens were used: the rest
//! is sealed in the refresh token.

use base::limit::ACCESS_TOKEN_S_MAX;
use base::{Fault, Kind};
use http::StatusCode;
use jiff::Timestamp;
use security::AccessToken;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use service::Request;
use store::{Access, Transaction};

use crate::authorize::secret;
use crate::client::Client;
use crate::faults::{from_store, unauthorized_client};
use crate::person::Person;
use crate::token::NAME;
use crate::{House, People, SERVICE};

const REFRESH: &str = "refresh";
/// Which sessions of sign-in services tokens came of.
pub(crate) const SIGN_IN: &str = "sign-in session";

/// One person, signed in to one client.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Session {
    /// Its name.
    pub(crate) name: String,
    /// The client.
    pub(crate) client: String,
    /// The person.
    pub(crate) person: Person,
    /// How often its tokens were refreshed.
    count: u32,
    /// Whether its tokens open the user info.
    #[serde(default)]
    pub(crate) openid: bool,
}

/// What a refresh token says.
#[derive(Deserialize, Serialize)]
struct RefreshToken {
    id: String,
    session: Session,
}

impl Session {
    /// A session that begins.
    pub(crate) fn begin(name: String, client: String, person: Person) -> Self {
        Self { name, client, person, count: 0, openid: false }
    }

    /// The session of a refresh token, and the name of that.
    pub(crate) fn of_refresh_token(house: &House, sealed: &str) -> Option<(String, Self)> {
        let token: RefreshToken = house.tokens.open(REFRESH, sealed)?;
        Some((token.id, token.session))
    }

    /// The session after a refresh.
    pub(crate) fn next(self) -> Self {
        Self { count: self.count.saturating_add(1), ..self }
    }

    /// Whether it has ended before its time.
    pub(crate) fn is_revoked(&self, house: &House) -> bool {
        let revoked = house.tokens.revoked();
        revoked.holds(&self.name)
            || !self.person.sign_in.is_empty() && revoked.holds(&self.person.sign_in)
    }

    /// Ends it before its time: its tokens count no more, once that is on disk.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn revoke(&self, house: &House) -> Result<(), Fault> {
        tracing::warn!(client = self.client, "a code or refresh token was used again");
        end(house, &self.name, self.person.until_s()).await
    }

    /// Tokens for it, as the client gets them. `scope` is one more that the access token is good
    /// for. The issue is on the audit chain before they are given.
    ///
    /// # Errors
    /// `UNAUTHORIZED_CLIENT` when the client is registered for nothing at the person's level; when
    /// the store fails.
    pub(crate) async fn issue(
        mut self,
        house: &House,
        request: &Request,
        client: &Client,
        scope: Option<&str>,
    ) -> Result<Value, Fault> {
        let now = house.clock.now();
        let left_s = self.person.until_s() - now.as_second();
        if self.is_revoked(house) {
            let why = "the session has ended";
            return Err(Fault::new(Kind::Unauthenticated, "REFUSED_GRANT", why));
        }
        if left_s <= 0 {
            return Err(over());
        }
        self.openid = scope.is_some();
        let mut scopes = self.person.scopes(client);
        if scopes.is_empty() {
            let why = "the client is registered for no API at this level of sign-in";
            return Err(unauthorized_client(why));
        }
        scopes.extend(scope.map(str::to_owned));
        let organisation = client.organisation(&house.store)?;
        let too_long = || Fault::broken("BROKEN", "a person or a client is too long for a token");
        let access = self.access_token(client, scopes, &organisation, now.as_second());
        let access = house.tokens.issue(&access).ok_or_else(too_long)?;
        let refresh = RefreshToken { id: secret(house), session: self.clone() };
        let refresh = house.tokens.seal(REFRESH, &refresh).ok_or_else(too_long)?;
        let (sign_in, until_s) = (&self.person.sign_in, self.person.until_s());
        if self.count == 0 && !sign_in.is_empty() {
            // Whether it is the first of several sessions matters to nobody.
            house.first(SIGN_IN, sign_in, until_s + ACCESS_TOKEN_S_MAX).await?;
        }
        self.note(house, request, organisation, now).await?;
        Ok(json!({
            "access_token": access,
            "expires_in": client.seconds(ACCESS_TOKEN_S_MAX),
            "token_type": "Bearer",
            "issued_at": now.as_millisecond().to_string(),
            "refresh_token": refresh,
            "refresh_token_expires_in": client.seconds(left_s),
            "refresh_count": self.count.to_string(),
            "sid": self.name,
        }))
    }

    fn access_token(
        &self,
        client: &Client,
        scopes: Vec<String>,
        organisation: &str,
        now_s: i64,
    ) -> AccessToken {
        let person = &self.person;
        AccessToken {
            client: client.id.clone(),
            organisation: organisation.to_owned(),
            system: client.system.clone(),
            scopes,
            grants: client.grants.clone(),
            user: person.subject.clone(),
            roles: person.roles.clone(),
            patient: person.nhs_number.clone(),
            level: person.level.clone(),
            session: self.name.clone(),
            sign_in: person.sign_in.clone(),
            issued_s: now_s,
            expires_s: now_s + ACCESS_TOKEN_S_MAX,
        }
    }

    /// Notes on the audit chain that tokens were given. A patient stands there under a pseudonym.
    async fn note(
        &self,
        house: &House,
        request: &Request,
        organisation: String,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let audit = house.store.audit();
        let person = &self.person;
        let user = match person.people {
            People::Staff => person.subject.clone(),
            People::Patients => {
                audit.pseudonym(person.nhs_number.as_ref().unwrap_or(&person.subject))
            }
        };
        let access = Access {
            service: SERVICE.into(),
            interaction: NAME.into(),
            mode: person.mode().name().into(),
            client: self.client.clone(),
            organisation,
            user,
            outcome: StatusCode::OK.as_u16(),
            request: request.header("x-request-id").unwrap_or(&self.name).to_owned(),
            ..request.access(&audit, now)
        };
        let noted = house.store.commit(Transaction::new().access(access)).await;
        noted.map(drop).map_err(from_store)
    }
}

/// Ends a session, or all of a sign-in, whose refresh tokens are good until an instant.
///
/// # Errors
/// When the store fails.
pub(crate) async fn end(house: &House, name: &str, until_s: i64) -> Result<(), Fault> {
    let now = house.clock.now();
    let until = Timestamp::from_second(until_s + ACCESS_TOKEN_S_MAX).unwrap_or(Timestamp::MAX);
    let revoked = house.tokens.revoked();
    let done = revoked.revoke(&house.store, name, until, now, Transaction::new()).await;
    done.map_err(from_store)
}

/// The person signed in too long ago.
pub(crate) fn over() -> Fault {
    let why = "refresh token refresh period has expired";
    Fault::new(Kind::Unauthenticated, "REFUSED_GRANT", why)
}
