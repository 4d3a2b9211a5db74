//! A recorded request, answered for a person.

use std::fs;

use beamtalk_compiler::{Cancel, Engine, TermSink, answer, tool_failure};

use crate::decode;
use crate::sink::EtfSink;

/// Answers the request in `file`: a map in the external term format, as the node recorded it. The error is a report.
pub(crate) fn replay(file: &str) -> Result<String, String> {
    let bytes = fs::read(file).map_err(|error| {
        tool_failure(
            format!("cannot read {file}: {error}"),
            "give the name of a request that the node recorded",
        )
    })?;
    let request = decode::term(&bytes).map_err(|error| {
        tool_failure(
            format!("{file} is no request: {error}"),
            "a recorded request is a map in the external term format",
        )
    })?;
    let mut sink = EtfSink::new();
    let reply = answer(&Engine::new(), &request, &Cancel::new(), &mut sink);
    let id = sink.atom("reply");
    let pair = sink.tuple(&[id, reply]);
    match eetf::Term::decode(sink.encode(pair).as_slice()) {
        Ok(term) => Ok(term.to_string()),
        Err(error) => Err(tool_failure(
            format!("the reply cannot be shown: {error}"),
            "report this as a defect",
        )),
    }
}
