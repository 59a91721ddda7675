use crate::failure::Failure;
use crate::place::Place;
use server::Newcomer;
use std::io::{IsTerminal, Read};
use units::OrgId;

/// `qingkong user`: accounts, at the server's console. Everything is recorded in the event log as done there.
#[derive(clap::Subcommand)]
pub enum User {
    /// 开户并授予角色，首位管理员由此而来 · open an account with a role; the first administrators come from here
    Add(Add),
    /// 列出账号 · list the accounts
    List(List),
    /// 重置密码并取消动态口令 · set a new password and take the one-time codes away
    ResetPassword(Named),
    /// 解锁 · unlock
    Unlock(Named),
}

/// Whom to let in.
#[derive(clap::Args)]
pub struct Add {
    /// 登录名 · what is typed to log in
    login: String,
    /// 姓名或岗位 · the person's or post's name; the login when left out
    #[arg(long)]
    name: Option<String>,
    /// 角色 · a role of data/roles: system-admin, security-admin, auditor, forecaster …
    #[arg(long, default_value = "system-admin")]
    role: String,
    /// 单位 · the organisation's id; founded as the department when there is no organisation at all
    #[arg(long, default_value = "department")]
    organisation: OrgId,
    /// 从标准输入读密码 · read the password from standard input; else one is made and shown once
    #[arg(long)]
    password_stdin: bool,
    #[command(flatten)]
    place: Place,
}

/// Where.
#[derive(clap::Args)]
pub struct List {
    #[command(flatten)]
    place: Place,
}

/// Which account.
#[derive(clap::Args)]
pub struct Named {
    /// 登录名 · what is typed to log in
    login: String,
    #[command(flatten)]
    place: Place,
}

/// Runs one of them.
pub async fn run(user: User) -> Result<(), Failure> {
    match user {
        User::Add(args) => add(args).await,
        User::List(args) => list(args).await,
        User::ResetPassword(args) => {
            let password = server::reset_password(&args.place.open().await?, &args.login).await?;
            shown_once(&args.login, &password);
            Ok(())
        }
        User::Unlock(args) => {
            server::unlock(&args.place.open().await?, &args.login).await?;
            println!("{}  已解锁 unlocked", args.login);
            Ok(())
        }
    }
}

async fn add(args: Add) -> Result<(), Failure> {
    let password = if args.password_stdin { Some(from_stdin()?) } else { None };
    let newcomer = Newcomer {
        name: args.name.unwrap_or_else(|| args.login.clone()),
        login: args.login.clone(),
        role: args.role,
        organisation: args.organisation,
        password,
    };
    let made = server::install_account(&args.place.open().await?, &newcomer).await?;
    println!("{}  已开户 opened: {} @ {}", newcomer.login, newcomer.role, newcomer.organisation);
    if let Some(password) = made {
        shown_once(&newcomer.login, &password);
    }
    Ok(())
}

async fn list(args: List) -> Result<(), Failure> {
    for row in server::all_accounts(&args.place.open().await?).await? {
        let account = row.account;
        let state = match (account.active, account.locked_until) {
            (false, _) => "停用 closed".to_string(),
            (true, Some(until)) => format!("锁定至 locked until {until}"),
            (true, None) => "在用 open".to_string(),
        };
        let totp = if account.totp { "动态口令 totp" } else { "-" };
        println!("{}\t{}\t{}\t{state}\t{totp}", account.login, account.name, account.organisation);
    }
    Ok(())
}

/// On standard output alone, so that it lands in no log.
fn shown_once(login: &str, password: &str) {
    println!("{login}  一次性密码，首次登录须更改 one-time password, to be changed at the first login: {password}");
}

fn from_stdin() -> Result<String, Failure> {
    if std::io::stdin().is_terminal() {
        eprintln!("密码 password:");
    }
    let mut text = String::new();
    // More than any password; the rest of an endless input is not read.
    std::io::stdin().lock().take(1024).read_to_string(&mut text)?;
    Ok(text.lines().next().unwrap_or_default().to_string())
}
