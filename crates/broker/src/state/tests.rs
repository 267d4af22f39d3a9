use super::*;

#[test]
fn names_and_numbers_lead_back() {
    for state in State::ALL {
        assert_eq!(State::from_number(state as u8), Some(state));
        assert_eq!(State::named(state.name()), Some(state));
    }
    assert_eq!(State::from_number(0), None);
}

#[test]
fn an_end_is_an_end() {
    for state in State::ALL.into_iter().filter(|state| state.is_end()) {
        for next in State::ALL {
            let answered = state == State::Acknowledged && next == State::Answered;
            assert_eq!(state.may_become(next), answered, "{} {}", state.name(), next.name());
        }
    }
}

#[test]
fn every_state_that_is_no_end_leads_to_one() {
    for state in State::ALL.into_iter().filter(|state| !state.is_end()) {
        assert!(State::ALL.into_iter().any(|next| next.is_end() && state.may_become(next)));
    }
}
