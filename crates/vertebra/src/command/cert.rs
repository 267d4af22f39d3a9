//! `vertebra cert`: the certificates that systems come in by. On a running exchange it counts at
//! once.

use std::path::{Path, PathBuf};

use base::Dice;
use clap::Subcommand;
use serde_json::Value;

use super::Failure;
use crate::authority::{self, Authority};
use crate::control::{self, Order, certificate};
use crate::credentials::private_file;
use crate::{model, say};

/// Give systems certificates, show them, and take them back.
#[derive(clap::Args)]
pub(crate) struct Cert {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Make a key and a certificate for a system, and register it
    Issue(Issue),
    /// Show every certificate that is registered
    List(List),
    /// End a certificate, for good, also on connections that are open
    Revoke(Revoke),
}

#[derive(clap::Args)]
struct Issue {
    /// The accredited system id of the system
    #[arg(long, value_name = "ASID")]
    system: String,
    /// The common name; of a mailbox client <local-id>.<ods>.api.mesh-client.nhs.uk [default: the
    /// system id]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// The client that calls [default: the system id]
    #[arg(long, value_name = "ID", default_value = "", hide_default_value = true)]
    client: String,
    /// For how many days it is good
    #[arg(long, value_name = "N", default_value_t = 365)]
    days: u32,
    /// The folder to write the certificate and its key into
    #[arg(long, value_name = "DIR", default_value = ".")]
    out: PathBuf,
    #[command(flatten)]
    common: Common,
}

#[derive(clap::Args)]
struct List {
    #[command(flatten)]
    common: Common,
}

#[derive(clap::Args)]
struct Revoke {
    /// Its fingerprint, serial number or common name
    #[arg(value_name = "CERTIFICATE")]
    named: String,
    #[command(flatten)]
    common: Common,
}

#[derive(clap::Args)]
struct Common {
    /// The data folder
    #[arg(long, value_name = "DIR", default_value = "./vertebra-data")]
    data: PathBuf,
    /// Write the result as JSON
    #[arg(long)]
    json: bool,
}

impl Cert {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        match &self.what {
            What::Issue(issue) => issue.run(),
            What::List(list) => list.run(),
            What::Revoke(revoke) => revoke.run(),
        }
    }
}

impl Issue {
    fn run(&self) -> Result<(), Failure> {
        let name = self.name.as_deref().unwrap_or(&self.system);
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
        if name.is_empty() || name.starts_with('.') || !name.bytes().all(fits) {
            return Err("--name: letters, digits, dots, hyphens and underscores".to_owned());
        }
        let (file, key) =
            (self.out.join(format!("{name}.pem")), self.out.join(format!("{name}-key.pem")));
        if let Some(there) = [&file, &key].into_iter().find(|path| path.exists()) {
            return Err(format!("{} exists. hint: --out another folder", there.display()));
        }
        let authority = Authority::open(&self.common.data)?;
        let issued = authority.issue(name, self.days, &Dice::System)?;
        private_file(&key, &issued.key)?;
        private_file(&file, &issued.certificate)?;
        let row = model::issued(&issued.read, &self.system, &self.client);
        let order = certificate::Order::Register(Box::new(row));
        let mut row = control::ask(&self.common.data, Order::Certificate(order)).inspect_err(
            // Nobody knows it: it is of no use.
            |_| [&file, &key].into_iter().for_each(|path| drop(std::fs::remove_file(path))),
        )?;
        if let Some(row) = row.as_object_mut() {
            let authority = authority::certificate_file(&self.common.data);
            for (name, path) in
                [("certificate_file", &file), ("key_file", &key), ("issuer_file", &authority)]
            {
                row.insert(name.into(), absolute(path).into());
            }
        }
        tell(&row, self.common.json);
        Ok(())
    }
}

impl List {
    fn run(&self) -> Result<(), Failure> {
        let order = Order::Certificate(certificate::Order::List);
        let rows = control::ask(&self.common.data, order)?;
        if self.common.json {
            say::line(&rows.to_string());
            return Ok(());
        }
        for (at, row) in rows.as_array().into_iter().flatten().enumerate() {
            if at > 0 {
                say::line("");
            }
            tell(row, false);
        }
        Ok(())
    }
}

impl Revoke {
    fn run(&self) -> Result<(), Failure> {
        let order = certificate::Order::Revoke(self.named.clone());
        let row = control::ask(&self.common.data, Order::Certificate(order))?;
        tell(&row, self.common.json);
        Ok(())
    }
}

fn absolute(path: &Path) -> String {
    std::path::absolute(path).unwrap_or_else(|_| path.into()).to_string_lossy().into_owned()
}

/// Prints a certificate, a line for each thing that is known of it.
fn tell(row: &Value, json: bool) {
    if json {
        say::line(&row.to_string());
        return;
    }
    for (name, value) in row.as_object().into_iter().flatten() {
        say::line(&format!("{name:<16}  {}", value.as_str().unwrap_or(&value.to_string())));
    }
}
