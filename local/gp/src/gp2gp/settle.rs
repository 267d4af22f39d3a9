//! A practice learns what became of a message of its own.

use hl7v3::wrapper::{AckKind, Acknowledgement, Transmission};

use super::attach::Going;
use super::envelope::content_bytes_max;
use super::work::Step;
use super::{id_of, skeleton};
use crate::transfer::{Transfer, Way};

/// The longest code that is kept.
const CODE_BYTES_MAX: usize = 16;

/// Notes what became of a message. Codes of others are kept as they are.
///
/// # Errors
/// When this cannot be kept.
pub(super) async fn settle(step: &Step<'_>, message: &Transmission<'_>) -> Result<(), String> {
    let Some(said) = &message.acknowledgement else { return Ok(()) };
    let most = step.system.handler.message_bytes_max;
    let changed = step.system.change(step.conversation, |transfer| {
        if transfer.partner == step.from.organisation {
            noted(transfer, said, most);
        }
    });
    match changed.await.map_err(Step::failed)? {
        Some(transfer) if transfer.way == Way::Out && !transfer.is_open() => {
            skeleton::forget(step.system, &transfer.extract).await.map_err(Step::failed)
        }
        _ => Ok(()),
    }
}

fn noted(transfer: &mut Transfer, said: &Acknowledgement, message_bytes_max: usize) {
    let (of, refused) = (said.of.to_uppercase(), said.kind != AckKind::Accept);
    let fragment = is_fragment(transfer, &of, message_bytes_max);
    match transfer.way {
        Way::In if refused => transfer.state = format!("refused-{}", code(said)),
        Way::In => {}
        // What was said of something else, as of an extract that came twice, changes nothing.
        Way::Out if of != transfer.extract && !fragment => {}
        Way::Out if refused => transfer.state = format!("refused-{}", code(said)),
        Way::Out if !fragment => {
            "acknowledged".clone_into(&mut transfer.state);
            // The word about the whole may be faster than that about the last fragment.
            transfer.fragments_done = transfer.fragments;
        }
        Way::Out if transfer.acknowledged.contains(&of) => {}
        Way::Out => {
            transfer.acknowledged.push(of);
            transfer.fragments_done = transfer.acknowledged.len();
        }
    }
}

/// Whether an id is that of a message that carries something of a record.
fn is_fragment(transfer: &Transfer, of: &str, message_bytes_max: usize) -> bool {
    let conversation = transfer.conversation.to_string();
    transfer.going.iter().any(|going: &Going| {
        let id = going.message(&conversation);
        let pieces = going.bytes.div_ceil(content_bytes_max(message_bytes_max));
        id == of || (0..pieces).any(|piece| id_of(&[&id, &piece.to_string()]) == of)
    })
}

/// The code of a refusal; 99 when there is none.
fn code(said: &Acknowledgement) -> String {
    let code = said.details.first().map(|detail| detail.code.as_str()).unwrap_or_default();
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    if code.is_empty() || code.len() > CODE_BYTES_MAX || !code.bytes().all(fits) {
        return "99".to_owned();
    }
    code.to_owned()
}
