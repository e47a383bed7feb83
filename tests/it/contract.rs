//! Every request and answer of every test against the OpenAPI document: a body of the documented shape without a field
//! more, a documented status, a documented problem code.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex},
};

use actix_web::http::Method;
use jsonschema::{Draft, Registry};
use rejoinder::http::openapi::document_json;
use serde_json::{Value, json};

use crate::app::Response;

/// The document.
pub static DOCUMENT: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(document_json()).unwrap());

/// Its schemas, each without room for fields that are not named: clients must bear new ones, but none may come by
/// accident.
static SCHEMAS: LazyLock<Value> = LazyLock::new(|| {
    let open = DOCUMENT["components"]["schemas"].clone();
    let mut closed = open.clone();
    for schema in closed.as_object_mut().unwrap().values_mut() {
        close(schema, &open);
    }
    closed
});

fn close(schema: &mut Value, open: &Value) {
    let Some(parts) = schema.get_mut("allOf").and_then(Value::as_array_mut) else {
        if schema.get("properties").is_some() && schema.get("additionalProperties").is_none() {
            schema["additionalProperties"] = json!(false);
        }
        return;
    };
    for part in parts {
        // the part as it is when it stands alone is closed, so it stands here itself
        if let Some(reference) = part["$ref"].as_str() {
            let name = reference.rsplit('/').next().unwrap();
            *part = open[name].clone();
            close_parts_of(part, open);
        }
    }
    schema["unevaluatedProperties"] = json!(false);
}

fn close_parts_of(part: &mut Value, open: &Value) {
    if part.get("allOf").is_some() {
        close(part, open);
        part.as_object_mut().unwrap().remove("unevaluatedProperties");
    }
}

/// The schemas under an address, so that they are read once for all validators.
static REGISTRY: LazyLock<Registry<'static>> = LazyLock::new(|| {
    let document = json!({"components": {"schemas": *SCHEMAS}});
    let registry = Registry::new().draft(Draft::Draft202012).add(ADDRESS, document);
    registry.and_then(|registry| registry.prepare()).unwrap()
});
const ADDRESS: &str = "urn:rejoinder:document";

/// Says of references into the document which document is meant.
fn point_to_document(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(reference) if name == "$ref" => reference.insert_str(0, ADDRESS),
                    value => point_to_document(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(point_to_document),
        _ => {}
    }
}

type Validators = Mutex<HashMap<String, Arc<jsonschema::Validator>>>;

/// What is wrong with a value, by a schema of the document.
pub fn errors(key: &str, schema: &Value, value: &Value) -> Vec<String> {
    static VALIDATORS: LazyLock<Validators> = LazyLock::new(Validators::default);
    let mut validators = VALIDATORS.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let build = || {
        let options = jsonschema::options().with_draft(Draft::Draft202012).with_registry(&REGISTRY);
        let mut schema = schema.clone();
        point_to_document(&mut schema);
        Arc::new(options.should_validate_formats(true).build(&schema).unwrap())
    };
    let validator = validators.entry(key.to_owned()).or_insert_with(build).clone();
    drop(validators);
    validator.iter_errors(value).map(|error| format!("{} at {}", error, error.instance_path())).collect()
}

/// Fails the test if the exchange is not as documented. Addresses outside the document are passed over.
pub fn check(method: &Method, path: &str, sent: Option<&Value>, response: &Response) {
    let path = path.split('?').next().unwrap();
    let Some((template, item)) = find(path) else { return };
    let documented_as = if *method == Method::HEAD { Method::GET } else { method.clone() };
    let Some(operation) = item.get(documented_as.as_str().to_lowercase()) else { return };
    let what = format!("{method} {template} -> {}", response.status);
    if let Some(sent) = sent.filter(|_| response.status.is_success()) {
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        let wrong = errors(&format!("{method} {template}"), schema, sent);
        assert!(wrong.is_empty(), "{what} took a body that differs from the document: {wrong:?}\n{sent}");
    }
    let status = response.status.as_str();
    let Some(documented) = operation["responses"].get(status) else {
        panic!("{what} is not documented: {}", response.text());
    };
    let Some(content) = documented.get("content") else {
        assert!(response.body.is_empty(), "{what} has a body: {}", response.text());
        return;
    };
    let media_type = response.header("content-type").unwrap_or_default();
    let content = content.get(media_type).unwrap_or_else(|| panic!("{what} is said to be {media_type}"));
    let names_its_bytes = media_type.ends_with("; charset=utf-8") || media_type == "text/event-stream";
    assert!(!media_type.starts_with("text/") || names_its_bytes, "{what} does not say how its text is written");
    if media_type.starts_with("text/")
        || matches!(media_type, "application/x-ndjson" | "application/zip" | "image/svg+xml")
    {
        return;
    }
    let body = serde_json::from_slice(&response.decoded()).unwrap_or_else(|_| panic!("{what} has no JSON"));
    let wrong = errors(&format!("{method} {template} {status}"), &content["schema"], &body);
    assert!(wrong.is_empty(), "{what} differs from the document: {wrong:?}\n{body}");
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

#[test]
fn every_body_of_the_document_has_an_example_that_is_one() {
    for (path, item) in DOCUMENT["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let answers = operation["responses"].as_object().unwrap().iter();
            let bodies = answers.map(|(status, answer)| (status.as_str(), answer));
            for (what, body) in bodies.chain(Some(("body", &operation["requestBody"]))) {
                for (media_type, content) in body["content"].as_object().into_iter().flatten() {
                    let what = format!("{method} {path} {what} {media_type}");
                    let example = content.get("example").unwrap_or_else(|| panic!("{what} has no example"));
                    assert_eq!(errors(&what, &content["schema"], example), Vec::<String>::new(), "{what}: {example}");
                }
            }
        }
    }
}
