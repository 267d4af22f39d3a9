//! Bodies: what goes in comes out, and damage is noticed without harm.

use base::{Clock, Dice};
use proptest::prelude::*;
use tempfile::TempDir;

use super::*;

fn core(folder: &TempDir) -> Core {
    Core::open(folder.path(), Clock::System, &Dice::seeded(1)).unwrap()
}

#[test]
fn what_goes_in_comes_out() {
    let folder = TempDir::new().unwrap();
    let core = core(&folder);
    proptest!(|(body in prop::collection::vec(0..4_u8, 0..2_000))| {
        let packed = pack(&core, 1, Bytes::from(body.clone())).unwrap();
        prop_assert!(packed.bytes.len() <= body.len());
        prop_assert_eq!(unpack(&core, packed.dictionary, &packed.bytes).unwrap(), body);
    });
}

#[test]
fn damage_is_noticed() {
    let folder = TempDir::new().unwrap();
    let core = core(&folder);
    proptest!(|(noise in prop::collection::vec(any::<u8>(), 0..200), keep in 0..40_usize)| {
        prop_assert!(unpack(&core, 0, &noise).is_err());
        let packed = pack(&core, 1, Bytes::from(vec![b'x'; 5_000])).unwrap();
        let cut = packed.bytes.len().saturating_sub(1).min(keep);
        prop_assert!(unpack(&core, packed.dictionary, &packed.bytes[..cut]).is_err());
    });
}

#[test]
fn no_frame_unpacks_beyond_the_limit() {
    let folder = TempDir::new().unwrap();
    let core = core(&folder);
    let much = zstd::bulk::compress(&vec![0; BODY_BYTES_MAX + 1], 1).unwrap();
    assert!(matches!(unpack(&core, 0, &much), Err(StoreError::Damaged(_))));
    let refused = pack(&core, 1, Bytes::from(vec![0; BODY_BYTES_MAX + 1]));
    assert!(refused.is_err());
}
