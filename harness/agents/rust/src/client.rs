//! HTTP/1.1 over `httparse`, generic over the runtime; one connection a call, as the harness's own client has it.

use std::future::Future;
use std::io;
use std::marker::PhantomData;
use std::net::{IpAddr, SocketAddr};

use crate::answer::{Answer, Failure, judge_head};
use crate::args::Args;
use crate::body::Body;
use crate::clock::now;
use crate::events::Events;
use crate::net::{Net, before};
use crate::order::{Deadlines, Order};
use crate::prompt::records;

const MOST_HEAD: usize = 64 * 1024;
const MOST_HEADERS: usize = 128;

/// What asks a server. It never fails for what a server does: that is in the answer.
pub trait Client: Send + Sync + 'static {
    fn name(&self) -> &'static str;
    fn ask(&self, order: &Order, body: Vec<u8>, events: &mut Events) -> impl Future<Output = Answer> + Send;
}

/// The client that differs between runtimes in nothing but the runtime.
pub struct Httparse<N> {
    args: Args,
    runtime: PhantomData<N>,
}

impl<N> Httparse<N> {
    pub fn new(args: Args) -> Self {
        Self { args, runtime: PhantomData }
    }
}

impl<N: Net> Client for Httparse<N> {
    fn name(&self) -> &'static str {
        "httparse"
    }

    async fn ask(&self, order: &Order, body: Vec<u8>, events: &mut Events) -> Answer {
        let mut answer = Answer::default();
        answer.failure = exchange::<N>(self.args, order, &body, &mut answer, events).await.err();
        answer
    }
}

async fn exchange<N: Net>(
    args: Args,
    order: &Order,
    body: &[u8],
    answer: &mut Answer,
    events: &mut Events,
) -> Result<(), Failure> {
    let limits = &order.deadlines;
    let host: IpAddr = order.host.parse().map_err(|_| Failure::new("connect_refused", "the host is no address"))?;
    let refused = |error: io::Error| Failure::new("connect_refused", error.to_string());
    let connecting = N::connect(SocketAddr::new(host, order.port));
    let mut stream = before::<N, _>(now() + limits.connect_ns, connecting)
        .await
        .ok_or_else(|| Failure::new("connect_timeout", "no connection in time"))?
        .map_err(refused)?;
    answer.connected_ns = Some(now());
    let message = message(order, body);
    let sent = now();
    answer.sent_ns = Some(sent);
    events.progress(answer);
    N::write_all(&mut stream, &message).await.map_err(closed)?;
    let mut reading = Reading::<N> { stream, buffer: vec![0; args.read_bytes], limits, sent, at: 0 };
    let (first, framed) = head(&mut reading, answer).await?;
    collect(reading, framed, first, args.parse_each, answer, events).await
}

fn closed(error: io::Error) -> Failure {
    Failure::new("closed_early", error.to_string())
}

fn message(order: &Order, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: {}:{}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
         Accept-Encoding: identity\r\nConnection: close\r\n\r\n",
        order.path,
        order.host,
        order.port,
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// A connection that is read against its deadlines; `at` is when the last read brought something.
struct Reading<'a, N: Net> {
    stream: N::Stream,
    buffer: Vec<u8>,
    limits: &'a Deadlines,
    sent: i64,
    at: i64,
}

impl<N: Net> Reading<'_, N> {
    /// The bytes of the next read, and its stamp, taken before anything else; none at the end of the connection.
    async fn next(&mut self, answer: &mut Answer) -> Result<&[u8], Failure> {
        let (due, code) = self.limits.next(self.sent, answer.chunks.last().map(|chunk| chunk.0));
        let read = before::<N, _>(due, N::read(&mut self.stream, &mut self.buffer)).await;
        self.at = now();
        let size = read.ok_or_else(|| Failure::new(code, "too late"))?.map_err(closed)?;
        answer.largest_read = answer.largest_read.max(Some(size));
        Ok(&self.buffer[..size])
    }
}

/// Reads the head; the bytes behind it, and how the body is framed.
async fn head<N: Net>(reading: &mut Reading<'_, N>, answer: &mut Answer) -> Result<(Vec<u8>, Body), Failure> {
    let mut seen = Vec::new();
    loop {
        let data = reading.next(answer).await?;
        if data.is_empty() {
            return Err(Failure::new("closed_early", "the server closed the connection"));
        }
        seen.extend_from_slice(data);
        answer.head_ns = answer.head_ns.or(Some(reading.at));
        while let Some((size, status, coding, body)) = parsed(&seen)? {
            seen.drain(..size);
            if !(100..200).contains(&status) || status == 101 {
                answer.status = Some(status);
                judge_head(status, coding.as_deref())?;
                return Ok((seen, body));
            }
        }
        if seen.len() >= MOST_HEAD {
            return Err(Failure::new("bad_frame", format!("the response head is longer than {MOST_HEAD} bytes")));
        }
    }
}

type Head = (usize, u16, Option<String>, Body);

/// A head, once it is whole: its size, its status, the coding of the body and its framing.
fn parsed(seen: &[u8]) -> Result<Option<Head>, Failure> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut response = httparse::Response::new(&mut headers);
    let size = match response.parse(seen) {
        Ok(httparse::Status::Complete(size)) => size,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(error) => return Err(Failure::new("bad_frame", format!("not HTTP: {error}"))),
    };
    let value = |name: &str| {
        let found = response.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name))?;
        Some(String::from_utf8_lossy(found.value).into_owned())
    };
    let chunked = value("transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked"));
    let body = match value("content-length") {
        _ if chunked => Body::chunked(),
        Some(length) => Body::Length(length.parse().map_err(|_| Failure::new("bad_frame", "not HTTP: a bad length"))?),
        None => Body::ToEnd,
    };
    Ok(Some((size, response.code.unwrap_or(0), value("content-encoding"), body)))
}

/// Reads the body to its end.
async fn collect<N: Net>(
    mut reading: Reading<'_, N>,
    mut framed: Body,
    first: Vec<u8>,
    parse_each: bool,
    answer: &mut Answer,
    events: &mut Events,
) -> Result<(), Failure> {
    let mut data = first;
    if matches!(framed, Body::Length(0)) {
        return Ok(());
    }
    loop {
        let mut bytes = Vec::with_capacity(data.len());
        let whole = framed.feed(&data, &mut bytes);
        if parse_each {
            records(&bytes).for_each(drop);
        }
        answer.take(reading.at, &bytes)?;
        events.progress(answer);
        if whole? {
            return Ok(());
        }
        data = reading.next(answer).await?.to_vec();
        if data.is_empty() {
            return match framed.may_end() {
                true => Ok(()),
                false => Err(Failure::new("closed_early", "the server closed the connection")),
            };
        }
    }
}
