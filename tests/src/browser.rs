use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// No answer of a scenario takes longer.
const PATIENCE: Duration = Duration::from_secs(30);

/// Somebody logged in at a server, over a plain socket (HTTP/1.1, one connection a request).
#[derive(Clone, Debug, Default)]
pub struct Browser {
    cookies: Vec<(String, String)>,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers, names in small letters.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: String,
}

impl Browser {
    /// Logs in.
    pub fn log_in(address: &str, login: &str, password: &str) -> Browser {
        let mut browser = Browser::default();
        let body = format!(r#"{{"login":"{login}","password":"{password}"}}"#);
        let answer = browser.send(address, "POST", "/api/v1/session", &body, &[]).expect("the server answers");
        assert_eq!(answer.status, 200, "{login} is not let in: {}", answer.body);
        let set = answer.headers.iter().filter(|(name, _)| name == "set-cookie");
        let pairs = set.filter_map(|(_, line)| line.split(';').next()?.split_once('='));
        browser.cookies = pairs.map(|(name, value)| (name.to_string(), value.to_string())).collect();
        browser
    }

    /// Sends a JSON body (or none) with headers; an error when the server did not answer in full.
    pub fn send(
        &self,
        address: &str,
        method: &str,
        path: &str,
        body: &str,
        headers: &[(&str, &str)],
    ) -> io::Result<Answer> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let length = body.len();
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
        head.push_str(&format!("Content-Type: application/json\r\nContent-Length: {length}\r\n"));
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            head.push_str(&format!("Cookie: {}\r\n", cookies.join("; ")));
        }
        if let Some((_, csrf)) = self.cookies.iter().find(|(name, _)| name == "qk_csrf") {
            head.push_str(&format!("X-CSRF-Token: {csrf}\r\n"));
        }
        stream.write_all(format!("{head}\r\n{body}").as_bytes())?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes)?;
        Answer::read(&bytes)
    }
}

impl Answer {
    /// An answer whose body is shorter than announced was cut off and is none.
    fn read(bytes: &[u8]) -> io::Result<Answer> {
        let cut_off = || io::Error::new(io::ErrorKind::UnexpectedEof, "the answer was cut off");
        let text = String::from_utf8_lossy(bytes);
        let (head, body) = text.split_once("\r\n\r\n").ok_or_else(cut_off)?;
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok()).ok_or_else(cut_off)?;
        let pairs = lines.filter_map(|line| line.split_once(": "));
        let headers: Vec<_> = pairs.map(|(name, value)| (name.to_ascii_lowercase(), value.to_string())).collect();
        let length = headers.iter().find(|(name, _)| name == "content-length");
        let length: usize = length.and_then(|(_, value)| value.parse().ok()).unwrap_or(body.len());
        if body.len() < length {
            return Err(cut_off());
        }
        Ok(Answer { status, headers, body: body.to_string() })
    }
}
