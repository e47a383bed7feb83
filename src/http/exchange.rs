//! The bounds of one exchange: when a request is given up, and what becomes of a body that nobody read to its end.

use std::{cell::Cell, pin::pin, rc::Rc, time::Duration};

use actix_web::{
    Error, HttpMessage, HttpRequest,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::header,
    middleware::Next,
};
use tokio::time::{Instant, timeout_at};

use super::problem::{Code, Problem};

/// From the head of the request, or from the end of its body, to the head of the answer.
const HANDLER: Duration = Duration::from_secs(10);

/// What is known of the exchange that a request belongs to.
#[derive(Clone, Debug)]
pub struct Exchange(Rc<Inner>);

#[derive(Debug)]
struct Inner {
    deadline: Cell<Instant>,
    has_body_arrived: Cell<bool>,
}

impl Exchange {
    /// Of a request that goes through [`bound`].
    pub fn of(request: &HttpRequest) -> Option<Self> {
        request.extensions().get().cloned()
    }

    /// The body is waited for, so long at most; that does not count as the handler's time.
    pub fn wait_for_body(&self, arrival: Duration) {
        self.0.deadline.set(Instant::now() + arrival + HANDLER);
    }

    /// The whole body is here.
    pub fn body_arrived(&self) {
        self.0.deadline.set(Instant::now() + HANDLER);
        self.0.has_body_arrived.set(true);
    }
}

/// What the application tells the connection that its requests come on; the server keeps one with each connection.
#[derive(Clone, Debug, Default)]
pub struct Told(Rc<ToldInner>);

#[derive(Debug, Default)]
struct ToldInner {
    is_over: Cell<bool>,
    is_at_work: Cell<bool>,
}

impl Told {
    /// Whether the connection is to be closed behind the answer.
    pub fn is_over(&self) -> bool {
        self.0.is_over.get()
    }

    /// Whether a request is here whose answer has not begun.
    pub fn is_at_work(&self) -> bool {
        self.0.is_at_work.get()
    }
}

/// A request that is at work, until this is dropped.
struct AtWork(Option<Told>);

impl AtWork {
    fn set(&self, is_at_work: bool) {
        self.0.iter().for_each(|told| told.0.is_at_work.set(is_at_work));
    }
}

impl Drop for AtWork {
    fn drop(&mut self) {
        self.set(false);
    }
}

/// Tells the connection that a whole head has arrived and is at work: what is waited for is not its peer.
pub async fn at_work<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let at_work = AtWork(request.conn_data::<Told>().cloned());
    at_work.set(true);
    next.call(request).await
}

/// Answers 503 when the handler takes too long. What it began in the database is rolled back, as nobody waits for it; only
/// what is being committed at that moment stays.
pub async fn bound(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let exchange =
        Exchange(Rc::new(Inner { deadline: Cell::new(Instant::now() + HANDLER), has_body_arrived: Cell::new(false) }));
    request.extensions_mut().insert(exchange.clone());
    let is_chunked = request.headers().contains_key(header::TRANSFER_ENCODING);
    let told = request.conn_data::<Told>().filter(|_| is_chunked).cloned();
    let outcome = answer(&exchange, next.call(request)).await;
    // of a body without a length actix would read and drop what comes, as long as it comes
    if let Some(told) = told.filter(|_| !exchange.0.has_body_arrived.get()) {
        told.0.is_over.set(true);
    }
    outcome
}

async fn answer<B: MessageBody + 'static>(
    exchange: &Exchange,
    answer: impl Future<Output = Result<ServiceResponse<B>, Error>>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let mut answer = pin!(answer);
    loop {
        match timeout_at(exchange.0.deadline.get(), &mut answer).await {
            Ok(outcome) => return outcome.map(ServiceResponse::map_into_boxed_body),
            // it was put off meanwhile
            Err(_) if exchange.0.deadline.get() > Instant::now() => {}
            Err(_) => return Err(Problem::new(Code::Busy).caused_by("a handler took longer than its deadline").into()),
        }
    }
}
