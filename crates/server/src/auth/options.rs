use serde::Deserialize;
use std::net::IpAddr;

/// How people log in, as the operator of this server wants it.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LoginOptions {
    /// Minutes without use after which a session ends.
    pub idle_minutes: u32,
    /// Hours after which a session ends in any case.
    pub absolute_hours: u32,
    /// Whether the pages are served by TLS, here or at the proxy in front: cookies are then sent by TLS only.
    pub tls: bool,
    /// Addresses of the proxies in front whose `X-Forwarded-For` is believed.
    pub forwarded_by: Vec<IpAddr>,
    /// The department's identity provider.
    #[serde(skip)]
    pub oidc: Option<OidcOptions>,
}

impl Default for LoginOptions {
    fn default() -> Self {
        LoginOptions { idle_minutes: 30, absolute_hours: 12, tls: false, forwarded_by: Vec::new(), oidc: None }
    }
}

/// An identity provider (统一身份认证) that speaks OpenID Connect.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OidcOptions {
    /// What the button says.
    pub name: String,
    /// The issuer's address, under which its `.well-known/openid-configuration` lies.
    pub issuer: String,
    /// The name under which this server is registered there.
    pub client_id: String,
    /// The secret it was given.
    pub client_secret: String,
    /// The address of this server's callback as people's browsers see it: `https://HOST/api/v1/oidc/callback`.
    pub redirect_url: String,
    /// The claim that holds the login of the account here.
    #[serde(default = "usual_claim")]
    pub claim: String,
}

fn usual_claim() -> String {
    "preferred_username".into()
}

/// The secret stays out of logs.
impl std::fmt::Debug for OidcOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OidcOptions").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}
