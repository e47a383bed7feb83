//! Which operation stands at an address, drawn from the same list as the routes and the OpenAPI document.

use std::{collections::HashMap, sync::LazyLock};

use actix_web::{dev::HttpServiceFactory, http::Method};
use utoipa::openapi::{
    HttpMethod, RefOr,
    path::{Parameter, ParameterIn},
};
use utoipa_actix_web::OpenApiFactory;

use super::{Routes, openapi::operations};
use crate::auth::permission::Operation;

/// An operation at its address.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub operation: Operation,
    /// Whether it knows query parameters.
    pub takes_parameters: bool,
}

/// By the pattern of the path, as routes name it.
#[derive(Default)]
struct Table(HashMap<String, Vec<(Method, Place)>>);

impl Routes for Table {
    fn service(&mut self, operation: impl HttpServiceFactory + OpenApiFactory + 'static) -> &mut Self {
        for (path, mut item) in operation.paths().paths {
            let places = self.0.entry(path).or_default();
            for (method, described) in operations(&mut item) {
                let id = described.operation_id.as_deref();
                let operation = id.and_then(Operation::parse).expect("every operation has its line in the permissions");
                let is_query = |parameter: &RefOr<Parameter>| matches!(parameter, RefOr::T(parameter) if parameter.parameter_in == ParameterIn::Query);
                let takes_parameters = described.parameters.iter().flatten().any(is_query);
                places.push((plain(&method), Place { operation, takes_parameters }));
            }
        }
        self
    }
}

fn plain(method: &HttpMethod) -> Method {
    match method {
        HttpMethod::Post => Method::POST,
        HttpMethod::Put => Method::PUT,
        HttpMethod::Patch => Method::PATCH,
        HttpMethod::Delete => Method::DELETE,
        _ => Method::GET,
    }
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table::default();
    super::routes(&mut table);
    table
});

/// Every address with its operations.
pub fn list() -> impl Iterator<Item = (&'static str, &'static [(Method, Place)])> {
    TABLE.0.iter().map(|(path, places)| (path.as_str(), places.as_slice()))
}

fn at(path: &str) -> Option<&'static [(Method, Place)]> {
    TABLE.0.get(path).map(Vec::as_slice)
}

/// The operation at this path and method; HEAD is GET.
pub fn find(path: &str, method: &Method) -> Option<Place> {
    let method = if *method == Method::HEAD { &Method::GET } else { method };
    at(path)?.iter().find(|(found, _)| found == method).map(|(_, place)| *place)
}

/// The methods that an address takes, as `Allow` names them.
pub fn methods(path: &str) -> Option<String> {
    let names = at(path)?.iter().map(|(method, _)| if *method == Method::GET { "GET, HEAD" } else { method.as_str() });
    Some(names.collect::<Vec<_>>().join(", "))
}
