//! A private PostgreSQL cluster for one test run: in a temporary folder, on a free port of the loopback address.

use crate::process::{self, output_of};
use anyhow::{Context, Result, ensure};
use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// A running cluster; dropping it stops the server and removes its files.
pub struct Cluster {
    programs: PathBuf,
    folder: TempDir,
    owner: Option<(u32, u32)>,
    port: u16,
}

impl Cluster {
    /// Creates and starts a cluster with the programs in `programs`.
    pub fn start(programs: &Path) -> Result<Self> {
        // The socket's path may have at most about 100 bytes, which the temporary folder of macOS exceeds.
        let folder = tempfile::Builder::new().prefix("qingkong-pg-").tempdir_in("/tmp")?;
        let owner = owner()?;
        if let Some((user, group)) = owner {
            chown(folder.path(), Some(user), Some(group))?;
        }
        let cluster = Self { programs: programs.into(), folder, owner, port: free_port()? };
        cluster.create()?;
        cluster.serve()?;
        Ok(cluster)
    }

    /// Address in the form that the storage tests take.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn create(&self) -> Result<()> {
        let arguments = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"];
        self.quiet(self.program("initdb").args(arguments))
    }

    fn serve(&self) -> Result<()> {
        // Nothing of a test run has to survive a power cut, so nothing is flushed to disk.
        let options = format!(
            "-p {} -k '{}' -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off \
             -c full_page_writes=off -c max_connections=200",
            self.port,
            self.folder.path().display()
        );
        let log = self.folder.path().join("log");
        self.quiet(self.program("pg_ctl").args(["start", "-w", "-t", "60", "-o", &options, "-l"]).arg(log))
    }

    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.programs.join(name));
        command.current_dir(self.folder.path()).env("PGDATA", self.folder.path().join("data"));
        if let Some((user, group)) = self.owner {
            command.uid(user).gid(group);
        }
        command
    }

    /// Runs a step whose words matter only when it fails.
    ///
    /// Its words go to a file: a pipe would stay open in the server that `pg_ctl` leaves behind.
    fn quiet(&self, command: &mut Command) -> Result<()> {
        let path = self.folder.path().join("step");
        let words = std::fs::File::create(&path)?;
        let mut child = process::start(command.stdout(words.try_clone()?).stderr(words))?;
        let status = child.wait()?;
        let said = |name| std::fs::read_to_string(self.folder.path().join(name)).unwrap_or_default();
        ensure!(status.success(), "PostgreSQL did not start ({status}):\n{}{}", said("step"), said("log"));
        Ok(())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Err(error) = self.quiet(self.program("pg_ctl").args(["stop", "-w", "-m", "immediate"])) {
            eprintln!("the test database in {} may still run: {error:#}", self.folder.path().display());
        }
    }
}

/// Who must own the server: PostgreSQL refuses to run as root.
fn owner() -> Result<Option<(u32, u32)>> {
    if output_of("id", &["-u"]).context("asking for this user's id")? != "0" {
        return Ok(None);
    }
    let user = ["postgres", "nobody"].into_iter().find(|user| output_of("id", &["-u", user]).is_some());
    let user = user.context("PostgreSQL refuses to run as root, and there is no user `postgres` or `nobody`")?;
    let number = |option| -> Result<u32> { Ok(output_of("id", &[option, user]).context("asking for an id")?.parse()?) };
    Ok(Some((number("-u")?, number("-g")?)))
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prerequisites::database_programs;
    use std::net::TcpStream;

    #[test]
    fn a_cluster_answers_and_leaves_nothing_behind() {
        // A machine may reach a server elsewhere and have no programs of its own.
        let Some(programs) = database_programs() else { return };
        let cluster = Cluster::start(&programs).unwrap();
        let (port, folder) = (cluster.port, cluster.folder.path().to_path_buf());
        TcpStream::connect(("127.0.0.1", port)).unwrap();
        drop(cluster);
        assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
        assert!(!folder.exists());
    }
}
