//! `demo`: a small living blog on an embedded database of its own.

use std::{collections::HashMap, io::Write, os::unix::fs::OpenOptionsExt, path::Path};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};

use super::{Failure, Outcome, block_on, listen, make_folders, open, print};
use crate::{
    app::State,
    auth::password::Hasher,
    clock::{Clock, Random},
    config::Config,
    demo::{self, Member},
    http::problem::Problem,
    server,
    store::{Db, DbUrl, migrations},
};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Listen where LISTEN says even if that is not this machine alone.
    #[arg(long)]
    public: bool,
}

/// The file of the demo's database in the data folder.
const DATABASE: &str = "demo.sqlite";
/// The file of the accounts' passwords.
const ACCOUNTS: &str = "demo-accounts.txt";

pub(super) fn run(mut config: Config, args: Args) -> Outcome {
    let address = config.listen;
    if !address.ip().is_loopback() && !args.public {
        return Err(format!("LISTEN is {address}, which others can reach; say --public if that is meant").into());
    }
    // there are secrets in mails: who can look at them must sit here
    config.shows_mails = address.ip().is_loopback();
    config.shows_blog = true;
    let path = config.data_dir.join(DATABASE).to_string_lossy().into_owned();
    config.database_url = DbUrl::Sqlite(path.clone());
    make_folders(&config)?;
    if !migrations::claim_for_demo(&path)? {
        return Err(format!("{path} is not a database of the demo's; it is left alone").into());
    }
    migrations::migrate(&config.database_url)?;
    let db = open(&config)?;
    let listener = listen(&mut config)?;
    let file = config.data_dir.join(ACCOUNTS);
    block_on(async {
        let passwords = prepare(&config, &db, &file).await?;
        let state = State::new(config, db, Clock::system(), Random::system())?;
        print(invitation(&state, &passwords, &file))?;
        Ok(server::run(state, listener).await?)
    })
}

/// Sees to it that the blog is there and that its members have the passwords of the file.
async fn prepare(config: &Config, db: &Db, file: &Path) -> Result<HashMap<String, String>, Failure> {
    let is_seeded = db.read(demo::is_seeded).await?;
    let known = read_passwords(file)?;
    let is_new = known.is_none();
    let random = Random::system();
    let passwords = known.unwrap_or_else(|| {
        let password = |member: Member| (member.username, BASE64.encode(random.bytes::<12>()));
        demo::members().into_iter().map(password).collect()
    });
    if is_new {
        write_passwords(file, &passwords)?;
    }
    if is_seeded && !is_new {
        return Ok(passwords);
    }
    let hasher = Hasher::new(config, random.clone(), &Clock::system());
    let mut hashes = HashMap::new();
    for (username, password) in &passwords {
        hashes.insert(username.clone(), hasher.hash(password.clone()).await?);
    }
    let now = Clock::system().now();
    db.write(move |conn| match is_seeded {
        true => demo::set_hashes(conn, &hashes),
        false => demo::seed(conn, &hashes, &random, now),
    })
    .await
    .map_err(|problem: Problem| problem.to_string())?;
    Ok(passwords)
}

fn read_passwords(file: &Path) -> Result<Option<HashMap<String, String>>, Failure> {
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(format!("{}: {error}", file.display()).into()),
    };
    let pairs: HashMap<String, String> = text
        .lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(username, password)| (username.to_owned(), password.trim().to_owned()))
        .collect();
    // a file cut short by a full disk is made anew
    let is_whole = demo::members().iter().all(|member| pairs.contains_key(&member.username));
    if !is_whole {
        std::fs::remove_file(file)?;
    }
    Ok(is_whole.then_some(pairs))
}

fn write_passwords(file: &Path, passwords: &HashMap<String, String>) -> Outcome {
    let mut text = String::new();
    for member in demo::members() {
        text.push_str(&format!("{} {}\n", member.username, passwords[&member.username]));
    }
    let written = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
    written
        .and_then(|mut written| written.write_all(text.as_bytes()).and_then(|()| written.sync_all()))
        .map_err(|error| format!("{}: {error}", file.display()).into())
}

/// Where to look, and who may sign in.
fn invitation(state: &State, passwords: &HashMap<String, String>, file: &Path) -> String {
    let base = state.config.home();
    let accounts: String = demo::members()
        .iter()
        .map(|member| format!("  {:<10} {:<20} {}\n", member.what, member.username, passwords[&member.username]))
        .collect();
    let mails = match state.mailer.files() {
        Some(files) if files.has_pages() => format!("  {base}/mails               the mails that it would send\n"),
        _ => String::new(),
    };
    format!(
        "The demo is served here:\n\n  \
         {base}/                    its stories\n  \
         {base}/desk                the moderators' desk\n  \
         {base}/docs/               the API's documents\n  \
         {base}/api/openapi.json    the OpenAPI document\n{mails}\n\
         Its accounts (also in {}):\n\n{accounts}\n\
         Ctrl-C ends it; started again it keeps what is there.",
        file.display()
    )
}
