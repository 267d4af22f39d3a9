//! What is published is what is served.

use crate::open_demo;

#[test]
fn every_api_has_a_document_and_every_interaction_is_in_it() {
    let exchange = open_demo();
    let client = exchange.client();
    let catalogue = client.get("/catalogue.json").unwrap().json();
    let apis = catalogue["apis"].as_array().unwrap();
    assert!(!apis.is_empty());
    for api in apis {
        let specification = api["specification"].as_str().unwrap();
        let path = specification.strip_prefix(exchange.url()).unwrap();
        let document = client.get(path).unwrap().json();
        assert_eq!(document["openapi"], "3.1.0");
        let base = api["base_url"].as_str().unwrap().strip_prefix(exchange.url()).unwrap();
        for interaction in api["interactions"].as_array().unwrap() {
            let path = interaction["path"].as_str().unwrap().strip_prefix(base).unwrap();
            let method = interaction["method"].as_str().unwrap().to_lowercase();
            let operation = &document["paths"][path][&method];
            assert_eq!(operation["operationId"], interaction["name"], "{method} {path}");
        }
    }
}

#[test]
fn the_first_page_names_every_api() {
    let exchange = open_demo();
    let page = exchange.client().get("/").unwrap();
    assert_eq!(page.status, 200);
    assert!(page.header("content-security-policy").unwrap().contains("default-src 'none'"));
    let catalogue = exchange.client().get("/catalogue.json").unwrap().json();
    for api in catalogue["apis"].as_array().unwrap() {
        assert!(page.text.contains(api["title"].as_str().unwrap()));
    }
}
