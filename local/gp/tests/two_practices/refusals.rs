//! What goes wrong between two practices, each with its code.

use std::time::Duration;

use gp::{Handler, Patience};
use serde_json::json;

use crate::trial::Trial;
use crate::{NUMBER, large, notes};

/// Times that end within a test: a look each second.
fn soon(handler: &mut Handler) {
    handler.patience = Patience {
        extract_weight: 0.5,
        fragment_weight: 0.1,
        acknowledgement_s: 1,
        look_every_s: 1,
        ..Patience::default()
    };
}

#[tokio::test(flavor = "multi_thread")]
async fn a_practice_that_knows_nobody_says_so() {
    let trial = Trial::new().await;
    let told = json!({ "nhs_number": NUMBER, "from": "OLD" });
    let done = trial.new.act("transfer", told).await;
    assert_eq!(done["outcome"], "refused-06", "{done}");
    assert!(trial.new.records("record").await.as_array().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_the_patients_practice_gets_nothing() {
    let trial = Trial::new().await;
    trial.old.act("admit", notes()).await;
    let told = json!({ "nhs_number": NUMBER, "from": "OLD", "without_registration": true });
    let done = trial.new.act("transfer", told).await;
    assert_eq!(done["outcome"], "refused-19", "{done}");
    assert!(trial.new.records("record").await.as_array().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_can_be_asked_for_somebody_whom_no_one_knows() {
    let trial = Trial::new().await;
    let told = json!({ "nhs_number": "9000000017" });
    assert_eq!(trial.new.act("transfer", told).await["outcome"], "unknown");
    let told = json!({ "nhs_number": "9000000010" });
    let refused = trial.new.act("transfer", told).await;
    assert_eq!(refused["error"], "nhs_number: that is none");
}

#[tokio::test(flavor = "multi_thread")]
async fn fragments_that_do_not_come_in_time_end_the_transfer() {
    let trial = Trial::with(|handler| {
        soon(handler);
        handler.patience.acknowledgement_s = 60;
    })
    .await;
    // The word to go on passes, and two of the fragments.
    trial.stand_in.lost.lock().unwrap().push(("COPC_IN000001UK01", 3));
    trial.old.act("admit", large()).await;
    let done = trial.new.act("transfer", json!({ "nhs_number": NUMBER })).await;
    assert_eq!(done["outcome"], "refused-25", "{done}");
    trial.old.comes_to("refused-25").await;
    assert!(trial.new.records("record").await.as_array().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_extract_that_never_comes_is_not_waited_for_for_ever() {
    let trial = Trial::with(|handler| {
        soon(handler);
        (handler.patience.answer_s, handler.patience.acknowledgement_s) = (3, 60);
    })
    .await;
    trial.stand_in.held.lock().unwrap().push("RCMR_IN030000UK06");
    trial.old.act("admit", notes()).await;
    let done = trial.new.act("transfer", json!({ "nhs_number": NUMBER })).await;
    assert_eq!(done["outcome"], "unanswered", "{done}");
    // It comes after all: the old practice is told that it came too late.
    trial.stand_in.let_go().await;
    trial.old.comes_to("refused-25").await;
    trial.new.comes_to("unanswered").await;
    assert!(trial.new.records("record").await.as_array().unwrap().is_empty());
    // Asked for again, it is another transfer.
    let told = json!({ "nhs_number": NUMBER, "from": "OLD" });
    assert_eq!(trial.new.act("transfer", told).await["outcome"], "integrated");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_nobody_understands_is_refused() {
    let trial = Trial::new().await;
    trial.stand_in.changed.lock().unwrap().push(("RCMR_IN010000UK05", "EhrRequest", "EhrQuest"));
    trial.old.act("admit", notes()).await;
    let done = trial.new.act("transfer", json!({ "nhs_number": NUMBER })).await;
    assert_eq!(done["outcome"], "refused-18", "{done}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_cannot_be_put_in_its_place_is_refused() {
    let trial = Trial::new().await;
    trial.old.act("admit", notes()).await;
    let here = trial.folder.path().join("NEW/record");
    std::fs::create_dir_all(&here).unwrap();
    std::fs::write(here.join(format!("{NUMBER}.json")), "rubbish").unwrap();
    let done = trial.new.act("transfer", json!({ "nhs_number": NUMBER })).await;
    assert_eq!(done["outcome"], "refused-11", "{done}");
    trial.old.comes_to("refused-11").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_of_which_nobody_said_what_became_of_it_ends_with_99() {
    let trial = Trial::with(soon).await;
    trial.stand_in.lost.lock().unwrap().push(("MCCI_IN010000UK13", 0));
    trial.old.act("admit", notes()).await;
    let done = trial.new.act("transfer", json!({ "nhs_number": NUMBER })).await;
    assert_eq!(done["outcome"], "integrated", "{done}");
    trial.old.comes_to("unacknowledged-99").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_takes_no_fragments_gets_no_large_record_but_a_small_one() {
    let trial = Trial::new().await;
    trial.stand_in.unlisted.lock().unwrap().push("COPC_IN000001UK01");
    trial.old.act("admit", large()).await;
    let done = trial.new.act("transfer", json!({ "nhs_number": NUMBER })).await;
    assert_eq!(done["outcome"], "refused-14", "{done}");
    trial.old.act("admit", notes()).await;
    let told = json!({ "nhs_number": NUMBER, "from": "OLD" });
    assert_eq!(trial.new.act("transfer", told).await["outcome"], "integrated");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_practice_that_exchanges_no_records_says_so() {
    let trial = Trial::with(|handler| handler.disabled = true).await;
    trial.old.act("admit", notes()).await;
    let done = trial.new.act("transfer", json!({ "nhs_number": NUMBER })).await;
    assert_eq!(done["outcome"], "refused-07", "{done}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_the_directory_does_not_know_nobody_can_ask() {
    let trial = Trial::new().await;
    trial.old.act("admit", notes()).await;
    let told = json!({ "nhs_number": NUMBER, "from": "ELSEWHERE" });
    assert_eq!(trial.new.act("transfer", told).await["outcome"], "no-partner-24");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_larger_than_may_be_sent_is_not_sent() {
    let trial = Trial::new().await;
    let scan = json!({ "name": "scan.tiff", "bytes": 100 * 1024 * 1024 + 1 });
    let told = json!({ "nhs_number": NUMBER, "documents": [scan] });
    assert_eq!(trial.old.act("admit", told).await["outcome"], "admitted");
    let done = trial.new.act("transfer", json!({ "nhs_number": NUMBER })).await;
    assert_eq!(done["outcome"], "refused-10", "{done}");
}

/// Rows: the message, what is changed in it, and the code with which both practices end.
#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_comes_otherwise_than_it_was_sent_is_refused_with_the_right_code() {
    let extract = "RCMR_IN030000UK06";
    let rows = [
        (extract, "\"cid:attachment-", "\"cid:elsewhere-", "31"),
        (extract, "Length=2000", "Length=2001", "29"),
        (extract, "EhrExtract", "EhrRubbish", "21"),
        (extract, NUMBER, "9000000017", "28"),
    ];
    for (action, from, to, code) in rows {
        let trial = Trial::new().await;
        trial.stand_in.changed.lock().unwrap().push((action, from, to));
        let letter = json!({ "name": "letter.txt", "bytes": 2_000 });
        let told = json!({ "nhs_number": NUMBER, "documents": [letter] });
        trial.old.act("admit", told).await;
        let state = format!("refused-{code}");
        let done = trial.new.act("transfer", json!({ "nhs_number": NUMBER })).await;
        assert_eq!(done["outcome"], state, "{done}");
        trial.old.comes_to(&state).await;
        assert!(trial.new.records("record").await.as_array().unwrap().is_empty());
        assert_eq!(trial.left_behind("document") + trial.left_behind("piece"), 0, "{state}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fragment_that_nobody_understands_ends_the_transfer() {
    let trial = Trial::new().await;
    // The word to go on is of the same interaction, and of another subject.
    trial.stand_in.changed.lock().unwrap().push(("COPC_IN000001UK01", "TTACHMENTINFO", "TTACK"));
    trial.old.act("admit", large()).await;
    let told = json!({ "nhs_number": NUMBER, "wait_s": 0 });
    assert_eq!(trial.new.act("transfer", told).await["outcome"], "asked");
    trial.old.comes_to("refused-30").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_extract_is_one_too_many() {
    let trial = Trial::new().await;
    *trial.stand_in.again.lock().unwrap() = Some("RCMR_IN030000UK06");
    trial.old.act("admit", notes()).await;
    let done = trial.new.act("transfer", json!({ "nhs_number": NUMBER })).await;
    assert_eq!(done["outcome"], "integrated", "{done}");
    for _ in 0..2_000 {
        if trial.stand_in.codes.lock().unwrap().contains(&"12".to_owned()) {
            assert_eq!(trial.new.records("record").await[0]["notes"].as_array().unwrap().len(), 2);
            trial.old.comes_to("acknowledged").await;
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    unreachable!("nobody said 12");
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_that_nobody_knows_are_kept_as_they_are() {
    let trial = Trial::new().await;
    trial.stand_in.changed.lock().unwrap().push((
        "MCCI_IN010000UK13",
        "code=\"06\"",
        "code=\"4711\"",
    ));
    let told = json!({ "nhs_number": NUMBER, "from": "OLD" });
    let done = trial.new.act("transfer", told).await;
    assert_eq!(done["outcome"], "refused-4711", "{done}");
}
