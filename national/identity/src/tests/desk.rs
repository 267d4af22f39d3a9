//! Clients that people sign in to, and the steps of a sign-in.

use http::StatusCode;
use security::jws::Algorithm;
use security::signing::PrivateKey;
use security::{client_secret, pkce};
use serde_json::{Value, json};
use service::{Form, Reply, write_form};

use super::issuers::{EXCHANGE, PATIENTS, PATIENTS_KEY, STAFF, STAFF_KEY};
use super::trial::{KEY, Trial, platform};

pub(super) const WEB: &str = "web";
pub(super) const OTHER: &str = "other";
pub(super) const PHONE: &str = "phone";
pub(super) const SECRET: &str = "a secret of the client's";
pub(super) const BACK: &str = "https://app.example/back?from=here";
pub(super) const VERIFIER: &str = "a-verifier-that-is-long-enough-to-count-as-one";
pub(super) const WORKER: &str = "urn:nhsd:apim:user-nhs-cis2:aal3:personal-demographics-service";
pub(super) const PATIENT: &str = "urn:nhsd:apim:user-nhs-login:P9:personal-demographics-service";
pub(super) const EXCHANGING: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";

/// A trial with clients that people sign in to.
pub(super) async fn desk() -> Trial {
    let trial = Trial::new().await;
    let client = |id: &str| {
        json!({
            "id": id, "system": "200000000001", "access": ["worker", "patient"],
            "scopes": [
                WORKER, PATIENT, "urn:nhsd:apim:user-nhs-login:P5:personal-demographics-service",
                "urn:nhsd:apim:app:level3:personal-demographics-service", "patient/AuditEvent.rs",
            ],
            "redirect_uris": [BACK, "https://app.example/other"],
            "jwks": { "keys": [KEY.jwk("one")] },
        })
    };
    for id in [WEB, OTHER] {
        let mut body = client(id);
        body["client_secret_sha256"] = client_secret::kept(SECRET).into();
        trial.enter("client", id, &body).await;
    }
    let mut body = client(PHONE);
    body["public"] = true.into();
    trial.enter("client", PHONE, &body).await;
    let mut body = client("workers-only");
    body["client_secret_sha256"] = client_secret::kept(SECRET).into();
    body["access"] = json!(["worker"]);
    trial.enter("client", "workers-only", &body).await;
    trial
}

/// Text with changes; null takes a member away.
pub(super) fn with(mut claims: Value, changes: &Value) -> Value {
    for (name, value) in changes.as_object().into_iter().flatten() {
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(name);
        } else {
            claims[name] = value.clone();
        }
    }
    claims
}

/// What a worker's ID token says.
pub(super) fn worker(trial: &Trial, audience: &str) -> Value {
    json!({
        "iss": STAFF, "aud": audience, "sub": "555", "exp": trial.now_s() + 3600,
        "iat": trial.now_s(), "sid": "sid-1", "authentication_assurance_level": "3",
        "nhsid_nrbac_roles": [{
            "person_roleid": "5551", "org_code": "Y1", "role_code": "R1", "activity_codes": ["B1"],
        }],
    })
}

/// What a patient's ID token says.
pub(super) fn patient(trial: &Trial, audience: &str) -> Value {
    json!({
        "iss": PATIENTS, "aud": audience, "sub": "p-1", "exp": trial.now_s() + 3600,
        "iat": trial.now_s(), "sid": "sid-2", "identity_proofing_level": "P9",
        "vot": "P9.Cp.Cd", "nhs_number": "9000000009",
    })
}

pub(super) fn signed(key: &PrivateKey, header: &Value, claims: &Value) -> String {
    let header = with(json!({ "alg": "RS256", "typ": "JWT", "kid": "one" }), header);
    key.sign(Algorithm::Rs256, &header, claims).unwrap()
}

/// Signed by whom it names.
pub(super) fn id_token(claims: &Value) -> String {
    let key = if claims["iss"] == PATIENTS { &PATIENTS_KEY } else { &STAFF_KEY };
    signed(key, &json!({}), claims)
}

/// Where a person is sent, and with which words.
pub(super) fn sent(reply: &Reply) -> (String, Form) {
    let text = String::from_utf8_lossy(&reply.body);
    assert_eq!(reply.status, StatusCode::FOUND, "{text}");
    let location = reply.headers.get("location").unwrap().to_str().unwrap();
    let (place, words) = location.rsplit_once(['?', '&']).map_or((location, ""), |_| {
        let own = if location.starts_with(BACK) { BACK.len() } else { location.find('?').unwrap() };
        (&location[..own], &location[own + 1..])
    });
    (place.to_owned(), Form::parse(words.as_bytes()).unwrap())
}

/// The query of a good request for a sign-in.
pub(super) fn query<'a>(client: &'a str, scope: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("client_id", client),
        ("redirect_uri", BACK),
        ("response_type", "code"),
        ("state", "the state"),
        ("scope", scope),
    ]
}

impl Trial {
    /// Sends a person off to sign in; what the sign-in service is asked.
    pub(super) async fn send_off(&self, client: &str, scope: &str, proof: bool) -> Form {
        let mut query = query(client, scope);
        let challenge = pkce::challenge(VERIFIER);
        if proof {
            query.extend([
                ("code_challenge", challenge.as_str()),
                ("code_challenge_method", "S256"),
            ]);
        }
        sent(&self.get("/authorize", &query).await).1
    }

    /// The person comes back with what the sign-in service says; the answer to the client.
    pub(super) async fn come_back(&self, asked: &Form, claims: &Value) -> Reply {
        let nonce = json!({ "nonce": asked.get("nonce") });
        let claims = if claims.get("nonce").is_none() {
            with(claims.clone(), &nonce)
        } else {
            claims.clone()
        };
        *self.issuers.id_token.lock().unwrap() = id_token(&claims);
        *self.issuers.info.lock().unwrap() = claims;
        self.get("/callback", &[("state", asked.get("state").unwrap()), ("code", "c")]).await
    }

    /// A code for a worker who signed in.
    pub(super) async fn code(&self, client: &str, proof: bool) -> String {
        let asked = self.send_off(client, "", proof).await;
        let (place, words) = sent(&self.come_back(&asked, &worker(self, EXCHANGE)).await);
        assert_eq!((place.as_str(), words.get("state")), (BACK, Some("the state")));
        words.get("code").unwrap().to_owned()
    }

    /// What comes of a code.
    pub(super) async fn redeem(&self, code: &str, more: &[(&str, &str)]) -> (u16, Value) {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", BACK),
            ("client_id", WEB),
            ("client_secret", SECRET),
        ];
        change(&mut form, more);
        self.post(&write_form(form)).await
    }

    /// Tokens of a worker who signed in.
    pub(super) async fn tokens(&self) -> Value {
        let code = self.code(WEB, false).await;
        let (status, body) = self.redeem(&code, &[]).await;
        assert_eq!(status, 200, "{body}");
        body
    }

    /// What comes of a refresh token.
    pub(super) async fn refresh(&self, token: &str, more: &[(&str, &str)]) -> (u16, Value) {
        let mut form = vec![
            ("grant_type", "refresh_token"),
            ("refresh_token", token),
            ("client_id", WEB),
            ("client_secret", SECRET),
        ];
        change(&mut form, more);
        self.post(&write_form(form)).await
    }

    /// What comes of an ID token.
    pub(super) async fn exchange(&self, id_token: &str, more: &[(&str, &str)]) -> (u16, Value) {
        let assertion = platform(&self.claims(WEB));
        let mut form = vec![
            ("grant_type", EXCHANGING),
            ("subject_token_type", ID_TOKEN),
            ("subject_token", id_token),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", &assertion),
        ];
        change(&mut form, more);
        self.post(&write_form(form)).await
    }
}

/// Changes fields of a form; an empty value takes one away.
fn change<'a>(form: &mut Vec<(&'a str, &'a str)>, changes: &[(&'a str, &'a str)]) {
    for (name, value) in changes {
        form.retain(|(known, _)| known != name);
        if !value.is_empty() {
            form.push((name, value));
        }
    }
}
