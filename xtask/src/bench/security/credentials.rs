//! What callers of the demonstration prove with who they are.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use base::Clock;
use hyper::Request;
use hyper::header::CONTENT_TYPE;
use security::signing::PrivateKey;
use serde_json::{Value, json};

use super::super::load::Caller;
use super::super::people::Person;

/// How long a signed token is good for, in seconds.
const GOOD_S: i64 = 290;
/// The client that signs.
const CLIENT: &str = "demo-application";

/// The credentials of one system, in each way.
pub(crate) struct Credentials {
    pub(crate) people: Arc<[Person]>,
    /// A token that is looked up.
    pub(crate) opaque: String,
    /// A token of the house's own making, which says by itself who calls.
    pub(crate) access: String,
    pub(crate) api_key: String,
    /// `https://ADDR`.
    pub(crate) tls_base: String,
    pub(crate) authority_file: String,
    pub(crate) certificate_file: String,
    pub(crate) key_file: String,
    token_url: String,
    kid: String,
    key: PrivateKey,
}

/// Signed tokens that were not used yet.
pub(crate) type Stock = Arc<Mutex<Vec<String>>>;

impl Credentials {
    /// Reads what the demonstration has written down, and gets an access token.
    pub(crate) async fn read(data: &Path, people: Arc<[Person]>) -> Result<Self, String> {
        let path = data.join("demo/credentials.json").display().to_string();
        let text = fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
        let all: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        let word = |pointer: &str| {
            let found = all.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
            found.ok_or_else(|| format!("{path} has no {pointer}"))
        };
        let clients = all.get("clients").and_then(Value::as_array).into_iter().flatten();
        let is_it = |row: &&Value| row.get("name").and_then(Value::as_str) == Some(CLIENT);
        let client = clients.clone().find(is_it).ok_or("no client that signs")?;
        let of_client = |name: &str| client.get(name).and_then(Value::as_str).unwrap_or_default();
        let key_file = of_client("private_key_file");
        let pem = fs::read_to_string(key_file).map_err(|error| format!("{key_file}: {error}"))?;
        let mut credentials = Self {
            people,
            opaque: of_client("bearer_token").to_owned(),
            access: String::new(),
            api_key: word("/api_keys/0")?,
            tls_base: word("/tls_base_url")?,
            authority_file: word("/certificates/0/authority_file")?,
            certificate_file: word("/certificates/0/certificate_file")?,
            key_file: word("/certificates/0/key_file")?,
            token_url: word("/token_url")?,
            kid: of_client("kid").to_owned(),
            key: PrivateKey::from_pem(&pem)?,
        };
        credentials.access = credentials.token(&word("/base_url")?).await?;
        Ok(credentials)
    }

    async fn token(&self, base: &str) -> Result<String, String> {
        let request = exchange(&self.sign("the-first")?)?;
        let answer = Caller::connect(base).await?.fetch(request).await?;
        let answer: Value = serde_json::from_slice(&answer).map_err(|error| error.to_string())?;
        let token = answer.get("access_token").and_then(Value::as_str);
        token.map(str::to_owned).ok_or_else(|| format!("no access token: {answer}"))
    }

    /// So many signed tokens, each good for one use. `mark` tells them from all others.
    pub(crate) fn stock(&self, mark: usize, count: usize) -> Result<Stock, String> {
        let stock = Stock::default();
        let cores = thread::available_parallelism().map_or(1, usize::from);
        thread::scope(|scope| {
            let signers: Vec<_> = (0..cores)
                .map(|core| {
                    let stock = Arc::clone(&stock);
                    scope.spawn(move || {
                        for number in (core..count).step_by(cores) {
                            let signed = self.sign(&format!("{mark}-{number}"))?;
                            stock.lock().unwrap_or_else(PoisonError::into_inner).push(signed);
                        }
                        Ok::<_, String>(())
                    })
                })
                .collect();
            let end = |signer: thread::ScopedJoinHandle<'_, Result<(), String>>| {
                signer.join().map_err(|_| "signing broke".to_owned())?
            };
            signers.into_iter().try_for_each(end)
        })?;
        Ok(stock)
    }

    fn sign(&self, id: &str) -> Result<String, String> {
        let exp = Clock::System.in_s(GOOD_S).as_second();
        let algorithm = self.key.algorithm();
        let header = json!({ "alg": algorithm.name(), "typ": "JWT", "kid": self.kid });
        let claims = json!({
            "iss": CLIENT, "sub": CLIENT, "aud": self.token_url,
            "jti": format!("bench-{id}"), "exp": exp,
        });
        self.key.sign(algorithm, &header, &claims)
    }
}

/// The request that gets an access token for a signed one.
pub(crate) fn exchange(signed: &str) -> Result<Request<String>, String> {
    const FORM: &str = "grant_type=client_credentials&client_assertion_type=\
        urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=";
    Request::post("/oauth2/token")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(format!("{FORM}{signed}"))
        .map_err(|error| error.to_string())
}
