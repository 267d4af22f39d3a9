//! The published people of the integration environment, one row each.

use pds::Record;
use serde_json::{Value, json};

use super::builder::{Builder, home, name, telecom, with, with_key};
use super::coverage;

/// What every one of them has.
struct Row {
    number: &'static str,
    version: u32,
    born: &'static str,
    gender: &'static str,
    /// The id and first day of the usual name.
    name: (&'static str, &'static str),
    /// Prefix, given names, family name.
    called: (&'static str, &'static str, &'static str),
    /// Id, first day, lines, postcode and key of the address.
    home: Option<Home>,
    /// The id and first day of the registration at [`PRACTICE`].
    practice: Option<(&'static str, &'static str)>,
}

type Home = (&'static str, &'static str, &'static str, &'static str, &'static str);

const PRACTICE: &str = "A20047";
/// The number that was merged into that of Jane Cuff.
const CUFF_BEFORE: &str = "5900053636";

#[rustfmt::skip]
const ROWS: [Row; 34] = [
    Row {
        number: "5900035697", version: 2, born: "2000-01-01", gender: "male",
        name: ("6D6F5D00", "2022-11-21"),
        called: ("Mr", "jackie", "jones"),
        home: Some(("E8FFE847", "2022-11-21", "12/somewhere/london", "", "")),
        practice: None,
    },
    Row {
        number: "5900036502", version: 3, born: "1997-08-20", gender: "male",
        name: ("6ABDA7E2", "2024-03-15"),
        called: ("", "Leandro/Gerry", "McMatch-Multiple"),
        home: Some(("49336F4C", "2024-03-15", "1 Jasmine Court", "DN19 7UD", "")),
        practice: None,
    },
    Row {
        number: "5900046192", version: 3, born: "1991-06-28", gender: "male",
        name: ("283EBC8B", "2024-04-30"),
        called: ("Mr", "Zebedee", "Karate-test-gtikmto"),
        home: Some(("C0E90847", "2001-04-25",
            "Flat 16, The Heights/Curley Rows/WALLINGTON/Surrey", "SM5 9PX", "")),
        practice: None,
    },
    Row {
        number: "5900053679", version: 1, born: "1997-08-20", gender: "male",
        name: ("65D8EC67", "1997-08-20"),
        called: ("", "Leandro/Gerry", "McMatch-Multiple"),
        home: Some(("DE8E6651", "2024-03-19", "1 Jasmine Court", "DN19 7UD", "")),
        practice: None,
    },
    Row {
        number: "5900054586", version: 1, born: "1954-10-26", gender: "male",
        name: ("978C7701", "2024-05-09"),
        called: ("Mr", "Mickey", "McMatch-Single"),
        home: Some(("A5ED70F0", "2024-05-09", "317 Stuart Streets", "BAP4WG", "")),
        practice: None,
    },
    Row {
        number: "5900056597", version: 3, born: "1981-12-05", gender: "male",
        name: ("06CDC2DE", "2024-05-01"),
        called: ("Mr", "Jane", "Karate-test-cpwdvdf"),
        home: Some(("1176C882", "2024-05-01", "74003 Titus Lock", "JH1B0NK", "")),
        practice: None,
    },
    Row {
        number: "5900057208", version: 1, born: "2013-07-19", gender: "male",
        name: ("F44C7CD5", "2024-05-01"),
        called: ("Mr", "Zebedee", "Karate-test-ytormjb"),
        home: Some(("E7DABA80", "2024-05-01", "64768 Schneider Extensions", "T38DG", "")),
        practice: None,
    },
    Row {
        number: "5900059073", version: 2, born: "1996-09-30", gender: "male",
        name: ("0C48AD81", "2024-05-01"),
        called: ("Mr", "Zebedee", "Karate-test-jaujxet"),
        home: None,
        practice: None,
    },
    Row {
        number: "5900059332", version: 1, born: "1958-02-23", gender: "male",
        name: ("47744120", "2024-05-01"),
        called: ("Mr", "Zebedee", "Karate-test-wzclvui"),
        home: Some(("92CA389F", "2024-05-01", "2690 Kasey Lodge", "AVG8LL", "")),
        practice: None,
    },
    // These three look like those whom the published examples of a create would make again.
    Row {
        number: "5900060012", version: 1, born: "1982-07-10", gender: "female",
        name: ("5A0C10E1", "1986-07-01"),
        called: ("Mrs", "Jane", "McMatch-Single"),
        home: Some(("6B1D20F2", "2020-01-01",
            "1 Trevelyan Square/Boar Lane/City Centre/Leeds/West Yorkshire", "BAP 4WG", "")),
        practice: None,
    },
    Row {
        number: "5900060020", version: 1, born: "1982-07-10", gender: "female",
        name: ("7C2E30A3", "1986-07-01"),
        called: ("Mrs", "Louisa", "McMatch-Multiple"),
        home: Some(("8D3F40B4", "2020-01-01",
            "1 Trevelyan Square/Boar Lane/City Centre/Leeds/West Yorkshire", "DN19 7UD", "")),
        practice: None,
    },
    Row {
        number: "5900060039", version: 1, born: "1982-07-10", gender: "female",
        name: ("9E4050C5", "1986-07-01"),
        called: ("Mrs", "Louisa", "McMatch-Multiple"),
        home: Some(("AF5160D6", "2020-01-01",
            "1 Trevelyan Square/Boar Lane/City Centre/Leeds/West Yorkshire", "DN19 7UD", "")),
        practice: None,
    },
    Row {
        number: "9693632109", version: 58, born: "1955-11-05", gender: "female",
        name: ("oHCsm", "1977-06-26"),
        called: ("MR", "Bill", "GARTON"),
        home: Some(("drSwB", "2001-04-25",
            "1 MOUNT AVENUE/BARTON-UPON-HUMBER/S HUMBERSIDE", "DN18 5DW", "")),
        practice: Some(("uMbZF", "2005-03-05")),
    },
    Row {
        number: "9693632125", version: 2, born: "1936-02-24", gender: "male",
        name: ("lLXvC", "1996-06-13"),
        called: ("MR", "Rodney/Jeff", "GODSOE"),
        home: Some(("lLXvD", "1996-06-13",
            "7 CHURCH LANE/SCUNTHORPE/S HUMBERSIDE", "DN15 7AB", "")),
        practice: Some(("lLXvE", "1996-06-13")),
    },
    Row {
        number: "9693632966", version: 4, born: "1920-08-11", gender: "female",
        name: ("AAFhg", "2011-09-08"),
        called: ("MRS", "Martha/Carol", "MASSAM"),
        home: Some(("rGPsv", "2021-08-04",
            "49 MESSINGHAM LANE/SCAWBY/BRIGG/S HUMBERSIDE", "DN20 9BB", "06310553")),
        practice: Some(("HOvkU", "2012-01-18")),
    },
    Row {
        number: "9693633121", version: 36, born: "1960-07-14", gender: "female",
        name: ("xnfZj", "2022-06-06"),
        called: ("Mrs", "Pauline/Mary", "attison"),
        home: Some(("eseuZ", "1987-06-25",
            "13 COLLUM AVENUE/SCUNTHORPE/S HUMBERSIDE", "DN16 2HB", "")),
        practice: Some(("rZstv", "1998-12-04")),
    },
    Row {
        number: "9693633148", version: 6, born: "1960-07-14", gender: "female",
        name: ("vbmKw", "2021-08-03"),
        called: ("Ms", "Pauline", "attisón"),
        home: Some(("dTEGF", "2020-02-24",
            "2 WOODLANDS CLOSE/BARROW-UPON-HUMBER/S HUMBERSIDE", "DN19 7DX", "")),
        practice: Some(("frfwe", "2021-03-07")),
    },
    Row {
        number: "9693633679", version: 8, born: "1970-01-24", gender: "male",
        name: ("DvFod", "2022-10-06"),
        called: ("", "Luke", "YOUDS"),
        home: Some(("iULdN", "2020-11-22",
            "109 REGINALD ROAD/SCUNTHORPE/S HUMBERSIDE", "DN15 8PG", "")),
        practice: Some(("lfUTN", "1999-08-17")),
    },
    Row {
        number: "9693633687", version: 2, born: "1970-01-24", gender: "female",
        name: ("1503A1A0", "2022-10-06"),
        called: ("", "Luke", "YOUDS"),
        home: Some(("4669CB44", "2022-10-06", "1/Shelfford Street/Scunthorpe", "", "")),
        practice: None,
    },
    Row {
        number: "9693633695", version: 2, born: "1970-01-24", gender: "unknown",
        name: ("mIrXo", "2021-08-03"),
        called: ("Miss", "Luke", "YOUDS"),
        home: Some(("xcqdq", "2011-09-07",
            "109 REGINALD ROAD/SCUNTHORPE/S HUMBERSIDE", "DN15 8PG", "")),
        practice: Some(("ziBBG", "2014-10-15")),
    },
    Row {
        number: "9693633709", version: 2, born: "1970-01-24", gender: "other",
        name: ("DVgHv", "2021-08-03"),
        called: ("Mr", "Luke/Damien", "YOUDS"),
        home: Some(("FNqjc", "2020-11-18",
            "109 REGINALD ROAD/SCUNTHORPE/S HUMBERSIDE", "DN15 8PG", "")),
        practice: Some(("dJHGt", "2021-03-07")),
    },
    Row {
        number: "9732019395", version: 2, born: "1926-01-07", gender: "female",
        name: ("DiGat", "1955-06-09"),
        called: ("MRS", "Jane", "CUFF"),
        home: Some(("hlMuz", "1975-06-28",
            "2 CHURCH CLOSE/BONBY/BRIGG/S HUMBERSIDE", "DN20 0PQ", "24104389")),
        practice: Some(("cCxjf", "1977-03-03")),
    },
    Row {
        number: "9732019506", version: 3, born: "2017-09-06", gender: "male",
        name: ("zXxiZ", "2021-07-24"),
        called: ("MR", "Julius", "MUIR"),
        home: Some(("YxiqM", "2018-08-01",
            "1 HUNTERS CROFT/HAXEY/DONCASTER/S YORKSHIRE", "DN9 2NX", "22922390")),
        practice: Some(("QgoDQ", "2021-09-12")),
    },
    Row {
        number: "9732110317", version: 7, born: "1936-06-21", gender: "male",
        name: ("4E1F21EF", "2024-05-01"),
        called: ("Mr", "Adrian", "Sanderson"),
        home: Some(("E6F42AC4", "2024-05-01", "3984 Tomika Greens", "ZY5T2PX", "")),
        practice: None,
    },
    Row {
        number: "9733162043", version: 2, born: "1955-05-27", gender: "male",
        name: ("WzHTW", "1985-01-22"),
        called: ("MR", "Dean/Roger", "KILLEN"),
        home: Some(("oVBjQ", "2010-11-23",
            "2 GRANGE LANE NURSERY/SCUNTHORPE/S HUMBERSIDE", "DN16 3BA", "")),
        practice: Some(("DiHBk", "1957-06-13")),
    },
    Row {
        number: "9733162337", version: 1, born: "2015-10-22", gender: "male",
        name: ("kaYeM", "2021-04-13"),
        called: ("MR", "Bart/Nathan", "MEEK"),
        home: Some(("FtxkT", "2021-12-30",
            "3 ECCLES COURT/WRAWBY/BRIGG/S HUMBERSIDE", "DN20 8TD", "")),
        practice: Some(("XHVVm", "2019-07-19")),
    },
    Row {
        number: "9733162450", version: 3, born: "1999-09-09", gender: "male",
        name: ("COiiB", "2024-10-01"),
        called: ("Miss", "Rowenad", "MED"),
        home: Some(("yFAeg", "2024-06-21",
            "10 OAKWOOD RISE/SCUNTHORPE/S HUMBERSIDE", "DN16 3JW", "06283265")),
        practice: Some(("wRNEP", "2024-02-01")),
    },
    Row {
        number: "9733162868", version: 455, born: "1984-04-17", gender: "female",
        name: ("3C7E5A90", "2019-05-02"),
        called: ("Mrs", "Heike", "VOGEL"),
        home: Some(("3C7E5A91", "2019-05-02",
            "18 OSWALD ROAD/SCUNTHORPE/S HUMBERSIDE", "DN15 7PU", "")),
        practice: Some(("3C7E5A92", "2019-05-02")),
    },
    Row {
        number: "9733163201", version: 1, born: "1980-01-21", gender: "female",
        name: ("XUupq", "2011-12-31"),
        called: ("MS", "Debra", "TUNNEY"),
        home: Some(("JImma", "2013-10-27",
            "THREE GABLES/HALKON CLOSE/LUDDINGTON/SCUNTHORPE/S HUMBERSIDE", "DN17 4RF", "")),
        practice: Some(("PGoAI", "1988-06-17")),
    },
    Row {
        number: "9736363015", version: 6, born: "1937-04-08", gender: "male",
        name: ("IBoKk", "1983-11-20"),
        called: ("MR", "Conrad/Landon", "MOONEY"),
        home: Some(("ZTNNN", "2019-12-15",
            "SHERINGHAM/CROWLE MOORS/CROWLE/SCUNTHORPE/S HUMBERSIDE", "DN17 4BL", "")),
        practice: Some(("jvhvT", "1988-01-08")),
    },
    Row {
        number: "9736363023", version: 5, born: "1940-08-02", gender: "male",
        name: ("WvgEq", "2010-03-09"),
        called: ("MR", "Cyril/Gordon", "MELLOY"),
        home: Some(("ZeCOE", "2022-07-03",
            "10 WOODGARR AVENUE/KEADBY/SCUNTHORPE/S HUMBERSIDE", "DN17 3BZ", "")),
        practice: Some(("nUAyu", "1998-04-11")),
    },
    Row {
        number: "9736363066", version: 3, born: "1933-02-25", gender: "unknown",
        name: ("xWaWS", "2002-07-31"),
        called: ("MR", "Randal/Gerald", "WEAVER"),
        home: Some(("yFGCr", "2017-10-26",
            "1 SCHOOL ROAD/WINTERINGHAM/SCUNTHORPE", "DN15 9NL", "")),
        practice: Some(("JZMVX", "1942-08-09")),
    },
    Row {
        number: "9736363074", version: 3, born: "1955-11-05", gender: "male",
        name: ("pnmOI", "2000-07-25"),
        called: ("MR", "Arthur/Mathew", "WILCOX"),
        home: Some(("HZLcX", "1999-01-26",
            "10 MAGDALEN CLOSE/SCUNTHORPE/S HUMBERSIDE", "DN16 3NA", "")),
        practice: Some(("jownT", "2009-09-02")),
    },
    Row {
        number: "9736363120", version: 1, born: "1943-07-03", gender: "female",
        name: ("znQNN", "2005-10-30"),
        called: ("MISS", "Kathy/Megan", "KNAPP"),
        home: Some(("QiCes", "1990-02-05", "44 NEWLAND AVENUE/SCUNTHORPE", "DN15 7HQ", "")),
        practice: Some(("XFbrV", "1971-04-06")),
    },
];

/// The people of the table, and the record that was merged into one of theirs.
pub(super) fn people() -> Vec<Record> {
    let merged = ROWS.iter().find(|row| row.number == "9732019395").map(|row| {
        let row = Row { number: CUFF_BEFORE, version: 2, ..*row };
        base(&row).superseded_by("9732019395").record()
    });
    ROWS.iter().map(|row| more(base(row), row.number).record()).chain(merged).collect()
}

fn base(row: &Row) -> Builder {
    let class = if row.number == "9693632125" { "R" } else { "U" };
    let (id, start) = row.name;
    let mut builder = Builder::new(row.number, row.version, class)
        .add("name", name(id, (start, ""), row.called))
        .born(row.born, row.gender);
    if let Some((id, start, lines, postcode, key)) = row.home {
        let address = home(id, (start, ""), lines, postcode);
        builder =
            builder.add("address", if key.is_empty() { address } else { with_key(address, key) });
    }
    match row.practice {
        Some((id, start)) => builder.practice(id, PRACTICE, (start, "")),
        None => builder,
    }
}

/// What only some of them have.
fn more(builder: Builder, number: &str) -> Builder {
    match number {
        "9693632109" => builder.beside(|annex| {
            annex.past_names =
                ["Bloggs", "Blogs"].map(|family| past_name("1976-01-01", "Bill", family)).into();
        }),
        "9732019506" => {
            let phone = ("phone", "mobile", "00917855986859");
            builder.add("telecom", telecom("8EAF137C", ("2024-09-24", ""), phone))
        }
        "9732110317" => builder.add("name", with_suffixes(old_name(), &["PhD"])),
        "9733162043" => suffixed(builder, &["PhD"]),
        "9736363015" => suffixed(builder, &["PhD", "MBBS"]),
        "9733162450" => builder.beside(|annex| {
            annex.past_names = vec![past_name("2024-02-01", "Rowenad", "HUME")];
            annex.past_genders = vec!["female".into()];
        }),
        "9733162868" => builder.beside(|annex| annex.coverage = Some(coverage::german(number))),
        "9733163201" => builder.died("2019-02-07", "1", "2024-09-24T00:00:00+00:00"),
        _ => builder,
    }
}

fn old_name() -> Value {
    let old = name("4E1F33EF", ("2018-12-31", ""), ("Dr", "Roger", "Killen"));
    with(old, "use", json!("old"))
}

fn past_name(start: &'static str, given: &str, family: &str) -> Value {
    name("77D0C0D1", (start, ""), ("", given, family))
}

fn with_suffixes(name: Value, suffixes: &[&str]) -> Value {
    with(name, "suffix", json!(suffixes))
}

/// Gives the usual name its suffixes.
fn suffixed(builder: Builder, suffixes: &[&str]) -> Builder {
    builder.change("name", |name| with_suffixes(name, suffixes))
}
