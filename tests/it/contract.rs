//! Every answer of every test against the OpenAPI document: a documented status, a body of the documented shape, a
//! documented problem code.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex},
};

use actix_web::http::Method;
use rejoinder::http::openapi::document_json;
use serde_json::{Value, json};

use crate::app::Response;

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(document_json()).unwrap());

type Validators = Mutex<HashMap<String, Arc<jsonschema::Validator>>>;

/// Fails the test if the answer is not as documented. Addresses outside the document are passed over.
pub fn check(method: &Method, path: &str, response: &Response) {
    let path = path.split('?').next().unwrap();
    let Some((template, item)) = find(path) else { return };
    let Some(operation) = item.get(method.as_str().to_lowercase()) else { return };
    let what = format!("{method} {template} -> {}", response.status);
    let status = response.status.as_str();
    let Some(documented) = operation["responses"].get(status) else {
        panic!("{what} is not documented: {}", response.text());
    };
    let content_type = response.header("content-type").unwrap_or_default();
    let Some(content) = documented.get("content") else {
        assert!(response.body.is_empty(), "{what} has a body: {}", response.text());
        return;
    };
    let (media_type, content) = content.as_object().unwrap().iter().next().unwrap();
    assert_eq!(content_type, media_type, "{what}");
    if response.header("content-encoding").is_some() {
        return;
    }
    let body = response.json();
    let validator = validator(&format!("{method} {template} {status}"), &content["schema"]);
    let errors: Vec<String> =
        validator.iter_errors(&body).map(|error| format!("{} at {}", error, error.instance_path())).collect();
    assert!(errors.is_empty(), "{what} differs from the document: {errors:?}\n{body}");
    if media_type == "application/problem+json" {
        let code = format!("`{}`", body["code"].as_str().unwrap());
        let documented = documented["description"].as_str().unwrap();
        assert!(documented.contains(&code), "{what}: the code {code} is not documented, only {documented}");
    }
}

/// The path of the document that fits best: fixed segments before parameters.
fn find(path: &str) -> Option<(&'static str, &'static Value)> {
    let segments: Vec<&str> = path.split('/').collect();
    let fits = |template: &str| {
        let parts: Vec<&str> = template.split('/').collect();
        let is_fit = parts.len() == segments.len()
            && parts.iter().zip(&segments).all(|(part, segment)| part.starts_with('{') || part == segment);
        is_fit.then(|| parts.iter().filter(|part| part.starts_with('{')).count())
    };
    let paths = DOCUMENT["paths"].as_object().unwrap();
    let best = paths.iter().filter_map(|(template, item)| Some((fits(template)?, template, item)));
    best.min_by_key(|(parameters, ..)| *parameters).map(|(_, template, item)| (template.as_str(), item))
}

fn validator(key: &str, schema: &Value) -> Arc<jsonschema::Validator> {
    static VALIDATORS: LazyLock<Validators> = LazyLock::new(Validators::default);
    let mut validators = VALIDATORS.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let build = || {
        let mut schema = schema.clone();
        schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
        schema["components"] = DOCUMENT["components"].clone();
        Arc::new(jsonschema::validator_for(&schema).unwrap())
    };
    validators.entry(key.to_owned()).or_insert_with(build).clone()
}
