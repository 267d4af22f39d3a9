//! A practice learns what became of a message of its own.

use hl7v3::wrapper::{AckKind, Acknowledgement, Transmission};

use super::attach::Going;
use super::envelope::content_bytes_max;
use super::id_of;
use super::work::Step;
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
    changed.await.map(drop).map_err(Step::failed)
}

fn noted(transfer: &mut Transfer, said: &Acknowledgement, message_bytes_max: usize) {
    if said.kind != AckKind::Accept {
        transfer.state = format!("refused-{}", code(said));
        return;
    }
    if transfer.way == Way::In {
        return;
    }
    let of = said.of.to_uppercase();
    if of == transfer.extract {
        "acknowledged".clone_into(&mut transfer.state);
        return;
    }
    let conversation = transfer.conversation.to_string();
    let sent = |going: &Going| {
        let id = going.message(&conversation);
        let pieces = going.bytes.div_ceil(content_bytes_max(message_bytes_max));
        id == of || (0..pieces).any(|piece| id_of(&[&id, &piece.to_string()]) == of)
    };
    if !transfer.acknowledged.contains(&of) && transfer.going.iter().any(sent) {
        transfer.acknowledged.push(of);
        transfer.fragments_done = transfer.acknowledged.len();
    }
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
