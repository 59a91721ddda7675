use crate::failure::Failure;
use std::path::PathBuf;
use store::Store;

/// Set once in a database that holds demonstration data; every answer from it is then marked.
pub const DEMO_SETTING: &str = "demo";

/// Where the data lies: shared by every command that stores.
#[derive(clap::Args, Clone, Debug)]
pub struct Place {
    /// 数据目录 · data folder; holds the SQLite database and the department's own boundaries
    #[arg(long, default_value = "qingkong-data", env = "QINGKONG_DATA_DIR")]
    pub data_dir: PathBuf,
    /// PostgreSQL instead of SQLite: postgres://USER@HOST/DATABASE
    #[arg(long, env = "QINGKONG_DATABASE", hide_env_values = true)]
    pub database: Option<String>,
}

impl Place {
    /// Opens the database and brings its schema up to date; refuses with the store's `T-` codes.
    pub async fn open(&self) -> Result<Store, Failure> {
        let file = self.data_dir.join("qingkong.db").to_string_lossy().into_owned();
        Ok(Store::open(self.database.as_deref().unwrap_or(&file)).await?)
    }
}
