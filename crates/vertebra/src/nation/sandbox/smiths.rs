//! The published Smiths of one birth date and one postcode, with whom searches that find many are
//! tried.

use pds::Record;

use super::builder::{Builder, home, name, telecom, with_key};

struct Smith {
    number: &'static str,
    version: u32,
    given: &'static str,
    /// Since when: the name, the contact details, the address.
    since: (&'static str, &'static str, &'static str),
    /// The ids of the name and of the address.
    ids: (&'static str, &'static str),
    lines: &'static str,
    /// System, use, value and id of each.
    telecoms: &'static [(&'static str, &'static str, &'static str, &'static str)],
    /// When, and when that was told.
    died: Option<(&'static str, &'static str)>,
}

#[rustfmt::skip]
const SMITHS: [Smith; 20] = [
    Smith {
        number: "5069635395", version: 2, given: "Sam/Matt",
        since: ("2022-08-05", "2022-08-05", "2022-08-24"), ids: ("246851C5", "EE13E36A"),
        lines: "5 The Blackthorns/Broughton/BRIGG",
        telecoms: &[("email", "home", "test@test.com", "0622AADB")],
        died: None,
    },
    Smith {
        number: "5502481484", version: 2, given: "Sam/Matt",
        since: ("2022-08-05", "2022-08-05", "2022-08-24"), ids: ("CF90C06B", "F650C3C3"),
        lines: "Shahdaroba/Poplar Drive/Broughton/BRIGG",
        telecoms: &[("phone", "home", "01234123123", "6F3EE252"),
            ("email", "work", "test@test.com", "42FE16A9")],
        died: None,
    },
    Smith {
        number: "5667541432", version: 4, given: "Sam/Matt",
        since: ("2022-08-05", "2022-08-05", "2022-08-24"), ids: ("EF49854D", "15D93BE1"),
        lines: "146 Burringham Road/SCUNTHORPE",
        telecoms: &[("email", "home", "test@test.com", "06F23F70"),
            ("phone", "home", "01234123123", "E77E0899")],
        died: Some(("2022-03-03", "2022-08-08T17:28:41+00:00")),
    },
    Smith {
        number: "5689174815", version: 3, given: "Sam/Matt",
        since: ("2022-08-08", "2022-08-08", "2022-08-24"), ids: ("101C7601", "5D1EE820"),
        lines: "3/1 Albert Square Meadowside/DUNDEE",
        telecoms: &[("email", "home", "test@test.com", "D725A4E4"),
            ("phone", "home", "01234123123", "E9FD1599")],
        died: Some(("2022-07-07", "2022-08-08T17:33:22+00:00")),
    },
    Smith {
        number: "5900020584", version: 4, given: "Sam/Matt",
        since: ("2022-08-12", "2022-08-11", "2022-08-24"), ids: ("8DC3F6AC", "151D8EFA"),
        lines: "street/town",
        telecoms: &[("phone", "home", "0121000222", "17DACEA4"),
            ("email", "home", "New@new.com", "C2FDE019")],
        died: None,
    },
    Smith {
        number: "5900021459", version: 2, given: "Sam/Matt",
        since: ("2022-08-05", "2022-08-05", "2022-08-24"), ids: ("A4CEAF9B", "5D326751"),
        lines: "Ivanhoe/New Holland Road/BARROW-UPON-HUMBER",
        telecoms: &[("email", "home", "test@test.com", "7FF09004"),
            ("phone", "temp", "01234123123", "3065EF23")],
        died: None,
    },
    Smith {
        number: "5900022366", version: 2, given: "Sam/Matt",
        since: ("2022-08-05", "2022-08-05", "2022-08-24"), ids: ("EC093519", "51F273DD"),
        lines: "Elm Cottage/West End Road/ULCEBY",
        telecoms: &[("email", "home", "test@test.com", "F7CFA85B"),
            ("phone", "home", "01222111111", "1ACFC3C6")],
        died: None,
    },
    Smith {
        number: "5900022978", version: 2, given: "Sam/Matt",
        since: ("2022-08-10", "2022-08-10", "2022-08-24"), ids: ("B9D97A4C", "F6197DEB"),
        lines: "2 HIGHFIELD CRESCENT/SCUNTHORPE",
        telecoms: &[("email", "home", "test@test.com", "9ECEB2EB"),
            ("phone", "home", "01234444444", "620FA849")],
        died: None,
    },
    Smith {
        number: "5900025225", version: 2, given: "Sam/Matt",
        since: ("2022-08-10", "2022-08-10", "2022-08-24"), ids: ("38EF8A2D", "BE57324B"),
        lines: "1 SCHOOL CROFT/WESTWOODSIDE/DONCASTER",
        telecoms: &[("email", "home", "test@test.com", "E2650674"),
            ("phone", "temp", "01234111111", "DA0494A1")],
        died: None,
    },
    Smith {
        number: "5900026086", version: 2, given: "Sam/Matt",
        since: ("2022-08-05", "2022-08-05", "2022-08-24"), ids: ("C2765599", "F03A91B0"),
        lines: "8 Bedale Road/SCUNTHORPE",
        telecoms: &[("email", "home", "test@test.com", "3C8F1590"),
            ("phone", "work", "01234123123", "431DD5FF")],
        died: None,
    },
    Smith {
        number: "5900026191", version: 3, given: "Sam/Matt",
        since: ("2022-08-09", "2022-08-09", "2022-08-24"), ids: ("D43DFBA6", "4751CDD0"),
        lines: "Riseholme/Greengate Lane/Goxhill/BARROW-UPON-HUMBER",
        telecoms: &[("email", "home", "test@test.com", "547E8DEA"),
            ("phone", "home", "01234123123", "03309CC1")],
        died: Some(("2022-07-07", "2022-08-09T12:29:23+00:00")),
    },
    Smith {
        number: "5900027376", version: 2, given: "Sam/Matt",
        since: ("2022-08-05", "2022-08-05", "2022-08-24"), ids: ("8B2D0BC0", "2E01FB2A"),
        lines: "6 Sturmer Court/SCUNTHORPE",
        telecoms: &[("email", "home", "email@email.com", "3DE2D9C7"),
            ("phone", "home", "01234123123", "D04A1D9F")],
        died: None,
    },
    Smith {
        number: "5900028917", version: 2, given: "Sam/Matt",
        since: ("2022-08-10", "2022-08-10", "2022-08-24"), ids: ("07EAC539", "BBEFF749"),
        lines: "DANE LODGE/MILL LANE/WRAWBY/BRIGG",
        telecoms: &[("email", "home", "test@test.com", "C043BF6B"),
            ("phone", "mobile", "01234333333", "589C335C")],
        died: None,
    },
    Smith {
        number: "5900030741", version: 2, given: "Sam/Bob",
        since: ("2022-08-05", "2022-08-05", "2022-08-24"), ids: ("DD5B5096", "FB3109FC"),
        lines: "81 Ermine Street/Broughton/BRIGG",
        telecoms: &[("email", "home", "test@test.com", "8393FF71"),
            ("phone", "home", "01234123123", "EE465034")],
        died: None,
    },
    Smith {
        number: "5900031160", version: 2, given: "Sam/Matt",
        since: ("2022-08-05", "2022-08-05", "2022-08-24"), ids: ("101577CF", "258C18C4"),
        lines: "6 Northlands Avenue/Winterton/SCUNTHORPE",
        telecoms: &[("email", "home", "test@test.com", "F606AE4E"),
            ("phone", "mobile", "01234123123", "A67A7F77")],
        died: None,
    },
    Smith {
        number: "5900032809", version: 2, given: "Sam/Matt",
        since: ("2022-08-10", "2022-08-10", "2022-08-24"), ids: ("B9088EA8", "C3DFF427"),
        lines: "1 ST. VINCENTS AVENUE/SCUNTHORPE",
        telecoms: &[("email", "home", "test@test.com", "FE3EFE95")],
        died: None,
    },
    Smith {
        number: "5900033694", version: 2, given: "Sam/Matt",
        since: ("2022-08-10", "2022-08-10", "2022-08-24"), ids: ("8A48BEAF", "0DE2D405"),
        lines: "CRESTA/COLLEGE ROAD/EAST HALTON/IMMINGHAM/S HUMBERSIDE",
        telecoms: &[("email", "home", "test@test.com", "94165207"),
            ("phone", "work", "01234222222", "29479209")],
        died: None,
    },
    Smith {
        number: "5900034143", version: 2, given: "Sam/Matt",
        since: ("2022-08-10", "2022-08-10", "2022-08-24"), ids: ("CDFC2784", "A97B1182"),
        lines: "1 ALAN CRESCENT/SCUNTHORPE/S HUMBERSIDE",
        telecoms: &[("phone", "home", "01234123123", "02DF6A8D"),
            ("email", "work", "work@work.com", "3D3F7CA2")],
        died: None,
    },
    Smith {
        number: "5900036863", version: 2, given: "Sam/Matt",
        since: ("2022-08-05", "2022-08-05", "2022-08-24"), ids: ("F8A76F5A", "B03419DB"),
        lines: "122 Grange Lane South/SCUNTHORPE",
        telecoms: &[("email", "home", "test@test.com", "90AC976F"),
            ("phone", "home", "01234123123", "2269DB08")],
        died: None,
    },
    Smith {
        number: "5900034372", version: 2, given: "Dave/Matt",
        since: ("2022-08-05", "2022-08-05", "2022-08-05"), ids: ("73ED0D7F", "08006299"),
        lines: "Don Moorings/Island Road/Garthorpe/SCUNTHORPE",
        telecoms: &[("email", "home", "test@test.com", "7BF4B988"),
            ("phone", "home", "01234123123", "D59AF086")],
        died: None,
    },
];

/// The Smiths.
pub(super) fn people() -> Vec<Record> {
    SMITHS.iter().map(|smith| more(base(smith), smith.number).record()).collect()
}

fn base(smith: &Smith) -> Builder {
    let (named, reached, housed) = smith.since;
    let (name_id, address_id) = smith.ids;
    let called = ("", smith.given, "Smith");
    let mut builder = Builder::new(smith.number, smith.version, "U")
        .add("name", name(name_id, (named, ""), called))
        .born("2000-05-05", "male")
        .add("address", home(address_id, (housed, ""), smith.lines, "DN17 4AA"));
    for (system, usage, value, id) in smith.telecoms {
        builder = builder.telecom(id, (reached, ""), (system, usage, value));
    }
    match smith.died {
        Some((died, told)) => builder.died(died, "2", told),
        None => builder,
    }
}

/// What only some of them have.
fn more(builder: Builder, number: &str) -> Builder {
    match number {
        "5069635395" => builder.emergency("AF342F9E", ("2022-08-05", ""), "01234123123"),
        "5900032809" => builder.emergency("FDFA5BCB", ("2022-08-10", ""), "01234555555"),
        "5900034372" => builder
            .practice("57537991", "H81109", ("2023-08-13", ""))
            .change("address", |address| with_key(address, "26106297")),
        "5900020584" => builder.beside(|annex| {
            let email = ("email", "home", "Historic@historic.com");
            annex.past_telecoms = vec![telecom("C2FDE018", ("2022-08-05", "2022-08-10"), email)];
        }),
        _ => builder,
    }
}
