//! The body or the query of a request as a form, and what is said of one that cannot be read.

use base::{Fault, Kind};
use service::{Form, NoForm, Request};

use crate::faults::invalid_request;

/// The form in the body of a request.
///
/// # Errors
/// `NO_FORM` when the media type is another; `INVALID_REQUEST` when it cannot be read.
pub(crate) fn body(request: &Request) -> Result<Form, Fault> {
    Form::read(request).map_err(refused)
}

/// The query of a request.
///
/// # Errors
/// `INVALID_REQUEST` when it cannot be read.
pub(crate) fn query(request: &Request) -> Result<Form, Fault> {
    Form::query(request).map_err(refused)
}

fn refused(why: NoForm) -> Fault {
    match why {
        NoForm::MediaType => Fault::new(Kind::Unsupported, "NO_FORM", why.to_string()),
        _ => invalid_request(why.to_string()),
    }
}
