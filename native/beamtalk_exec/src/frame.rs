//! Frames of `{packet, 4}` and what is in them.

use std::io::{self, Read, Write};

/// No request is longer: what is written to a program comes in pieces.
const MAX_FRAME: u32 = 64 << 20;

/// What the emulator asks for.
#[derive(Debug, PartialEq, Eq)]
pub enum Request {
    /// The first request: the program to run.
    Start(Program),
    /// Bytes for the program's standard input.
    Input(Vec<u8>),
    /// The end of the program's standard input.
    CloseInput,
    /// So many more bytes of an output may be sent.
    Credit(Output, u32),
    /// The end of the program and of what it has started.
    Kill,
}

/// A program to run. All texts are bytes, as the operating system has them.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Program {
    /// Where it runs; empty for the directory of the emulator.
    pub directory: Vec<u8>,
    /// Its name and its arguments.
    pub command: Vec<Vec<u8>>,
    /// Variables to set in its environment.
    pub environment: Vec<(Vec<u8>, Vec<u8>)>,
}

/// One of the two outputs of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    /// Standard output.
    Out,
    /// Standard error.
    Err,
}

/// What the emulator is told.
#[derive(Debug)]
pub enum Event<'a> {
    /// The program runs; its number.
    Started(u32),
    /// It could not be started; the number of the error.
    Failed(i32),
    /// Bytes of an output; none at its end.
    Output(Output, &'a [u8]),
    /// The program has ended with a status, or with 128 and the number of a signal.
    Ended(i32),
    /// So many bytes of input are with the program.
    Written(u32),
    /// The program reads no input any more.
    InputClosed,
}

/// Reads a request; none at the end of input.
pub fn read(input: &mut impl Read) -> io::Result<Option<Request>> {
    let mut length = [0; 4];
    match input.read_exact(&mut length) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    }
    let length = u32::from_be_bytes(length);
    if length > MAX_FRAME {
        return Err(malformed());
    }
    let mut frame = vec![0; length as usize];
    input.read_exact(&mut frame)?;
    decode(&frame).map(Some).ok_or_else(malformed)
}

fn malformed() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "malformed request")
}

fn decode(frame: &[u8]) -> Option<Request> {
    let (tag, body) = frame.split_first()?;
    let mut body = Fields(body);
    let request = match tag {
        1 => Request::Start(Program {
            directory: body.text()?,
            command: body.list(Fields::text)?,
            environment: body.list(|fields| Some((fields.text()?, fields.text()?)))?,
        }),
        2 => return Some(Request::Input(body.0.to_vec())),
        3 => Request::CloseInput,
        4 => Request::Credit(Output::Out, body.number()?),
        5 => Request::Credit(Output::Err, body.number()?),
        6 => Request::Kill,
        _ => return None,
    };
    body.0.is_empty().then_some(request)
}

/// What is left of a frame.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn number(&mut self) -> Option<u32> {
        let (number, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u32::from_be_bytes(*number))
    }

    fn text(&mut self) -> Option<Vec<u8>> {
        let length = self.number()? as usize;
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(text.to_vec())
    }

    fn list<T>(&mut self, item: impl Fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = self.number()?;
        (0..count).map(|_| item(self)).collect()
    }
}

/// Writes an event as one frame.
pub fn write(output: &mut impl Write, event: &Event) -> io::Result<()> {
    let (tag, number, bytes): (u8, Option<i64>, &[u8]) = match event {
        Event::Started(number) => (1, Some(i64::from(*number)), &[]),
        Event::Failed(error) => (2, Some(i64::from(*error)), &[]),
        Event::Output(Output::Out, bytes) => (3, None, bytes),
        Event::Output(Output::Err, bytes) => (4, None, bytes),
        Event::Ended(status) => (5, Some(i64::from(*status)), &[]),
        Event::Written(count) => (6, Some(i64::from(*count)), &[]),
        Event::InputClosed => (7, None, &[]),
    };
    let mut frame = vec![0; 4];
    frame.push(tag);
    if let Some(number) = number {
        frame.extend_from_slice(&number.to_be_bytes());
    }
    frame.extend_from_slice(bytes);
    let length = u32::try_from(frame.len() - 4).map_err(|_| malformed())?;
    frame[..4].copy_from_slice(&length.to_be_bytes());
    output.write_all(&frame)?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> Vec<u8> {
        let mut out = u32::try_from(bytes.len())
            .expect("a short text")
            .to_be_bytes()
            .to_vec();
        out.extend_from_slice(bytes);
        out
    }

    fn framed(body: &[u8]) -> Vec<u8> {
        text(body)
    }

    #[test]
    fn requests_are_read() {
        let mut start = vec![1];
        start.extend(text(b"/tmp"));
        start.extend(2u32.to_be_bytes());
        start.extend(text(b"echo"));
        start.extend(text(b""));
        start.extend(1u32.to_be_bytes());
        start.extend(text(b"A"));
        start.extend(text(b"\xff"));
        let program = Program {
            directory: b"/tmp".to_vec(),
            command: vec![b"echo".to_vec(), vec![]],
            environment: vec![(b"A".to_vec(), b"\xff".to_vec())],
        };
        let cases = [
            (start, Request::Start(program)),
            (vec![2, 65, 66], Request::Input(b"AB".to_vec())),
            (vec![3], Request::CloseInput),
            (vec![4, 0, 0, 1, 0], Request::Credit(Output::Out, 256)),
            (vec![5, 0, 0, 0, 7], Request::Credit(Output::Err, 7)),
            (vec![6], Request::Kill),
        ];
        for (body, expected) in cases {
            assert_eq!(
                read(&mut framed(&body).as_slice()).expect("no failure"),
                Some(expected)
            );
        }
        assert_eq!(read(&mut [].as_slice()).expect("no failure"), None);
    }

    #[test]
    fn malformed_requests_are_refused() {
        let cases: [&[u8]; 9] = [
            &[],
            &[0],
            &[9],
            &[3, 1],
            &[4, 0, 0],
            &[1],
            &[1, 0, 0, 0, 9, 1],
            &[1, 0, 0, 0, 0, 255, 255, 255, 255],
            &[6, 0],
        ];
        for body in cases {
            assert!(read(&mut framed(body).as_slice()).is_err(), "{body:?}");
        }
        assert!(read(&mut [255u8; 4].as_slice()).is_err());
        assert!(read(&mut [0, 0, 0, 2, 6].as_slice()).is_err());
        assert_eq!(read(&mut [0, 0].as_slice()).expect("no failure"), None);
    }

    #[test]
    fn events_are_written() {
        let mut out = Vec::new();
        write(&mut out, &Event::Ended(-1)).expect("no failure");
        write(&mut out, &Event::Output(Output::Err, b"x")).expect("no failure");
        write(&mut out, &Event::InputClosed).expect("no failure");
        let expected = [
            &[0, 0, 0, 9, 5, 255, 255, 255, 255, 255, 255, 255, 255][..],
            &[0, 0, 0, 2, 4, b'x'],
            &[0, 0, 0, 1, 7],
        ];
        assert_eq!(out, expected.concat());
    }
}
