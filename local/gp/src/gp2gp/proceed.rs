//! The old practice goes on: it sends what did not fit into the extract, each in a message of its
//! own, or as an index and its fragments.

use desk::Card;
use hl7v3::ebxml::Attachment;

use super::attach::Going;
use super::envelope::content_bytes_max;
use super::fragment::fragment;
use super::work::Step;
use super::wrap::Draft;
use super::{COMMON, id_of};
use crate::outbox::{Attached, Letter, Slice};
use crate::transfer::Way;

/// Sends everything that the transfer of the conversation still has to send. Who asks twice gets
/// it once: the messages are the same.
///
/// # Errors
/// When this cannot be kept.
pub(super) async fn proceed(step: &Step<'_>) -> Result<(), String> {
    let known = step.system.transfer(step.conversation).await.map_err(Step::failed)?;
    let ours = known.filter(|known| {
        known.way == Way::Out && known.is_open() && known.partner == step.from.organisation
    });
    let Some(transfer) = ours else { return Ok(()) };
    let mut fragments = Fragments { step, number: 0, of: transfer.fragments };
    for going in &transfer.going {
        for letter in fragments.of(going) {
            step.system.post(&letter).await.map_err(Step::failed)?;
        }
    }
    Ok(())
}

/// The fragments of a record, counted.
struct Fragments<'a> {
    step: &'a Step<'a>,
    number: usize,
    of: usize,
}

impl Fragments<'_> {
    /// The messages that bring a document.
    fn of(&mut self, going: &Going) -> Vec<Letter> {
        let most = self.step.system.handler.message_bytes_max;
        let id = going.message(&self.step.conversation.to_string());
        if going.messages(most) == 1 {
            let inside = going.inside(going.description(most));
            return vec![self.letter(id, &going.name, vec![inside])];
        }
        let piece_bytes = content_bytes_max(most);
        let pieces: Vec<Piece> = (0..going.bytes.div_ceil(piece_bytes))
            .map(|number| {
                let from = number * piece_bytes;
                let bytes = piece_bytes.min(going.bytes - from);
                Piece { id: id_of(&[&id, &number.to_string()]), number, from, bytes }
            })
            .collect();
        let index = pieces.iter().map(|piece| piece.attached(going, false)).collect();
        let mut letters = vec![self.letter(id, &going.name, index)];
        for piece in &pieces {
            let name = piece.name(going);
            letters.push(self.letter(piece.id.clone(), &name, vec![piece.attached(going, true)]));
        }
        letters
    }

    fn letter(&mut self, id: String, name: &str, attached: Vec<Attached>) -> Letter {
        self.number += 1;
        let step = self.step;
        let draft = Draft {
            id,
            conversation: step.conversation,
            to: step.from,
            interaction: COMMON,
            what: format!("COPC_IN000001UK01: fragment {} of {}", self.number, self.of),
            at: step.at,
        };
        let card: &Card = &step.system.desk.card;
        let subject = fragment(&draft, &card.organisation, name);
        draft.letter(step.system, None, Some(subject), attached)
    }
}

/// A piece of a document that is too large for one message.
struct Piece {
    id: String,
    number: u64,
    from: u64,
    bytes: u64,
}

impl Piece {
    fn name(&self, of: &Going) -> String {
        format!("{}_fragment_{:03}", of.document, self.number + 1)
    }

    /// The piece as an attachment: inside the message, or in one of its own.
    fn attached(&self, of: &Going, inside: bool) -> Attached {
        let attachment = Attachment {
            filename: self.name(of),
            content_type: "application/octet-stream".to_owned(),
            length: Some(self.bytes),
            ..Attachment::default()
        };
        let slice = Slice { file: of.file.clone(), from: self.from, bytes: self.bytes };
        // The payload of a message has the id of the message.
        let id = if inside { format!("attachment-{}", self.id) } else { self.id.clone() };
        Attached {
            id,
            document: self.id.clone(),
            description: attachment.to_string(),
            content: inside.then_some(slice),
        }
    }
}
