//! Answering everybody who shared a sync.

use tokio::runtime::Handle;
use tokio::sync::oneshot;

/// From how many answers on they are given from inside the runtime.
const ANSWERS_FROM_INSIDE: usize = 4;

/// Answers everybody. Waking many tasks from outside their runtime costs a lock and often a system
/// call for each, so a large group is answered from inside.
pub(crate) fn give<T: Send + 'static>(
    runtime: Option<&Handle>,
    answers: Vec<(oneshot::Sender<T>, T)>,
) {
    let many = answers.len() >= ANSWERS_FROM_INSIDE;
    let give = move || {
        for (answer, result) in answers {
            // Whoever asked may have gone; what was done stays done.
            let _ = answer.send(result);
        }
    };
    match runtime {
        Some(runtime) if many => drop(runtime.spawn(async move { give() })),
        _ => give(),
    }
}
