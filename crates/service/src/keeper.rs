//! Who decides on the callers of an API: the house, by bearer tokens or certificates, or the API
//! itself, by credentials of its own kind.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use base::Fault;
use http::{HeaderMap, Method};
use security::{Caller, Certificate};

/// A call at the door of an API, before anybody knows who calls. The body is not read yet.
#[derive(Clone, Copy, Debug)]
pub struct Knock<'a> {
    /// The name of the interaction that is asked for.
    pub interaction: &'static str,
    /// The HTTP method.
    pub method: &'a Method,
    /// The values of the `{name}` parts of the path, decoded.
    pub path_values: &'a [(&'static str, String)],
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The certificate that was shown, where the connection was taken with one.
    pub certificate: Option<&'a Certificate>,
}

impl<'a> Knock<'a> {
    /// The value of a `{name}` part of the path; empty when the route has no such part.
    pub fn path_value(&self, name: &str) -> &'a str {
        let found = self.path_values.iter().find(|(known, _)| *known == name);
        found.map_or("", |(_, value)| value)
    }

    /// A header as text; nothing when it is absent or not text.
    pub fn header(&self, name: &str) -> Option<&'a str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// From a knock to who is proved to call, or to the refusal in the API's own words.
pub type Judge = Arc<dyn Fn(&Knock<'_>) -> Result<Proved, Fault> + Send + Sync>;
/// The use of a credential, on its way to the disk; or why it must not be used.
pub type Noting = Pin<Box<dyn Future<Output = Result<(), Fault>> + Send>>;

/// A caller who is proved by credentials of an API's own kind.
pub struct Proved {
    /// Who calls.
    pub caller: Caller,
    /// What has to be on disk before anything is done for them: that the credential was used. It
    /// is begun once the call is counted, so that one too many uses nothing up.
    pub noting: Option<Noting>,
}

/// Who decides on the callers of an API.
#[derive(Clone)]
pub enum Keeper {
    /// The house's gate, by bearer tokens.
    Bearer,
    /// The house's gate, by the certificates of systems: whoever it lets in comes as
    /// [`Mode::System`](security::Mode::System). The API's style is told of
    /// [`Refusal::Missing`](security::Refusal::Missing) and
    /// [`Refusal::Invalid`](security::Refusal::Invalid), and may mean the certificate.
    Certificate,
    /// The API itself, by what stands in the Authorization header.
    Own {
        /// What a developer needs to know to make the credentials, in Markdown.
        about: &'static str,
        /// Who decides.
        judge: Judge,
    },
}

impl Keeper {
    /// A keeper that judges by credentials of its own kind.
    pub fn own<J>(about: &'static str, judge: J) -> Self
    where
        J: Fn(&Knock<'_>) -> Result<Proved, Fault> + Send + Sync + 'static,
    {
        Self::Own { about, judge: Arc::new(judge) }
    }

    /// The name of the kind of credentials in the catalogue and in specifications.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Bearer => "bearer",
            Self::Certificate => "certificate",
            Self::Own { .. } => "own",
        }
    }
}

impl From<Caller> for Proved {
    fn from(caller: Caller) -> Self {
        Self { caller, noting: None }
    }
}

impl fmt::Debug for Keeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
