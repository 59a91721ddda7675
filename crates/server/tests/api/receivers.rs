//! Real receivers on real sockets of the loopback address: an HTTP gateway and a mail server.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// An HTTP gateway that answers what it was told to, then 200.
#[derive(Clone)]
pub struct Gateway {
    pub address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
    answers: Arc<Mutex<VecDeque<String>>>,
}

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Seen {
    pub line: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Seen {
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

impl Gateway {
    /// `answers`: status line's rest, headers and body, for example `503 Busy\r\nretry-after: 7\r\n\r\nlater`. The
    /// word `hang` closes the line without an answer.
    pub async fn open(answers: &[&str]) -> Gateway {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let gateway = Gateway {
            address: listener.local_addr().unwrap(),
            seen: Arc::default(),
            answers: Arc::new(Mutex::new(answers.iter().map(|text| text.to_string()).collect())),
        };
        let serving = gateway.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(serving.clone().serve(socket));
            }
        });
        gateway
    }

    pub fn url(&self) -> String {
        format!("http://{}/in", self.address)
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    async fn serve(self, socket: TcpStream) {
        let mut socket = BufReader::new(socket);
        let mut line = String::new();
        socket.read_line(&mut line).await.unwrap();
        let mut headers = Vec::new();
        loop {
            let mut header = String::new();
            socket.read_line(&mut header).await.unwrap();
            let Some((name, value)) = header.trim_end().split_once(": ") else { break };
            headers.push((name.to_ascii_lowercase(), value.to_string()));
        }
        let length = headers.iter().find(|(name, _)| name == "content-length").map_or(0, |(_, n)| n.parse().unwrap());
        let mut body = vec![0; length];
        socket.read_exact(&mut body).await.unwrap();
        let body = String::from_utf8(body).unwrap();
        self.seen.lock().unwrap().push(Seen { line: line.trim_end().to_string(), headers, body });
        let answer =
            self.answers.lock().unwrap().pop_front().unwrap_or("200 OK\r\n\r\n{\"errcode\":0,\"code\":0}".into());
        if answer != "hang" {
            let (head, body) = answer.split_once("\r\n\r\n").unwrap();
            let text = format!("HTTP/1.1 {head}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len());
            socket.write_all(text.as_bytes()).await.unwrap();
        }
    }
}

/// A mail server that knows no TLS and answers to `RCPT` what it was told to.
#[derive(Clone)]
pub struct MailServer {
    pub address: SocketAddr,
    mails: Arc<Mutex<Vec<Mail>>>,
    answers: Arc<Mutex<VecDeque<String>>>,
}

/// A mail as it came: the envelope's recipients and the text with its head.
#[derive(Clone, Debug, Default)]
pub struct Mail {
    pub to: Vec<String>,
    pub text: String,
}

impl MailServer {
    pub async fn open(answers: &[&str]) -> MailServer {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = MailServer {
            address: listener.local_addr().unwrap(),
            mails: Arc::default(),
            answers: Arc::new(Mutex::new(answers.iter().map(|text| text.to_string()).collect())),
        };
        let serving = server.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(serving.clone().serve(socket));
            }
        });
        server
    }

    pub fn mails(&self) -> Vec<Mail> {
        self.mails.lock().unwrap().clone()
    }

    async fn serve(self, socket: TcpStream) {
        let mut socket = BufReader::new(socket);
        let mut mail = Mail::default();
        say(&mut socket, "220 mail.test ready").await;
        loop {
            let mut line = String::new();
            if socket.read_line(&mut line).await.unwrap_or(0) == 0 {
                return;
            }
            let line = line.trim_end();
            match line.get(..4).unwrap_or("").to_ascii_uppercase().as_str() {
                "RCPT" => {
                    let answer = self.answers.lock().unwrap().pop_front().unwrap_or("250 ok".into());
                    mail.to.push(line.to_string());
                    say(&mut socket, &answer).await;
                }
                "DATA" => {
                    say(&mut socket, "354 go on").await;
                    mail.text = until_dot(&mut socket).await;
                    self.mails.lock().unwrap().push(std::mem::take(&mut mail));
                    say(&mut socket, "250 queued as 4711").await;
                }
                "QUIT" => return say(&mut socket, "221 bye").await,
                _ => say(&mut socket, "250 mail.test").await,
            }
        }
    }
}

async fn say(socket: &mut BufReader<TcpStream>, line: &str) {
    // A client that has heard enough may be gone.
    let _ = socket.write_all(format!("{line}\r\n").as_bytes()).await;
}

async fn until_dot(socket: &mut BufReader<TcpStream>) -> String {
    let mut text = String::new();
    while !text.ends_with("\r\n.\r\n") {
        if socket.read_line(&mut text).await.unwrap() == 0 {
            break;
        }
    }
    text
}
