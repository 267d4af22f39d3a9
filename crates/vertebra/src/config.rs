//! The settings: what can be set, its default, and what it means. One table feeds the reader of
//! the configuration file and the commented file that `vertebra settings` prints.

pub(crate) mod environment;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use transport::Proxies;

/// What an operator decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Config {
    /// Where data is kept.
    pub(crate) data: PathBuf,
    /// Where to listen.
    pub(crate) listen: SocketAddr,
    /// Where to listen for TLS, if anywhere.
    pub(crate) tls_listen: Option<SocketAddr>,
    /// The certificate to show there.
    pub(crate) tls_certificate: Option<PathBuf>,
    /// Its key.
    pub(crate) tls_key: Option<PathBuf>,
    /// The certificate to show to those whom the exchange calls.
    pub(crate) outgoing_certificate: Option<PathBuf>,
    /// Its key.
    pub(crate) outgoing_key: Option<PathBuf>,
    /// The authorities whose word on callers is believed.
    pub(crate) tls_client_authorities: Option<PathBuf>,
    /// Their lists of certificates that count no more.
    pub(crate) tls_client_crls: Option<PathBuf>,
    /// Whether a mailbox asks for a certificate beside its token.
    pub(crate) mesh_require_certificate: bool,
    /// Where to listen for messages of HL7 version 2, without TLS, if anywhere.
    pub(crate) mllp_listen: Option<SocketAddr>,
    /// The same with TLS, for systems that show a certificate.
    pub(crate) mllp_tls_listen: Option<SocketAddr>,
    /// Whether calls need no credentials.
    pub(crate) open: bool,
    /// The address for links in answers.
    pub(crate) public_url: Option<String>,
    /// A file of bearer tokens, for development.
    pub(crate) tokens: Option<PathBuf>,
    /// Whether every client must belong to an accredited system.
    pub(crate) require_asid: bool,
    /// The most calls a minute to one API, from all clients together.
    pub(crate) api_calls_a_minute: Option<u32>,
    /// The most failed credentials a minute from one address, where the operator says it.
    pub(crate) failures_a_minute: Option<u32>,
    /// Proxies whose word on where calls came from is believed.
    pub(crate) trusted_proxies: Proxies,
    /// A file that says where health workers sign in.
    pub(crate) staff_sign_in: Option<PathBuf>,
    /// A file that says where patients sign in.
    pub(crate) patient_sign_in: Option<PathBuf>,
    /// What to log.
    pub(crate) log: String,
    /// Where to send traces, by OTLP over HTTP.
    pub(crate) traces: Option<String>,
}

/// What the file or the command line may say; what it does not say keeps its default.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub(crate) struct Said {
    /// See [`Config::data`].
    pub(crate) data: Option<PathBuf>,
    /// See [`Config::listen`].
    pub(crate) listen: Option<String>,
    /// See [`Config::tls_listen`].
    pub(crate) tls_listen: Option<String>,
    /// See [`Config::tls_certificate`].
    pub(crate) tls_certificate: Option<PathBuf>,
    /// See [`Config::tls_key`].
    pub(crate) tls_key: Option<PathBuf>,
    /// See [`Config::outgoing_certificate`].
    pub(crate) outgoing_certificate: Option<PathBuf>,
    /// See [`Config::outgoing_key`].
    pub(crate) outgoing_key: Option<PathBuf>,
    /// See [`Config::tls_client_authorities`].
    pub(crate) tls_client_authorities: Option<PathBuf>,
    /// See [`Config::tls_client_crls`].
    pub(crate) tls_client_crls: Option<PathBuf>,
    /// See [`Config::mesh_require_certificate`].
    pub(crate) mesh_require_certificate: Option<bool>,
    /// See [`Config::mllp_listen`].
    pub(crate) mllp_listen: Option<String>,
    /// See [`Config::mllp_tls_listen`].
    pub(crate) mllp_tls_listen: Option<String>,
    /// See [`Config::open`].
    pub(crate) open: Option<bool>,
    /// See [`Config::public_url`].
    pub(crate) public_url: Option<String>,
    /// See [`Config::tokens`].
    pub(crate) tokens: Option<PathBuf>,
    /// See [`Config::require_asid`].
    pub(crate) require_asid: Option<bool>,
    /// See [`Config::api_calls_a_minute`].
    pub(crate) api_calls_a_minute: Option<u32>,
    /// See [`Config::failures_a_minute`].
    pub(crate) failures_a_minute: Option<u32>,
    /// See [`Config::trusted_proxies`].
    pub(crate) trusted_proxies: Option<Vec<String>>,
    /// See [`Config::staff_sign_in`].
    pub(crate) staff_sign_in: Option<PathBuf>,
    /// See [`Config::patient_sign_in`].
    pub(crate) patient_sign_in: Option<PathBuf>,
    /// See [`Config::log`].
    pub(crate) log: Option<String>,
    /// See [`Config::traces`].
    pub(crate) traces: Option<String>,
}

/// One setting: its name in the file, its default as TOML, and what it means.
struct Setting {
    name: &'static str,
    default: &'static str,
    meaning: &'static str,
}

const SETTINGS: [Setting; 23] = [
    Setting {
        name: "data",
        default: "\"./vertebra-data\"",
        meaning: "The folder where everything is kept. One exchange at a time may hold it.",
    },
    Setting {
        name: "listen",
        default: "\"127.0.0.1:8600\"",
        meaning: "The address to listen on. Port 0 picks a free one.",
    },
    Setting {
        name: "tls_listen",
        default: "\"\"",
        meaning: "The address to listen on for TLS, beside the other. Empty: none.",
    },
    Setting {
        name: "tls_certificate",
        default: "\"\"",
        meaning: "The certificate to show there, followed by those that lead to its authority, in \
                  PEM. Empty: a demonstration makes one, with its authority in demo/ca.pem.",
    },
    Setting {
        name: "tls_key",
        default: "\"\"",
        meaning: "The private key of that certificate, in PEM.",
    },
    Setting {
        name: "outgoing_certificate",
        default: "\"\"",
        meaning: "The certificate to show to those whom the exchange calls, where they ask for \
                  one, followed by those that lead to its authority, in PEM. Empty: none.",
    },
    Setting {
        name: "outgoing_key",
        default: "\"\"",
        meaning: "The private key of that certificate, in PEM.",
    },
    Setting {
        name: "tls_client_authorities",
        default: "\"\"",
        meaning: "The certificates of the authorities whose word on callers is believed, in PEM. \
                  Callers may then show a certificate; whoever shows a bad one is hung up on. \
                  The authority of `vertebra cert`, in ca/ca.pem of the data folder, is believed \
                  as well. Empty: no other.",
    },
    Setting {
        name: "tls_client_crls",
        default: "\"\"",
        meaning: "Their lists of certificates that count no more (CRL), in PEM, one after the \
                  other. Empty: none. These five files are read again when they change.",
    },
    Setting {
        name: "mesh_require_certificate",
        default: "false",
        meaning: "Let mailboxes be used only over TLS, by callers whose certificate is of their \
                  organisation: <local-id>.<ods>.api.mesh-client.nhs.uk.",
    },
    Setting {
        name: "mllp_listen",
        default: "\"\"",
        meaning: "The address to listen on for messages of HL7 version 2 over MLLP, without TLS: a \
                  loopback address, and of use in an open exchange only. Empty: none.",
    },
    Setting {
        name: "mllp_tls_listen",
        default: "\"\"",
        meaning: "The same with TLS, for systems whose certificate the directory knows. \
                  What is shown and believed there is as for tls_listen. Empty: none.",
    },
    Setting {
        name: "open",
        default: "false",
        meaning: "Let calls in without credentials, as a health worker. Loopback addresses only.",
    },
    Setting {
        name: "public_url",
        default: "\"\"",
        meaning: "The address that callers use, for links in answers, such as \
                  https://exchange.example. Empty: the Host header of the call.",
    },
    Setting {
        name: "tokens",
        default: "\"\"",
        meaning: "A file of credentials for development: [[token]] tables with token, mode \
                  (application, privileged-application, worker, patient), client and more; \
                  [[api_key]] tables with key and client. Empty: none.",
    },
    Setting {
        name: "require_asid",
        default: "false",
        meaning: "Let clients in only that belong to an accredited system (ASID) which the \
                  directory knows, and for what its entry there names as interactions. Calls \
                  that an open exchange lets in without credentials belong to none and may.",
    },
    Setting {
        name: "api_calls_a_minute",
        default: "0",
        meaning: "The most calls a minute to any one API, from all clients together, spread \
                  evenly. 0: no bound. Each client has rates of its own: 300 a minute at each API, \
                  or what its entry in the directory says, and each mailbox 1,200; in a \
                  demonstration and in an open exchange only the latter.",
    },
    Setting {
        name: "failures_a_minute",
        default: "0",
        meaning: "How many credentials of one address may fail in a minute: keys, secrets, \
                  assertions, tokens of mailboxes. Beyond it, what fails is answered 429; what is \
                  good is let in. 0: sixty, but in a demonstration and in an open exchange none \
                  are counted.",
    },
    Setting {
        name: "trusted_proxies",
        default: "[]",
        meaning: "Addresses (10.0.0.7) and networks (10.0.0.0/8) of proxies whose X-Forwarded-For \
                  is believed. Without them all callers behind a proxy count as one address.",
    },
    Setting {
        name: "staff_sign_in",
        default: "\"\"",
        meaning: "A file that says where health workers sign in, by OpenID Connect: issuer (its \
                  URL), client_id, client_secret, and private = true where it is not on the \
                  Internet. Empty: nowhere, or at a demonstration's own.",
    },
    Setting { name: "patient_sign_in", default: "\"\"", meaning: "The same for patients." },
    Setting {
        name: "log",
        default: "\"info\"",
        meaning: "What to log, to standard error as JSON lines: error, warn, info, debug, or a \
                  filter such as \"info,store=debug\". No patient data at any level.",
    },
    Setting {
        name: "traces",
        default: "\"\"",
        meaning: "Where to send OpenTelemetry traces, by OTLP over HTTP, such as \
                  http://127.0.0.1:4318. Empty: nowhere.",
    },
];

/// A configuration file with every setting at its default, explained.
pub(crate) fn explained() -> String {
    let head = "# Vertebra. Every setting, at its default. The command line wins.\n";
    let settings = SETTINGS.iter().map(|setting| {
        let meaning: Vec<String> =
            wrap(setting.meaning, 96).iter().map(|line| format!("# {line}\n")).collect();
        format!("\n{}{} = {}\n", meaning.concat(), setting.name, setting.default)
    });
    std::iter::once(head.to_owned()).chain(settings).collect()
}

fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let full = lines.last().is_some_and(|line| line.len() + 1 + word.len() > columns);
        if full {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}

impl Said {
    /// What a configuration file says.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub(crate) fn read(path: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
    }

    /// What this says, and where it says nothing, what another says.
    pub(crate) fn or(self, other: Self) -> Self {
        Self {
            data: self.data.or(other.data),
            listen: self.listen.or(other.listen),
            tls_listen: self.tls_listen.or(other.tls_listen),
            tls_certificate: self.tls_certificate.or(other.tls_certificate),
            tls_key: self.tls_key.or(other.tls_key),
            outgoing_certificate: self.outgoing_certificate.or(other.outgoing_certificate),
            outgoing_key: self.outgoing_key.or(other.outgoing_key),
            tls_client_authorities: self.tls_client_authorities.or(other.tls_client_authorities),
            tls_client_crls: self.tls_client_crls.or(other.tls_client_crls),
            mesh_require_certificate: self
                .mesh_require_certificate
                .or(other.mesh_require_certificate),
            mllp_listen: self.mllp_listen.or(other.mllp_listen),
            mllp_tls_listen: self.mllp_tls_listen.or(other.mllp_tls_listen),
            open: self.open.or(other.open),
            public_url: self.public_url.or(other.public_url),
            tokens: self.tokens.or(other.tokens),
            require_asid: self.require_asid.or(other.require_asid),
            api_calls_a_minute: self.api_calls_a_minute.or(other.api_calls_a_minute),
            failures_a_minute: self.failures_a_minute.or(other.failures_a_minute),
            trusted_proxies: self.trusted_proxies.or(other.trusted_proxies),
            staff_sign_in: self.staff_sign_in.or(other.staff_sign_in),
            patient_sign_in: self.patient_sign_in.or(other.patient_sign_in),
            log: self.log.or(other.log),
            traces: self.traces.or(other.traces),
        }
    }

    /// Makes sense of it.
    ///
    /// # Errors
    /// Every mistake, one a line.
    pub(crate) fn settle(self) -> Result<Config, String> {
        let mut mistakes = Vec::new();
        let listen = self.listen.unwrap_or_else(|| "127.0.0.1:8600".into());
        let listen = address("listen", &listen, &mut mistakes);
        let tls_listen = filled(self.tls_listen);
        let tls_listen = tls_listen.map(|text| address("tls_listen", &text, &mut mistakes));
        let mllp_listen = filled(self.mllp_listen);
        let mllp_listen = mllp_listen.map(|text| address("mllp_listen", &text, &mut mistakes));
        if let Some(far) = mllp_listen.filter(|address| !address.ip().is_loopback()) {
            mistakes.push(format!(
                "mllp_listen: messages without TLS are taken on this machine only, and {far} is \
                 not. hint: listen on 127.0.0.1"
            ));
        }
        let mllp_tls_listen = filled(self.mllp_tls_listen);
        let mllp_tls_listen =
            mllp_tls_listen.map(|text| address("mllp_tls_listen", &text, &mut mistakes));
        let open = self.open.unwrap_or(false);
        let addresses = std::iter::once(listen).chain(tls_listen);
        mistakes
            .extend(addresses.filter(|address| open && !address.ip().is_loopback()).map(too_far));
        let public_url = filled(self.public_url);
        if public_url.as_deref().is_some_and(|url| !url.starts_with("http")) {
            mistakes.push("public_url: must start with http:// or https://".to_owned());
        }
        let tokens = file("tokens", self.tokens, &mut mistakes);
        let staff_sign_in = file("staff_sign_in", self.staff_sign_in, &mut mistakes);
        let patient_sign_in = file("patient_sign_in", self.patient_sign_in, &mut mistakes);
        let named = ["tls_certificate", "tls_key"];
        let (tls_certificate, tls_key) =
            pair(named, [self.tls_certificate, self.tls_key], &mut mistakes);
        let named = ["outgoing_certificate", "outgoing_key"];
        let (outgoing_certificate, outgoing_key) =
            pair(named, [self.outgoing_certificate, self.outgoing_key], &mut mistakes);
        let tls_client_authorities =
            file("tls_client_authorities", self.tls_client_authorities, &mut mistakes);
        let tls_client_crls = file("tls_client_crls", self.tls_client_crls, &mut mistakes);
        let trusted_proxies = proxies(&self.trusted_proxies.unwrap_or_default(), &mut mistakes);
        if !mistakes.is_empty() {
            return Err(mistakes.join("\n"));
        }
        Ok(Config {
            data: self.data.unwrap_or_else(|| "./vertebra-data".into()),
            listen,
            tls_listen,
            tls_certificate,
            tls_key,
            mllp_listen,
            mllp_tls_listen,
            outgoing_certificate,
            outgoing_key,
            tls_client_authorities,
            tls_client_crls,
            mesh_require_certificate: self.mesh_require_certificate.unwrap_or(false),
            open,
            public_url: public_url.map(|url| url.trim_end_matches('/').to_owned()),
            tokens,
            require_asid: self.require_asid.unwrap_or(false),
            api_calls_a_minute: self.api_calls_a_minute.filter(|calls| *calls > 0),
            failures_a_minute: self.failures_a_minute.filter(|failures| *failures > 0),
            trusted_proxies,
            staff_sign_in,
            patient_sign_in,
            log: filled(self.log).unwrap_or_else(|| "info".into()),
            traces: filled(self.traces),
        })
    }
}

fn address(name: &str, text: &str, mistakes: &mut Vec<String>) -> SocketAddr {
    text.parse().unwrap_or_else(|_| {
        mistakes.push(format!("{name}: '{text}' is no address. hint: 127.0.0.1:8600"));
        SocketAddr::from(([127, 0, 0, 1], 8600))
    })
}

fn too_far(far: SocketAddr) -> String {
    format!(
        "open: calls without credentials are let in on this machine only, and {far} is not. \
         hint: listen on 127.0.0.1, or leave open out"
    )
}

fn proxies(written: &[String], mistakes: &mut Vec<String>) -> Proxies {
    Proxies::new(written).unwrap_or_else(|error| {
        mistakes.push(format!("trusted_proxies: {error}"));
        Proxies::default()
    })
}

fn file(name: &str, path: Option<PathBuf>, mistakes: &mut Vec<String>) -> Option<PathBuf> {
    let path = path.filter(|path| !path.as_os_str().is_empty())?;
    if !path.is_file() {
        mistakes.push(format!("{name}: there is no file {}", path.display()));
    }
    Some(path)
}

/// A certificate and its key: both, or none.
fn pair(
    names: [&str; 2],
    paths: [Option<PathBuf>; 2],
    mistakes: &mut Vec<String>,
) -> (Option<PathBuf>, Option<PathBuf>) {
    let ([certificate_name, key_name], [certificate, key]) = (names, paths);
    let certificate = file(certificate_name, certificate, mistakes);
    let key = file(key_name, key, mistakes);
    if certificate.is_some() != key.is_some() {
        let names = names.join(", ");
        mistakes.push(format!("{names}: one is of no use without the other"));
    }
    (certificate, key)
}

fn filled(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests;
