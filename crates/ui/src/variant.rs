use crate::Asset;
use std::borrow::Cow;
use std::fmt::Write;

type File = (Cow<'static, [u8]>, [u8; 32]);

/// Encodings that the front end's build writes beside each file, smallest first.
const VARIANTS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// Picks the file or its compressed sibling. `get` reads by name.
pub fn choose(path: &str, accept_encoding: &str, get: impl Fn(&str) -> Option<File>) -> Option<Asset> {
    if path.split('/').any(|part| part.starts_with('.')) {
        return None;
    }
    let compressed = VARIANTS.into_iter().filter(|(coding, _)| accepts(accept_encoding, coding));
    let sibling =
        compressed.filter_map(|(coding, suffix)| Some((get(&format!("{path}{suffix}"))?, Some(coding)))).next();
    let plain = get(path)?;
    let ((bytes, hash), encoding) = sibling.unwrap_or((plain, None));
    Some(Asset { bytes, etag: etag(&hash), mime: mime(path), encoding, immutable: path.starts_with("assets/") })
}

/// Whether a header such as `gzip, deflate, br;q=0` allows `coding`. A bare `*` is not taken as a promise.
fn accepts(header: &str, coding: &str) -> bool {
    header.split(',').any(|item| {
        let mut parts = item.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
        named && !parts.any(|weight| matches!(weight.strip_prefix("q=").map(str::parse::<f32>), Some(Ok(0.0))))
    })
}

fn etag(hash: &[u8; 32]) -> String {
    let mut text = String::from("\"");
    for byte in &hash[..12] {
        write!(text, "{byte:02x}").expect("writing to a String does not fail");
    }
    text + "\""
}

fn mime(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or("") {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shelf(name: &str) -> Option<File> {
        let names = ["index.html", "index.html.gz", "assets/a-1f.js", "assets/a-1f.js.gz", "assets/a-1f.js.br", "x.br"];
        let place = names.iter().position(|known| *known == name)?;
        Some((Cow::Owned(name.as_bytes().to_vec()), [place as u8; 32]))
    }

    fn pick(path: &str, accept: &str) -> Option<(String, Option<&'static str>)> {
        choose(path, accept, shelf).map(|asset| (String::from_utf8(asset.bytes.into_owned()).unwrap(), asset.encoding))
    }

    #[test]
    fn the_smallest_form_the_browser_takes_is_sent() {
        let js = "assets/a-1f.js";
        assert_eq!(pick(js, "gzip, deflate, br"), Some((format!("{js}.br"), Some("br"))));
        assert_eq!(pick(js, "gzip, deflate"), Some((format!("{js}.gz"), Some("gzip"))));
        assert_eq!(pick(js, "gzip, br;q=0"), Some((format!("{js}.gz"), Some("gzip"))));
        assert_eq!(pick(js, "identity, gzip; q=0.000"), Some((js.into(), None)));
        assert_eq!(pick("index.html", "br"), Some(("index.html".into(), None)), "there is no .br of it");
    }

    #[test]
    fn forms_of_one_file_have_different_tags_and_the_same_type() {
        let [plain, zipped] = ["", "gzip"].map(|accept| choose("assets/a-1f.js", accept, shelf).unwrap());
        assert_ne!(plain.etag, zipped.etag);
        assert_eq!(zipped.mime, "text/javascript; charset=utf-8");
        assert!(plain.immutable && !choose("index.html", "", shelf).unwrap().immutable);
        assert_eq!(plain.etag.len(), 26);
    }

    #[test]
    fn hidden_and_unknown_names_are_not_there() {
        for path in [".qingkong-stamp", "a/.git/config", "../index.html", "nothing.js", "", "x"] {
            assert_eq!(pick(path, "br"), None, "{path}");
        }
    }
}
