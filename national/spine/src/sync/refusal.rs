//! Why a question has no answer, in the codes of the demographics.

use hl7v3::wrapper::{Code, Issue};

use super::contract::Unfound;
use super::exchange::Kind;
use crate::oid;

/// Why a question has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Nobody is described so.
    NoMatch,
    /// More than one is.
    SeveralMatch,
    /// Nobody has the NHS number.
    NoNumber,
    /// It is not a search that can be made.
    BadSearch,
    /// There is no family name to search by.
    NoName,
}

impl Refusal {
    /// What is to be said about it: the general code first, then the particular one.
    pub(crate) fn issues(self) -> Vec<Issue> {
        let rows: &[(&str, &str)] = match self {
            Self::NoMatch => &[
                ("1", "No match to a Service User record"),
                ("ST004", "No match to a Service User record"),
            ],
            Self::SeveralMatch => &[("0", "More than one Service User record matches")],
            Self::NoNumber => {
                &[("1", "No match to a Service User record"), ("NHSNCC002", "NHS Number not found")]
            }
            Self::BadSearch => &[("AT001", "The search criteria are not ones that can be used")],
            Self::NoName => &[("AT002", "The name to search by is missing")],
        };
        rows.iter()
            .map(|(code, display)| Code {
                code: (*code).to_owned(),
                system: oid::PDS_ERROR.to_owned(),
                display: (*display).to_owned(),
                qualifier: "ER".to_owned(),
            })
            .collect()
    }

    /// How the query fared.
    pub(crate) fn query_response(self) -> &'static str {
        match self {
            Self::NoMatch | Self::NoNumber | Self::SeveralMatch => "ID",
            Self::BadSearch | Self::NoName => "QE",
        }
    }

    /// The refusal for somebody who was not found; nothing when that is no answer to a question.
    pub(crate) fn of(unfound: &Unfound, kind: Kind) -> Option<Self> {
        match unfound {
            Unfound::Nobody if kind == Kind::Retrieval => Some(Self::NoNumber),
            Unfound::Nobody => Some(Self::NoMatch),
            Unfound::Several => Some(Self::SeveralMatch),
            Unfound::NoNumber => Some(Self::NoNumber),
            Unfound::NotAQuestion => Some(Self::BadSearch),
            Unfound::Forbidden | Unfound::Failed(_) => None,
        }
    }
}
