//! Writes programs for a test on the other side of a port: each packet of choices is answered by the program that they
//! make. Packets have a length of four bytes before them.

use std::io::{self, Read, Write};

fn main() -> io::Result<()> {
    let (mut input, mut output) = (io::stdin().lock(), io::stdout().lock());
    let mut length = [0; 4];
    while input.read_exact(&mut length).is_ok() {
        let mut choices = vec![0; u32::from_be_bytes(length) as usize];
        input.read_exact(&mut choices)?;
        let program = beamtalk_testgen::runnable_from(choices);
        let length = u32::try_from(program.len()).map_err(io::Error::other)?;
        output.write_all(&length.to_be_bytes())?;
        output.write_all(program.as_bytes())?;
        output.flush()?;
    }
    Ok(())
}
