use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn a_record_is_read_back(digest: [u8; 16], until_hour: u32, used: bool) {
        let record = Record { digest: Digest(digest), until_hour, used };
        prop_assert_eq!(Record::decode(&record.encode()), Some(record));
    }

    #[test]
    fn a_changed_byte_shows(digest: [u8; 16], at in 0..RECORD_BYTES, other in 1_u8..) {
        let record = Record { digest: Digest(digest), until_hour: 7, used: true };
        let mut bytes = record.encode();
        bytes[at] ^= other;
        // Three bytes of checksum let one change in sixteen million through.
        prop_assert_eq!(Record::decode(&bytes), None);
    }
}

#[test]
fn nothing_written_is_no_record() {
    assert_eq!(Record::decode(&[0; RECORD_BYTES]), None);
    assert_eq!(Record::decode(&[255; RECORD_BYTES]), None);
}

#[test]
fn kinds_and_names_do_not_run_together() {
    let digests = [("a", "bc"), ("ab", "c"), ("abc", ""), ("", "abc")];
    for (place, (kind, key)) in digests.iter().enumerate() {
        for (other_kind, other_key) in digests.iter().skip(place + 1) {
            assert_ne!(Digest::of(kind, key), Digest::of(other_kind, other_key));
        }
    }
}
