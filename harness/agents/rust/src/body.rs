//! The framing of HTTP around a body: chunked, of a known length, or up to the end of the connection.

use crate::answer::Failure;

const MOST_SIZE_LINE: usize = 1024;

/// Takes bytes as they come and leaves those of the body.
#[derive(Debug)]
pub enum Body {
    Chunked { left: usize, between: Vec<u8>, last: bool },
    Length(usize),
    ToEnd,
}

impl Body {
    pub fn chunked() -> Self {
        Self::Chunked { left: 0, between: Vec::new(), last: false }
    }

    /// Whether the end of the connection ends the body well.
    pub fn may_end(&self) -> bool {
        matches!(self, Self::ToEnd)
    }

    /// The bytes of the body in `data`, put behind `out`; true where the body is whole.
    pub fn feed(&mut self, data: &[u8], out: &mut Vec<u8>) -> Result<bool, Failure> {
        match self {
            Self::ToEnd => {
                out.extend_from_slice(data);
                Ok(false)
            }
            Self::Length(left) => {
                let size = data.len().min(*left);
                out.extend_from_slice(&data[..size]);
                *left -= size;
                Ok(*left == 0)
            }
            Self::Chunked { left, between, last } => chunked(left, between, last, data, out),
        }
    }
}

/// `left` bytes of the chunk are missing; `between` is what stands between chunks, so far.
fn chunked(
    left: &mut usize,
    between: &mut Vec<u8>,
    last: &mut bool,
    mut data: &[u8],
    out: &mut Vec<u8>,
) -> Result<bool, Failure> {
    while !data.is_empty() {
        if *left > 0 {
            let size = data.len().min(*left);
            out.extend_from_slice(&data[..size]);
            *left -= size;
            data = &data[size..];
            if *left == 0 {
                between.clear();
                between.extend_from_slice(b"+");
            }
            continue;
        }
        between.push(data[0]);
        data = &data[1..];
        if !between.ends_with(b"\n") {
            if between.len() > MOST_SIZE_LINE {
                return Err(Failure::new("bad_frame", "not HTTP: a chunk's size is too long"));
            }
            continue;
        }
        let line = std::mem::take(between);
        let line = line.strip_suffix(b"\n").unwrap_or(&line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match line {
            b"+" => {}
            b"" if *last => return Ok(true),
            _ if *last => {}
            b"" => return Err(Failure::new("bad_frame", "not HTTP: a chunk has no size")),
            _ => {
                let text = [line, b"\r\n"].concat();
                match httparse::parse_chunk_size(&text) {
                    Ok(httparse::Status::Complete((_, size))) => {
                        *last = size == 0;
                        *left = usize::try_from(size).unwrap_or(usize::MAX);
                    }
                    _ => return Err(Failure::new("bad_frame", "not HTTP: a chunk has no size")),
                }
            }
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::Body;

    const WHOLE: &[u8] = b"3\r\nabc\r\n2;name=value\r\nde\r\n0\r\nTrailer: x\r\n\r\n";

    fn read(pieces: &[&[u8]]) -> (Vec<u8>, bool) {
        let (mut body, mut out, mut done) = (Body::chunked(), Vec::new(), false);
        for piece in pieces {
            done = body.feed(piece, &mut out).expect("sound");
        }
        (out, done)
    }

    #[test]
    fn chunks_are_the_same_however_they_are_split() {
        for cut in 1..WHOLE.len() {
            assert_eq!(read(&[&WHOLE[..cut], &WHOLE[cut..]]), (b"abcde".to_vec(), true), "cut at {cut}");
        }
    }

    #[test]
    fn what_is_no_size_is_refused() {
        for bad in [&b"zz\r\n"[..], b"\r\n", b"3\r\nabcX\r\n", b"-1\r\n"] {
            assert!(Body::chunked().feed(bad, &mut Vec::new()).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_length_ends_where_it_says() {
        let (mut body, mut out) = (Body::Length(3), Vec::new());
        assert!(!body.feed(b"ab", &mut out).expect("sound"));
        assert!(body.feed(b"cde", &mut out).expect("sound"));
        assert_eq!(out, b"abc");
    }
}
