//! One response as a client saw it.

/// Bytes of the longest body that is read.
pub const MOST_BODY: usize = 16 * 1024 * 1024;

/// Bytes that one event carries at most; what a client read at once may be more.
const MOST_PIECE: usize = 256 * 1024;

/// What went wrong on the way, by the name that the harness has for it.
#[derive(Debug)]
pub struct Failure {
    pub code: &'static str,
    pub detail: String,
}

impl Failure {
    pub fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }
}

/// A response; times are absolute monotonic nanoseconds.
#[derive(Debug, Default)]
pub struct Answer {
    pub connected_ns: Option<i64>,
    pub sent_ns: Option<i64>,
    pub head_ns: Option<i64>,
    pub status: Option<u16>,
    pub failure: Option<Failure>,
    pub largest_read: Option<usize>,
    /// When bytes of the body came, and which.
    pub chunks: Vec<(i64, Vec<u8>)>,
    pub size: usize,
}

impl Answer {
    /// Keeps bytes of the body that came at once: in pieces, so that no line of an event is too long.
    pub fn take(&mut self, at: i64, bytes: &[u8]) -> Result<(), Failure> {
        self.size += bytes.len();
        self.chunks.extend(bytes.chunks(MOST_PIECE).map(|piece| (at, piece.to_vec())));
        if self.size > MOST_BODY {
            return Err(Failure::new("body_too_long", format!("more than {MOST_BODY} bytes")));
        }
        Ok(())
    }

    /// The whole body.
    pub fn body(&self) -> Vec<u8> {
        self.chunks.iter().flat_map(|(_, bytes)| bytes).copied().collect()
    }
}

/// What an answer's head already rules out.
pub fn judge_head(status: u16, coding: Option<&str>) -> Result<(), Failure> {
    if (300..400).contains(&status) {
        return Err(Failure::new("redirect", status.to_string()));
    }
    match coding {
        Some(coding) if !coding.eq_ignore_ascii_case("identity") => {
            Err(Failure::new("bad_encoding", format!("asked for identity, the server sent {coding}")))
        }
        _ => Ok(()),
    }
}
