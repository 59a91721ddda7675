use crate::NotifyError;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use url::{Host, Url};

/// Why this program never connects to an address that a channel names; `None` when it may.
///
/// Whoever may configure a channel could otherwise make the server ask what only the server can reach.
pub fn forbidden(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(v4) => forbidden_v4(v4),
        IpAddr::V6(v6) => forbidden_v6(v6),
    }
}

fn forbidden_v4(address: Ipv4Addr) -> Option<&'static str> {
    let [a, b, c, _] = address.octets();
    match (a, b, c) {
        (127, ..) => Some("an address of this machine"),
        (0, ..) => Some("no address of a host"),
        (10, ..) | (172, 16..=31, _) | (192, 168, _) => Some("an address inside the house"),
        (100, 64..=127, _) => Some("an address inside the provider's or the platform's network"),
        (169, 254, _) => Some("a link-local address, where platforms keep their metadata"),
        (192, 0, 0) | (192, 0, 2) | (198, 51, 100) | (203, 0, 113) | (192, 88, 99) | (198, 18..=19, _) => {
            Some("an address reserved for protocols and documents")
        }
        (224..=239, ..) => Some("a multicast address"),
        (240..=255, ..) => Some("a reserved address"),
        _ => None,
    }
}

/// An IPv6 address that carries an IPv4 address is judged by that one too.
fn forbidden_v6(address: Ipv6Addr) -> Option<&'static str> {
    let s = address.segments();
    let low = |n: usize| Ipv4Addr::from((u32::from(s[n]) << 16) | u32::from(s[n + 1]));
    match s {
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => Some("an address of this machine"),
        [0, 0, 0, 0, 0, 0 | 0xffff, ..] | [0, 0, 0, 0, 0xffff, 0, ..] => forbidden_v4(low(6)),
        [0x64, 0xff9b, 0, 0, 0, 0, ..] => forbidden_v4(low(6)),
        [0x64, 0xff9b, 1, ..] => Some("an address of a translator inside the house"),
        [0x2002, ..] => forbidden_v4(low(1)),
        [0xfc00..=0xfdff, ..] | [0xfec0..=0xfeff, ..] => Some("an address inside the house"),
        [0xfe80..=0xfebf, ..] => Some("a link-local address, where platforms keep their metadata"),
        [0xff00..=0xffff, ..] => Some("a multicast address"),
        [0x2000..=0x3fff, ..] if s[0] != 0x2001 || s[1] > 0x1ff && s[1] != 0xdb8 => None,
        _ => Some("a reserved address"),
    }
}

/// Hosts inside the house that the department itself named in the server's configuration file (允许的内网地址).
///
/// An entry is an address, a range `10.1.0.0/16`, or a host name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allowed {
    ranges: Vec<(IpAddr, u8)>,
    names: Vec<String>,
}

impl Allowed {
    /// Reads the entries; refuses `N-203` for one that is none of the three.
    pub fn read<'a>(entries: impl IntoIterator<Item = &'a str>) -> Result<Allowed, NotifyError> {
        let mut allowed = Allowed::default();
        for entry in entries {
            match (range(entry), name(entry)) {
                (Some(range), _) => allowed.ranges.push(range),
                (None, Some(name)) => allowed.names.push(name),
                (None, None) => {
                    let reason = format!("has {entry:?}, which is no address, no range and no host name");
                    return Err(NotifyError::BadSetting { field: "notify.allow_private", reason });
                }
            }
        }
        Ok(allowed)
    }

    /// Whether a connection to `address`, which `host` was resolved to, may be made; refuses `N-202`.
    pub fn permit(&self, host: &str, address: IpAddr) -> Result<(), NotifyError> {
        match forbidden(address) {
            Some(why) if !self.names(host) && !self.covers(address) => {
                Err(NotifyError::ForbiddenTarget { host: host.chars().take(200).collect(), why })
            }
            _ => Ok(()),
        }
    }

    /// Whether a channel may name this URL: `http` or `https`, no account in it, and no address inside the house.
    /// A name is checked again each time it is resolved.
    pub fn permit_url(&self, text: &str) -> Result<Url, NotifyError> {
        let url = Url::parse(text).map_err(|error| bad(text, error.to_string()))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(bad(text, "only http and https are known".into()));
        }
        if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
            return Err(bad(text, "an account or a fragment in the address is not taken".into()));
        }
        self.permit_host(url.host().ok_or_else(|| bad(text, "it names no host".into()))?)?;
        Ok(url)
    }

    /// The same for a bare host, as of a mail server.
    pub fn permit_name(&self, host: &str) -> Result<(), NotifyError> {
        let parsed = Host::parse(host).map_err(|error| bad(host, error.to_string()))?;
        match &parsed {
            Host::Domain(name) => self.permit_host(Host::Domain(name)),
            Host::Ipv4(address) => self.permit_host(Host::Ipv4(*address)),
            Host::Ipv6(address) => self.permit_host(Host::Ipv6(*address)),
        }
    }

    fn permit_host(&self, host: Host<&str>) -> Result<(), NotifyError> {
        match host {
            Host::Ipv4(address) => self.permit(&address.to_string(), address.into()),
            Host::Ipv6(address) => self.permit(&address.to_string(), address.into()),
            Host::Domain(name) if local(name) => self.permit(name, Ipv4Addr::LOCALHOST.into()),
            Host::Domain(_) => Ok(()),
        }
    }

    fn names(&self, host: &str) -> bool {
        self.names.iter().any(|known| known.eq_ignore_ascii_case(host.trim_end_matches('.')))
    }

    fn covers(&self, address: IpAddr) -> bool {
        self.ranges.iter().any(|range| within(*range, address.to_canonical()))
    }
}

fn local(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

/// The query of an address may hold a key, and the text of a refusal is shown and logged.
fn bad(target: &str, reason: String) -> NotifyError {
    let target = target.split(['?', '#']).next().unwrap_or_default();
    NotifyError::BadTarget { target: target.rsplit('@').next().unwrap_or_default().chars().take(200).collect(), reason }
}

fn range(entry: &str) -> Option<(IpAddr, u8)> {
    let (address, length) = entry.split_once('/').map_or((entry, None), |(a, length)| (a, Some(length)));
    let address: IpAddr = address.parse().ok()?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let length = length.map_or(Some(most), |length| length.parse().ok())?;
    (length <= most).then_some((address.to_canonical(), length))
}

fn name(entry: &str) -> Option<String> {
    let legal = |label: &str| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    // Something like 10.0.0.300 is a slip of the pen, not a name.
    let named = entry.bytes().any(|b| b.is_ascii_alphabetic());
    (named && entry.split('.').all(legal)).then(|| entry.to_string())
}

fn within((network, length): (IpAddr, u8), address: IpAddr) -> bool {
    let same = |a: u128, b: u128, bits: u32| (a ^ b).checked_shr(bits - u32::from(length)).unwrap_or(0) == 0;
    match (network, address) {
        (IpAddr::V4(a), IpAddr::V4(b)) => same(u32::from(a).into(), u32::from(b).into(), 32),
        (IpAddr::V6(a), IpAddr::V6(b)) => same(a.into(), b.into(), 128),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_address_inside_the_house_passes_in_any_dress() {
        for text in [
            "127.0.0.1",
            "127.8.8.8",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.100.100.200",
            "224.0.0.1",
            "255.255.255.255",
            "240.0.0.1",
            "192.0.0.192",
            "198.18.0.1",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "::ffff:0:127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "2002:7f00:1::",
            "fe80::1",
            "fc00::1",
            "fd00:ec2::254",
            "ff02::1",
            "fec0::1",
            "2001:db8::1",
            "2001::1",
            "100::1",
            "4000::1",
        ] {
            assert!(forbidden(text.parse().unwrap()).is_some(), "{text}");
        }
        for text in ["8.8.8.8", "223.5.5.5", "172.32.0.1", "100.128.0.1", "2400:3200::1", "::ffff:223.5.5.5"] {
            assert_eq!(forbidden(text.parse().unwrap()), None, "{text}");
        }
    }

    #[test]
    fn a_url_is_refused_for_its_scheme_its_account_and_its_host() {
        let none = Allowed::default();
        for text in [
            "http://127.0.0.1/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://0177.0.0.1/",
            "http://[::1]:80/",
            "http://[::ffff:169.254.169.254]/latest",
            "https://localhost/",
            "https://a.localhost./",
            "https://127\u{3002}0\u{3002}0\u{3002}1/",
            "file:///etc/passwd",
            "gopher://x/",
            "https://user:word@example.com/",
            "https://example.com/#x",
            "//x",
            "",
        ] {
            assert!(none.permit_url(text).is_err(), "{text}");
        }
        assert!(none.permit_url("https://qyapi.weixin.qq.com/cgi-bin/webhook/send").is_ok());
        assert!(none.permit_name("smtp.example.com").is_ok());
        assert!(none.permit_name("127.0.0.1").is_err() && none.permit_name("a b").is_err());
    }

    #[test]
    fn the_text_of_a_refusal_holds_no_key() {
        let text = Allowed::default().permit_url("ftp://me:word@example.com/send?key=SECRET").unwrap_err().to_string();
        assert!(text.contains("example.com/send") && !text.contains("SECRET") && !text.contains("word"), "{text}");
    }

    #[test]
    fn the_department_may_name_its_own_gateway_and_nothing_else_opens() {
        let allowed = Allowed::read(["10.1.0.0/16", "192.168.7.7", "sms.intranet.example", "fd00::/8"]).unwrap();
        let permit = |host: &str, address: &str| allowed.permit(host, address.parse().unwrap()).is_ok();
        assert!(permit("x", "10.1.255.255") && !permit("x", "10.2.0.0") && permit("x", "192.168.7.7"));
        assert!(!permit("x", "192.168.7.8") && permit("x", "fd12::1") && permit("x", "::ffff:10.1.0.1"));
        assert!(permit("SMS.intranet.example", "10.9.9.9") && !permit("evil.example", "10.9.9.9"));
        let all = Allowed::read(["0.0.0.0/0"]).unwrap();
        assert!(all.permit("x", "127.0.0.1".parse().unwrap()).is_ok());
    }

    #[test]
    fn an_entry_that_means_nothing_is_refused() {
        for entry in ["10.0.0.300", "10.0.0.0/33", "", "a b", "10.0.0.0/x", "http://x"] {
            assert!(Allowed::read([entry]).is_err(), "{entry}");
        }
    }
}
