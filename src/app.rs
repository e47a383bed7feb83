//! The application: its state and the actix factory, the same for the server and for the tests.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    sync::Arc,
};

use actix_web::{
    App, FromRequest, HttpRequest, HttpResponse, ResponseError,
    body::MessageBody,
    dev::{Payload, ServiceFactory, ServiceRequest, ServiceResponse},
    http::header,
    middleware::from_fn,
    web,
};

use crate::{
    auth::{
        buckets::Buckets,
        key_uses::KeyUses,
        keys::{Keys, KeysError},
        log_key::LogKey,
        password::Hasher,
        places::{Places, PlacesError},
        session::Sessions,
        token::AccessTokens,
        work::Works,
    },
    clock::{Clock, Random},
    config::Config,
    gate::Gate,
    http::{
        account_pages, address, assets,
        cors::{self, Origins},
        cursor::Cursors,
        demo_blog, demo_mails, docs, exchange,
        live::hub::Hub,
        notices, operations, pace, plain,
        problem::{Code, Problem},
        public::{cache::PageCache, memory},
        request_id, welcome,
    },
    jobs::Wakers,
    judging::Judging,
    mail::Mailer,
    metrics::Metrics,
    outside::{Outside, guard::Guard},
    overload::{Lines, Shedder},
    signing_on::{key_cache::KeyCache, oidc::provider::Providers},
    store::Db,
};

/// Why an instance cannot begin to work.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// Its keys cannot be used.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// The file that tells where addresses are cannot be used.
    #[error(transparent)]
    Places(#[from] PlacesError),
}

/// What handlers work with. Cheap to clone.
#[derive(Clone)]
pub struct State(Arc<Inner>);

/// The parts of [`State`].
pub struct Inner {
    pub config: Config,
    pub db: Db,
    pub clock: Clock,
    pub random: Random,
    pub keys: Keys,
    pub log_key: LogKey,
    pub buckets: Buckets,
    pub hasher: Hasher,
    pub works: Works,
    pub shedder: Shedder,
    pub sessions: Sessions,
    pub cursors: Cursors,
    pub origins: Origins,
    pub judging: Judging,
    /// In front of drafts of policies that are made ready.
    pub making_policies: Gate,
    pub pages: PageCache,
    pub live: Hub,
    pub jobs: Wakers,
    pub mailer: Mailer,
    pub outside: Outside,
    pub issuer_keys: KeyCache,
    pub providers: Providers,
    pub key_uses: KeyUses,
    /// Where addresses are.
    pub places: Places,
    pub metrics: Metrics,
}

impl std::ops::Deref for State {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl State {
    /// The state of one instance; makes the key file if there is none.
    pub fn new(config: Config, db: Db, clock: Clock, random: Random) -> Result<Self, StateError> {
        let outside = Outside::new(Guard::new(config.outside_allow_private), clock.clone());
        Self::asking(config, db, clock, random, outside)
    }

    /// The same where others are asked so.
    pub fn asking(config: Config, db: Db, clock: Clock, random: Random, outside: Outside) -> Result<Self, StateError> {
        let keys = Keys::load_or_create(&config.jwt_keys_file, &random)?;
        let issuer = config.home().to_owned();
        let metrics = Metrics::new(db.meters());
        let access = AccessTokens::new(keys.clone(), issuer, config.access_token_ttl);
        Ok(Self(Arc::new(Inner {
            buckets: Buckets::new(&config.paces, clock.clone()),
            hasher: Hasher::new(&config, random.clone(), &clock),
            shedder: Shedder::default(),
            works: Works::new(keys.clone(), config.work, clock.clone()),
            sessions: Sessions::new(access, random.clone(), &config),
            cursors: Cursors::new(keys.clone()),
            log_key: LogKey::of(&keys),
            origins: Origins::new(&config.public_url),
            judging: Judging::new(clock.clone()),
            making_policies: Gate::new(2, 16, config.db_max_wait),
            pages: PageCache::new(&config, metrics.cache_evictions.clone()),
            live: Hub::default(),
            jobs: Wakers::default(),
            mailer: Mailer::new(&config),
            outside,
            issuer_keys: KeyCache::new(),
            providers: Providers::default(),
            key_uses: KeyUses::default(),
            places: Places::open(config.geoip_file.as_deref())?,
            metrics,
            config,
            db,
            clock,
            random,
            keys,
        })))
    }
}

impl State {
    /// How far what requests wait for is behind.
    pub fn lines(&self) -> Lines {
        Lines { database: self.db.behind(), hashes: self.hasher.behind() }
    }
}

/// Handlers take it as an argument.
impl FromRequest for State {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(request.app_data::<Self>().expect("the application has its state").clone()))
    }
}

/// The application of one worker.
pub fn build(
    state: State,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = actix_web::Error,
        InitError = (),
    >,
> {
    App::new()
        .configure(crate::http::routes)
        .app_data(state.clone())
        .app_data(web::PathConfig::default().error_handler(|_, _| Problem::new(Code::NotFound).into()))
        .configure(docs::routes)
        .configure(|config| demo_blog::routes(config, &state))
        .configure(welcome::routes)
        .configure(assets::routes)
        .configure(plain::routes)
        .configure(|config| demo_mails::routes(config, &state))
        .configure(notices::page::routes)
        .configure(account_pages::routes)
        .default_service(web::to(no_route))
        .wrap(from_fn(address::check))
        .wrap(from_fn(exchange::bound))
        .wrap(from_fn(pace::tell))
        .wrap(from_fn(cors::share))
        .wrap(from_fn(request_id::trace))
        .wrap(from_fn(memory::answer))
}

/// What no route took: an unknown address, or a known one with another method.
async fn no_route(request: HttpRequest) -> HttpResponse {
    let Some(pattern) = request.resource_map().match_pattern(request.path()) else {
        return Problem::new(Code::NotFound).error_response();
    };
    let mut response = Problem::new(Code::MethodNotAllowed).error_response();
    // pages outside the document are read, or forms are sent to them
    let of_pages = || if plain::is_sent_to(&pattern) { "POST" } else { "GET, HEAD" };
    let allowed = operations::methods(&pattern).unwrap_or_else(|| of_pages().to_owned());
    if let Ok(allowed) = allowed.parse() {
        response.headers_mut().insert(header::ALLOW, allowed);
    }
    response
}
