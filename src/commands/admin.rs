//! `admin`: accounts with rights.

use clap::{Subcommand, ValueEnum};

use super::{Failure, Outcome, Tools, block_on, password, print, test_mail};
use crate::{
    auth::{keys::Keys, password::Hasher},
    clock::Clock,
    config::Config,
    domain::{
        email::Email,
        moderation::Action,
        session::EndReason,
        site::SiteRole,
        username::{self, Username},
    },
    http::{
        accounts::new_password,
        problem::{Code, Problem},
        site_roles::{change_admin, change_role},
        sites::find_site,
    },
    proving::changes::{self, Change},
    store::{
        Conn,
        accounts::{self, Account, NameOutcome},
        codes,
        decisions::{self, Actor, Decision},
        roles::RoleOutcome,
        second_factors, sessions, sites, standing,
    },
};

#[derive(Debug, Subcommand)]
pub(super) enum Args {
    /// Create an admin; the password comes from the terminal or standard input.
    Create {
        /// The e-mail that signs in.
        #[arg(long)]
        email: String,
        /// The username.
        #[arg(long)]
        username: String,
    },
    /// Give an account another password, from the terminal or standard input; ends its sessions.
    SetPassword {
        /// Username or e-mail.
        account: String,
    },
    /// Take somebody's second factor away, who lost the device and the recovery codes; ends his sessions.
    ResetSecondFactor {
        /// Username or e-mail.
        account: String,
    },
    /// Send a mail to an address and tell what became of it; needs no database.
    SendTestMail {
        /// To whom.
        address: String,
    },
    /// Grant a right.
    Grant {
        /// Username or e-mail.
        account: String,
        /// The right.
        right: Right,
        /// The site's key; needed for all rights but `admin`.
        #[arg(long)]
        site: Option<String>,
    },
    /// Take a right back.
    Revoke {
        /// Username or e-mail.
        account: String,
        /// The right.
        right: Right,
        /// The site's key; needed for all rights but `admin`.
        #[arg(long)]
        site: Option<String>,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum Right {
    Admin,
    Moderator,
    Author,
}

pub(super) fn run(config: Config, args: Args) -> Outcome {
    if let Args::SendTestMail { address } = &args {
        return block_on(test_mail::send(&config, address));
    }
    let tools = Tools::open(&config)?;
    block_on(async {
        match args {
            Args::Create { email, username } => create(&config, tools, &email, &username).await,
            Args::SetPassword { account } => set_password(config, tools, account).await,
            Args::ResetSecondFactor { account } => reset_second_factor(config, tools, account).await,
            Args::Grant { account, right, site } => change(tools, account, right, site, true).await,
            Args::Revoke { account, right, site } => change(tools, account, right, site, false).await,
            Args::SendTestMail { .. } => unreachable!("done above"),
        }
    })
}

async fn create(config: &Config, tools: Tools, email: &str, username: &str) -> Outcome {
    let email = Email::parse(email)?;
    // an operator may take a reserved name
    let username = Username::parse(username)?;
    let hash = new_hash(config, &tools, Some(&email), username.as_str()).await?;
    let Tools { db, now, random } = tools;
    let name = username.as_str().to_owned();
    db.write(move |conn| {
        let account = Account {
            password_hash: Some(hash.clone()),
            is_admin: true,
            // by whoever runs the service
            proven_at: Some(now),
            ..Account::new(random.id(now), Some(&email), &username, now)
        };
        match accounts::insert(conn, &account)? {
            NameOutcome::Stored => {
                let decision = Decision::new(random.id(now), Actor::SYSTEM, Action::GrantRole, now);
                let details = Some(r#"{"role":"admin"}"#.to_owned());
                Ok(decisions::insert(conn, &Decision { account_id: Some(account.id), details, ..decision })?)
            }
            NameOutcome::EmailTaken => Err(Problem::field("/email", "an account has it")),
            NameOutcome::UsernameTaken => Err(Problem::new(Code::UsernameTaken)),
        }
    })
    .await?;
    print(format_args!("{name} is an admin now"))
}

async fn new_hash(config: &Config, tools: &Tools, email: Option<&Email>, username: &str) -> Result<String, Failure> {
    let typed = password::read()?;
    let words = tools.db.read(|conn| Ok::<_, Problem>(sites::list_words(conn)?)).await?;
    let password = new_password("/password", &typed, email, username, &words)?;
    let hasher = Hasher::new(config, tools.random.clone(), &Clock::system());
    Ok(hasher.hash(password.expose().to_owned()).await?)
}

/// The open account of this username or e-mail.
fn find_account(conn: &mut Conn<'_>, name: &str) -> Result<Account, Problem> {
    let found = match Email::parse(name) {
        Ok(email) => accounts::find_by_email(conn, &email.key())?,
        Err(_) => accounts::find_by_username(conn, &username::key(name))?,
    };
    found.ok_or_else(|| Problem::new(Code::NotFound).detail(format!("no account {name}")))
}

async fn set_password(config: Config, tools: Tools, name: String) -> Outcome {
    let typed = name.clone();
    let account = tools.db.read(move |conn| find_account(conn, &typed)).await?;
    let email = account.email.map(Email::from_store);
    let hash = new_hash(&config, &tools, email.as_ref(), &account.username.unwrap_or_default()).await?;
    let Tools { db, now, random } = tools;
    let keys = Keys::load_or_create(&config.jwt_keys_file, &random)?;
    db.write(move |conn| {
        let account = find_account(conn, &name)?;
        accounts::find_locked(conn, account.id)?;
        accounts::set_password_hash(conn, account.id, &hash)?;
        codes::delete_of_account(conn, account.id)?;
        sessions::end_all(conn, account.id, None, EndReason::PasswordChanged, now)?;
        let changed = (&account, Change::PasswordByOperator, None);
        Ok::<_, Problem>(changes::announce(conn, (&keys, &config, &random), changed, now)?)
    })
    .await?;
    print("the password is changed and all sessions are ended")
}

async fn reset_second_factor(config: Config, tools: Tools, name: String) -> Outcome {
    let Tools { db, now, random } = tools;
    let keys = Keys::load_or_create(&config.jwt_keys_file, &random)?;
    let is_reset = db.write(move |conn| {
        let account = find_account(conn, &name)?;
        accounts::find_locked(conn, account.id)?;
        let had_one = second_factors::find(conn, account.id)?.is_some();
        if had_one {
            second_factors::delete(conn, account.id)?;
            sessions::end_all(conn, account.id, None, EndReason::SecondFactorChanged, now)?;
            let decision = Decision::new(random.id(now), Actor::SYSTEM, Action::ResetSecondFactor, now);
            decisions::insert(conn, &Decision { account_id: Some(account.id), ..decision })?;
            let changed = (&account, Change::FactorRemovedByOperator, None);
            changes::announce(conn, (&keys, &config, &random), changed, now)?;
        }
        Ok::<_, Problem>(had_one)
    });
    print(if is_reset.await? { "the second factor is gone and all sessions are ended" } else { "there was none" })
}

async fn change(tools: Tools, name: String, right: Right, site: Option<String>, is_granted: bool) -> Outcome {
    let Tools { db, now, random } = tools;
    let outcome = db.write(move |conn| {
        let account = find_account(conn, &name)?;
        standing::hold(conn, account.id)?;
        let role = match right {
            Right::Admin => return change_admin(conn, account.id, is_granted, (&random, now)),
            Right::Moderator => SiteRole::Moderator,
            Right::Author => SiteRole::Author,
        };
        let key = site.as_deref().ok_or_else(|| Problem::field("/site", "--site KEY is needed for this right"))?;
        let site = find_site(conn, key)?;
        change_role(conn, (site.id, account.id, role), is_granted, (Actor::SYSTEM, &random, now))
    });
    let is_changed = outcome.await? == RoleOutcome::Changed;
    print(if is_changed { "done" } else { "that was so already" })
}
