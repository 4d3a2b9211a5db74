//! Frames of `{packet, 4}`.

use std::io::{self, ErrorKind, Read, Write};

/// How much of a frame that is too large is kept: enough to read its id.
const HEAD: usize = 16;

/// What arrived.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    /// A whole frame.
    Whole(Vec<u8>),
    /// The first bytes of a frame that is larger than the limit; the rest was skipped.
    TooLarge { head: Vec<u8>, length: usize },
}

/// The next frame, or nothing at the end of input.
pub(crate) fn read(input: &mut impl Read, limit: usize) -> io::Result<Option<Frame>> {
    let mut header = [0; 4];
    match input.read_exact(&mut header) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let length = u32::from_be_bytes(header) as usize;
    if length > limit {
        let head = take(input, HEAD.min(length))?;
        io::copy(
            &mut input.take((length - head.len()) as u64),
            &mut io::sink(),
        )?;
        return Ok(Some(Frame::TooLarge { head, length }));
    }
    take(input, length).map(|bytes| Some(Frame::Whole(bytes)))
}

fn take(input: &mut impl Read, length: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; length];
    input.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Writes a frame.
pub(crate) fn write(output: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    let length =
        u32::try_from(bytes.len()).map_err(|_| io::Error::from(ErrorKind::FileTooLarge))?;
    output.write_all(&length.to_be_bytes())?;
    output.write_all(bytes)?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_read_as_they_were_written() {
        let mut bytes = Vec::new();
        for payload in [&b"abc"[..], b"", b"defg"] {
            write(&mut bytes, payload).expect("a frame");
        }
        let mut input = bytes.as_slice();
        for payload in [&b"abc"[..], b"", b"defg"] {
            assert_eq!(
                read(&mut input, 4).expect("a frame"),
                Some(Frame::Whole(payload.to_vec()))
            );
        }
        assert_eq!(read(&mut input, 4).expect("the end"), None);
    }

    #[test]
    fn a_frame_over_the_limit_is_skipped() {
        let mut bytes = Vec::new();
        write(&mut bytes, &[7; 100]).expect("a frame");
        write(&mut bytes, b"next").expect("a frame");
        let mut input = bytes.as_slice();
        let large = Frame::TooLarge {
            head: vec![7; HEAD],
            length: 100,
        };
        assert_eq!(read(&mut input, 99).expect("a frame"), Some(large));
        assert_eq!(
            read(&mut input, 99).expect("a frame"),
            Some(Frame::Whole(b"next".to_vec()))
        );
    }

    #[test]
    fn a_truncated_frame_is_an_error() {
        assert!(read(&mut &[0, 0, 0, 9, 1][..], 99).is_err());
    }
}
