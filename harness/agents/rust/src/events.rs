//! Events of a task as lines of JSON on standard output; held back until `flush` unless the task is live.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::clock::now;

const MOST_DETAIL: usize = 500;

/// The events of one task.
pub struct Events {
    task: i64,
    live: bool,
    held: Vec<u8>,
    told: (bool, bool, usize),
}

impl Events {
    pub fn new(task: i64, live: bool) -> Self {
        Self { task, live, held: Vec::new(), told: (false, false, 0) }
    }

    /// One event, stamped `at`; `said` is an object.
    pub fn say_at(&mut self, event: &str, at: i64, mut said: Value) {
        said["event"] = event.into();
        said["task"] = self.task.into();
        said["at"] = at.into();
        self.held.extend_from_slice(said.to_string().as_bytes());
        self.held.push(b'\n');
        if self.live {
            self.flush();
        }
    }

    /// One event, now.
    pub fn say(&mut self, event: &str, said: Value) {
        self.say_at(event, now(), said);
    }

    /// Tells of a live task what is new of a call; of another nothing, which is what measuring needs.
    pub fn progress(&mut self, answer: &Answer) {
        if self.live {
            self.tell(answer);
        }
    }

    /// The events of a call that were not told yet.
    fn tell(&mut self, answer: &Answer) {
        let (connected, sent, chunks) = self.told;
        if let (false, Some(at)) = (connected, answer.connected_ns) {
            self.say_at("connected", at, json!({}));
        }
        if let (false, Some(at)) = (sent, answer.sent_ns) {
            self.say_at("sent", at, json!({}));
        }
        for (at, bytes) in &answer.chunks[chunks..] {
            self.say_at("chunk", *at, json!({"data": STANDARD.encode(bytes)}));
        }
        self.told = (answer.connected_ns.is_some(), answer.sent_ns.is_some(), answer.chunks.len());
    }

    /// The events of a call that has ended.
    pub fn answered(&mut self, answer: &Answer) {
        self.tell(answer);
        self.told = (false, false, 0);
        let failure = answer.failure.as_ref();
        self.say(
            "call_ended",
            json!({
                "status": answer.status,
                "code": failure.map(|failure| failure.code),
                "detail": failure.map_or("", |failure| cut(&failure.detail)),
                "head_ns": answer.head_ns,
                "largest_read": answer.largest_read,
            }),
        );
        self.flush();
    }

    /// The last event.
    pub fn finished(&mut self, outcome: Result<String, (&str, String)>) {
        let (code, detail, text) = match outcome {
            Ok(text) => (None, String::new(), text),
            Err((code, detail)) => (Some(code), detail, String::new()),
        };
        self.say("finished", json!({"code": code, "detail": cut(&detail), "text": text}));
        self.flush();
    }

    pub fn flush(&mut self) {
        write(&self.held);
        self.held.clear();
    }
}

fn cut(detail: &str) -> &str {
    let end = detail.char_indices().nth(MOST_DETAIL).map_or(detail.len(), |(at, _)| at);
    &detail[..end]
}

/// Writes whole lines at once; nobody there to read them ends the process.
pub fn write(lines: &[u8]) {
    let mut out = std::io::stdout().lock();
    if out.write_all(lines).and_then(|()| out.flush()).is_err() {
        std::process::exit(1);
    }
}
