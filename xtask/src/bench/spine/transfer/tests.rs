use super::*;

#[test]
fn a_row_says_how_long_the_middle_transfer_took_beside_an_upload() {
    let row = Transferred {
        bytes: 10_000_000,
        took_s: vec![9.0, 2.0, 1.0],
        upload_s: vec![0.5],
        memory_most_bytes: 1,
    };
    assert_eq!(row.json()["seconds"], 2.0);
    assert_eq!(row.json()["megabytes_a_second"], 5.0);
    assert_eq!(row.json()["times_an_upload"], 4.0);
    assert_eq!(row.json()["transfers"], 3);
}

#[test]
fn what_was_never_measured_is_no_number() {
    assert!(median(&[]).is_nan());
}
