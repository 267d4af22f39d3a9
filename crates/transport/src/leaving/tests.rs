use http_body_util::BodyExt;
use service::Download;
use tokio::sync::oneshot;
use tokio::time::sleep;

use super::*;

fn leaving(most: usize) -> (Cut, Leaving) {
    let mut left = most;
    let download = Download::from_blocks(None, move || {
        let Some(rest) = left.checked_sub(1) else { return Ok::<_, String>(None) };
        left = rest;
        Ok(Some(Bytes::from_static(b"block")))
    });
    let cut = Cut::new();
    let leaving = Leaving::new(download.take().unwrap(), cut.clone());
    (cut, leaving)
}

#[tokio::test(start_paused = true)]
async fn a_caller_who_stops_reading_is_cut_off() {
    let (cut, mut leaving) = leaving(5);
    leaving.frame().await.unwrap().unwrap();
    let stalled = Instant::now();
    cut.cancelled().await;
    assert_eq!(stalled.elapsed().as_secs(), REPLY_STALL_S_MAX);
}

#[tokio::test(start_paused = true)]
async fn a_caller_who_reads_slowly_is_not() {
    let (cut, mut leaving) = leaving(5);
    while let Some(frame) = leaving.frame().await {
        frame.unwrap();
        sleep(Duration::from_secs(REPLY_STALL_S_MAX - 1)).await;
    }
    assert!(!cut.is_cancelled());
    drop(leaving);
    sleep(Duration::from_secs(REPLY_STALL_S_MAX * 2)).await;
    assert!(!cut.is_cancelled(), "it was all read");
}

#[tokio::test(start_paused = true)]
async fn a_caller_does_not_pay_for_a_slow_disk() {
    let (go_on, disk) = oneshot::channel::<()>();
    let mut disk = Some(disk);
    let download = Download::from_blocks(None, move || {
        let waited = disk.take().is_some_and(|disk| disk.blocking_recv().is_ok());
        Ok::<_, String>(waited.then(|| Bytes::from_static(b"late")))
    });
    let cut = Cut::new();
    let mut leaving = Leaving::new(download.take().unwrap(), cut.clone());
    let reading = tokio::spawn(async move { leaving.frame().await.unwrap().unwrap() });
    // Time stands still while a thread works: it must be pushed on.
    tokio::task::yield_now().await;
    tokio::time::advance(Duration::from_secs(REPLY_STALL_S_MAX * 3)).await;
    go_on.send(()).unwrap();
    assert_eq!(reading.await.unwrap().into_data().unwrap(), "late");
    assert!(!cut.is_cancelled());
}
