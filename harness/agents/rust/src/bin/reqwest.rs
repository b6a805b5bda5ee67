//! The agent with reqwest as its client, on tokio's scheduler of several threads.
//!
//! A stamp is taken when reqwest hands bytes over, one HTTP chunk at a time; connecting cannot be told from sending.

use std::time::Duration;

use bindery_agents::answer::{Answer, Failure, judge_head};
use bindery_agents::args::Args;
use bindery_agents::client::Client;
use bindery_agents::clock::now;
use bindery_agents::events::Events;
use bindery_agents::net::before;
use bindery_agents::net::of_tokio::MultiThread;
use bindery_agents::order::Order;
use bindery_agents::prompt::records;
use bindery_agents::serve::serve;
use reqwest::header::{ACCEPT_ENCODING, CONNECTION, CONTENT_ENCODING, CONTENT_TYPE};

struct Reqwest {
    client: reqwest::Client,
    parse_each: bool,
}

impl Client for Reqwest {
    fn name(&self) -> &'static str {
        "reqwest"
    }

    async fn ask(&self, order: &Order, body: Vec<u8>, events: &mut Events) -> Answer {
        let mut answer = Answer::default();
        answer.failure = self.exchange(order, body, &mut answer, events).await.err();
        answer
    }
}

impl Reqwest {
    async fn exchange(
        &self,
        order: &Order,
        body: Vec<u8>,
        answer: &mut Answer,
        events: &mut Events,
    ) -> Result<(), Failure> {
        let sent = now();
        answer.sent_ns = Some(sent);
        let (due, code) = order.deadlines.next(sent, None);
        let request = self
            .client
            .post(format!("http://{}:{}{}", order.host, order.port, order.path))
            .header(CONTENT_TYPE, "application/json")
            .header(ACCEPT_ENCODING, "identity")
            .header(CONNECTION, "close")
            .body(body);
        let late = |code| move || Failure::new(code, "too late");
        let sending = before::<MultiThread, _>(due, request.send()).await;
        let mut response = sending.ok_or_else(late(code))?.map_err(failure)?;
        answer.head_ns = Some(now());
        answer.status = Some(response.status().as_u16());
        let coding = response.headers().get(CONTENT_ENCODING).and_then(|value| value.to_str().ok());
        judge_head(response.status().as_u16(), coding)?;
        loop {
            let (due, code) = order.deadlines.next(sent, answer.chunks.last().map(|chunk| chunk.0));
            let chunk = before::<MultiThread, _>(due, response.chunk()).await;
            let at = now();
            match chunk.ok_or_else(late(code))?.map_err(failure)? {
                None => return Ok(()),
                Some(bytes) => {
                    if self.parse_each {
                        records(&bytes).for_each(drop);
                    }
                    answer.take(at, &bytes)?;
                    events.progress(answer);
                }
            }
        }
    }
}

fn failure(error: reqwest::Error) -> Failure {
    let mut detail = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(deeper) = cause {
        detail = format!("{detail}: {deeper}");
        cause = deeper.source();
    }
    let code = if error.is_connect() && error.is_timeout() {
        "connect_timeout"
    } else if error.is_connect() {
        "connect_refused"
    } else if ["invalid HTTP", "Invalid", "invalid"].iter().any(|word| detail.contains(word)) {
        "bad_frame"
    } else {
        "closed_early"
    };
    Failure::new(code, detail)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args = Args::of_process();
    let client = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(Duration::from_secs(5))
        .tcp_nodelay(true)
        .pool_max_idle_per_host(0)
        .build()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let client = Reqwest { client, parse_each: args.parse_each };
    runtime.block_on(serve::<MultiThread>("tokio, multi-thread", client));
    Ok(())
}
