//! What runs beside the listeners until the house closes.

use tokio::task::JoinHandle;

/// Tasks that end by themselves when the house is told to stop.
#[derive(Default)]
pub(crate) struct Beside(Vec<(&'static str, JoinHandle<()>)>);

impl Beside {
    /// Starts one. The name is for the log.
    pub(crate) fn start(
        &mut self,
        name: &'static str,
        work: impl Future<Output = ()> + Send + 'static,
    ) {
        self.0.push((name, tokio::spawn(work)));
    }

    /// Waits until all of them have ended.
    pub(crate) async fn end(self) {
        for (name, task) in self.0 {
            if let Err(error) = task.await {
                tracing::error!(name, %error, "a task of the house came to a bad end");
            }
        }
    }
}
