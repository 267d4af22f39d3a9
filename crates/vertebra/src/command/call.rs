//! `vertebra call`: calls an API as a client would: gets an access token, adds what every call
//! carries, and shows the answer.

use std::io::Write;
use std::path::{Path, PathBuf};

use base::{Dice, Secret};
use serde_json::{Map, Value, json};

use super::Failure;
use crate::client::{self, Answer, Application, Client, Credentials, Reach};
use crate::config::environment;
use crate::say;

/// Call an API with a client's credential.
#[derive(clap::Args)]
pub(crate) struct Call {
    /// GET, POST, PUT, PATCH, DELETE
    #[arg(value_name = "METHOD")]
    method: String,
    /// The path with its query, such as /personal-demographics/FHIR/R4/Patient/9000000009
    #[arg(value_name = "PATH")]
    path: String,
    /// The client to call as, by its id: one of the demonstration, or one whose key is in a file
    /// [default: nobody]
    #[arg(long = "as", value_name = "CLIENT")]
    client: Option<String>,
    /// The private key of the client, in PEM [default: the demonstration's, or `<CLIENT>.pem` here]
    #[arg(long, value_name = "FILE", requires = "client")]
    key: Option<PathBuf>,
    /// What to have the token for [default: all that the client may]
    #[arg(long, value_name = "SCOPES", requires = "client")]
    scope: Option<String>,
    /// A file with an API key, sent as `apikey`
    #[arg(long, value_name = "FILE")]
    api_key: Option<PathBuf>,
    /// A header; may be given again. A new X-Request-ID is sent unless one is given
    #[arg(long, value_name = "NAME: VALUE")]
    header: Vec<String>,
    /// The body: as it is, or `@FILE`, or `@-` for standard input
    #[arg(long, value_name = "BODY")]
    body: Option<String>,
    /// Where the exchange is [default: the demonstration's, or <http://127.0.0.1:8600>]
    #[arg(long, value_name = "URL")]
    at: Option<String>,
    /// The data folder of a demonstration, whose credentials to use
    #[arg(long, value_name = "DIR", default_value = "./vertebra-data")]
    data: PathBuf,
    /// The authority to trust with https, in PEM [default: those that the system trusts]
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// Write status, headers and body as JSON
    #[arg(long)]
    json: bool,
}

impl Call {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let reach = Reach::to(self.at.clone(), self.data.clone(), self.ca.clone());
        let demonstration = reach.demonstration()?;
        let client = reach.client(&demonstration)?;
        let url = reach.url(&demonstration).to_owned();
        let body = self.body.as_deref().map(body).transpose()?;
        let headers = self.headers()?;
        let proof = self.proof(&demonstration, &url);
        let (token, kept) = match &proof {
            Proof::Nothing => (None, false),
            Proof::Bearer(token) => (Some(token.clone()), false),
            Proof::Application(application) => {
                (Some(application.token(&client)?), application.kept().is_some())
            }
        };
        let mut answer = self.send(&client, &headers, token.as_ref(), body.as_deref())?;
        // A token that was kept may be of an exchange that was made anew since.
        if let (401, true, Proof::Application(application)) = (answer.status, kept, &proof) {
            let token = application.fresh(&client)?;
            answer = self.send(&client, &headers, Some(&token), body.as_deref())?;
        }
        self.tell(answer)
    }

    /// What to prove to be the client with.
    fn proof(&self, demonstration: &client::Demonstration, url: &str) -> Proof {
        let Some(name) = &self.client else { return Proof::Nothing };
        // What the demonstration wrote down goes nowhere else.
        let known = demonstration.client(name).filter(|_| demonstration.serves(url));
        if let (Some(token), None) = (known.and_then(Credentials::person), &self.key) {
            return Proof::Bearer(token);
        }
        let beside = || known.and_then(|known| known.private_key_file.clone());
        let key_file = self.key.clone().or_else(beside);
        Proof::Application(Application {
            client_id: name.clone(),
            kid: known.filter(|_| self.key.is_none()).and_then(|known| known.kid.clone()),
            key_file: key_file.unwrap_or_else(|| PathBuf::from(format!("{name}.pem"))),
            scope: self.scope.clone().or_else(|| known.and_then(Credentials::scope_to_ask)),
            token_url: demonstration
                .token_url
                .clone()
                .filter(|_| known.is_some() && demonstration.base_url.as_deref() == Some(url))
                .unwrap_or_else(|| format!("{}/oauth2/token", url.trim_end_matches('/'))),
        })
    }

    fn headers(&self) -> Result<Vec<(String, String)>, Failure> {
        let mut headers = Vec::new();
        for header in &self.header {
            let (name, value) = header.split_once(':').ok_or_else(|| {
                format!("--header: '{header}' is no header. hint: 'If-Match: W/\"1\"'")
            })?;
            headers.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
        let mut unless_given = |name: &str, value: String| {
            if !headers.iter().any(|(known, _)| known == name) {
                headers.push((name.to_owned(), value));
            }
        };
        unless_given("x-request-id", Dice::System.uuid().to_string());
        if self.body.is_some() {
            unless_given("content-type", self.media_type().to_owned());
        }
        if let Some(path) = &self.api_key {
            headers.push(("apikey".into(), environment::secret_in(path)?.expose().clone()));
        }
        Ok(headers)
    }

    /// What a body most likely is.
    fn media_type(&self) -> &'static str {
        match self.method.to_ascii_uppercase().as_str() {
            "PATCH" => "application/json-patch+json",
            _ if self.path.contains("/FHIR/") => "application/fhir+json",
            _ => "application/json",
        }
    }

    fn send(
        &self,
        client: &Client,
        headers: &[(String, String)],
        token: Option<&Secret<String>>,
        body: Option<&[u8]>,
    ) -> Result<Answer, Failure> {
        let path =
            if self.path.starts_with('/') { self.path.clone() } else { format!("/{}", self.path) };
        let mut call = client::Call::new(self.method.to_ascii_uppercase(), path);
        for (name, value) in headers {
            call = call.header(name.clone(), value.as_str());
        }
        if let Some(token) = token {
            call = call.header("authorization", format!("Bearer {}", token.expose()));
        }
        let mut reader = body.unwrap_or_default();
        if body.is_some() {
            call = call.header("content-length", reader.len().to_string()).body(&mut reader);
        }
        Ok(client.call(call)?)
    }

    /// Shows the answer. One that says no ends the command with an error.
    fn tell(&self, answer: Answer) -> Result<(), Failure> {
        let status = answer.status;
        let headers = answer.headers.clone();
        let text = answer.text()?;
        if self.json {
            let shown: Map<String, Value> = headers
                .keys()
                .map(|name| (name.to_string(), client::text_of(&headers, name.as_str()).into()))
                .collect();
            let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
            say::line(&json!({ "status": status, "headers": shown, "body": body }).to_string());
            return Ok(());
        }
        let mut out = std::io::stdout().lock();
        let _ = out.write_all(text.as_bytes());
        if !text.is_empty() && !text.ends_with('\n') {
            let _ = out.write_all(b"\n");
        }
        if status < 400 { Ok(()) } else { Err(format!("the exchange said no ({status})")) }
    }
}

/// What a call proves to come from a client with.
enum Proof {
    Nothing,
    Bearer(Secret<String>),
    Application(Application),
}

fn body(said: &str) -> Result<Vec<u8>, Failure> {
    let Some(path) = said.strip_prefix('@') else { return Ok(said.as_bytes().to_vec()) };
    let path = if path == "-" { Path::new("/dev/stdin") } else { Path::new(path) };
    std::fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}
