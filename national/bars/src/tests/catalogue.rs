use http::Method;
use serde_json::Value;

use super::trial::{Receiver, SERVICE_ID, Trial, bare, call};

const SERVICES: &str = "/HealthcareService";
const DOS: &str = "https://fhir.nhs.uk/Id/dos-service-id|";
const ODS: &str = "https://fhir.nhs.uk/Id/ods-organization-code|";

fn search(by: &str) -> super::trial::Call {
    call(Method::GET, &format!("{SERVICES}?{by}")).without("nhsd-target-identifier")
}

fn ids(bundle: &Value) -> Vec<String> {
    assert_eq!(bundle["total"], bundle["entry"].as_array().unwrap().len());
    let entries = bundle["entry"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    entries.map(|entry| text(&entry["resource"]["identifier"][0]["value"])).collect()
}

#[tokio::test]
async fn the_catalogue_says_which_services_there_are_and_not_where() {
    let receiver = Receiver::who(bare("200 OK", ""));
    let trial = Trial::before(&receiver.url()).await;
    let by_id = format!("HealthcareService.identifier={DOS}{SERVICE_ID}");
    let found = trial.make(search(&by_id)).await;
    assert_eq!(found.status, 200);
    let bundle = found.json();
    assert_eq!(ids(&bundle), [SERVICE_ID]);
    assert!(!bundle.to_string().contains(&receiver.url()), "{bundle}");
    let resource = &bundle["entry"][0]["resource"];
    let ods = resource["providedBy"][0]["identifier"]["value"].as_str().unwrap();
    let by_both = format!("{by_id}&HealthcareService.providedBy={ODS}{ods}");
    assert_eq!(ids(&trial.make(search(&by_both)).await.json()), [SERVICE_ID]);
    let path = format!("{SERVICES}/{}", resource["id"].as_str().unwrap());
    let read = trial.make(call(Method::GET, &path).without("nhsd-target-identifier")).await;
    assert_eq!(&read.json(), resource);
    assert!(receiver.seen().is_empty(), "nobody is called");
}

#[tokio::test]
async fn what_the_catalogue_has_not_is_not_found() {
    let receiver = Receiver::who(bare("200 OK", ""));
    let trial = Trial::before(&receiver.url()).await;
    for by in [
        format!("HealthcareService.identifier={DOS}2000000009"),
        "HealthcareService.identifier=2000000001".to_owned(),
        format!("HealthcareService.identifier={ODS}{SERVICE_ID}"),
        format!(
            "HealthcareService.identifier={DOS}{SERVICE_ID}&HealthcareService.providedBy={ODS}A"
        ),
    ] {
        let found = trial.make(search(&by)).await;
        assert_eq!((found.status, ids(&found.json()).len()), (200, 0), "{by}");
    }
    let read = trial.make(call(Method::GET, "/HealthcareService/2000099999")).await;
    assert_eq!(read.error().1, "PROXY_NOT_FOUND");
    let all = trial.make(search("active=true")).await;
    assert_eq!(all.error(), (400, "SEND_BAD_REQUEST".to_owned(), "invalid".to_owned()));
    let nobody =
        trial.make(search("HealthcareService.identifier=1").without("authorization")).await;
    assert_eq!(nobody.status, 401);
}
