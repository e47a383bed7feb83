//! Examples of bodies, by the names of their schemas.

use std::{collections::HashMap, sync::LazyLock};

use serde_json::{Value, json};
use utoipa::openapi::{Content, RefOr};

static EXAMPLES: LazyLock<HashMap<String, Value>> =
    LazyLock::new(|| serde_json::from_str(include_str!("examples.json")).expect("the examples are JSON"));

/// Shows an example of what this content is.
pub(super) fn add(content: &mut RefOr<Content>) {
    let RefOr::T(content) = content else { return };
    if let Some(RefOr::Ref(schema)) = &content.schema {
        content.example = example(schema.ref_location.rsplit('/').next().unwrap_or_default());
    }
}

/// Of a page one with one item; of what is made of another what differs is named.
fn example(name: &str) -> Option<Value> {
    if let Some(item) = name.strip_prefix("Page_") {
        return Some(json!({"items": [example(item)?], "next_cursor": null}));
    }
    let mut found = EXAMPLES.get(name)?.clone();
    let object = found.as_object_mut()?;
    if let Some(base) = object.remove("...").as_ref().and_then(Value::as_str) {
        for (field, value) in example(base)?.as_object()? {
            object.entry(field.clone()).or_insert_with(|| value.clone());
        }
    }
    for value in object.values_mut() {
        refer(value)?;
    }
    Some(found)
}

/// Puts examples where others are referred to, as `{"...": "ReplyView"}`.
fn refer(value: &mut Value) -> Option<()> {
    match value {
        Value::Object(fields) if fields.len() == 1 && fields.contains_key("...") => {
            let name = fields["..."].as_str()?.to_owned();
            *value = example(&name)?;
        }
        Value::Object(fields) => fields.values_mut().try_for_each(refer)?,
        Value::Array(items) => items.iter_mut().try_for_each(refer)?,
        _ => {}
    }
    Some(())
}
