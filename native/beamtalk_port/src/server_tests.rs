use std::os::unix::net::UnixStream;
use std::time::Duration;

use super::*;

/// The node's end of a connection.
struct Node(UnixStream);

impl Node {
    fn connect() -> Self {
        let (node, port) = UnixStream::pair().expect("a pair of sockets");
        let output = port.try_clone().expect("a second handle");
        thread::spawn(move || serve(port, output));
        node.set_read_timeout(Some(Duration::from_secs(20)))
            .expect("a time limit");
        Self(node)
    }

    fn send(&mut self, build: impl FnOnce(&mut EtfSink) -> Handle) {
        let mut sink = EtfSink::new();
        let term = build(&mut sink);
        self.send_bytes(&sink.encode(term));
    }

    fn send_bytes(&mut self, bytes: &[u8]) {
        frame::write(&mut self.0, bytes).expect("the port reads");
    }

    fn request(&mut self, id: i64, fields: &[(&str, i64)], operation: &str) {
        self.send(|sink| {
            let mut pairs = vec![(sink.atom("op"), sink.atom(operation))];
            pairs.extend(
                fields
                    .iter()
                    .map(|(key, value)| (sink.atom(key), sink.integer(*value))),
            );
            let request = [sink.integer(id), sink.map(&pairs)];
            sink.tuple(&request)
        });
    }

    fn receive(&mut self) -> String {
        match frame::read(&mut self.0, MAX_REQUEST_BYTES).expect("an answer") {
            Some(Frame::Whole(bytes)) => eetf::Term::decode(bytes.as_slice())
                .expect("a term")
                .to_string(),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_short_request_passes_a_long_one_which_can_be_cancelled() {
    let mut node = Node::connect();
    node.request(1, &[("milliseconds", 60_000)], "provoke_delay");
    node.request(2, &[], "info");
    assert!(node.receive().starts_with("{2,{'ok',"));
    node.send(|sink| {
        let pair = [sink.atom("cancel"), sink.integer(1)];
        sink.tuple(&pair)
    });
    let cancelled = node.receive();
    assert!(cancelled.starts_with("{1,{'error',"), "{cancelled}");
}

#[test]
fn a_time_limit_ends_a_request() {
    let mut node = Node::connect();
    node.request(
        3,
        &[("milliseconds", 60_000), ("time_limit", 10)],
        "provoke_delay",
    );
    assert!(node.receive().starts_with("{3,{'error',"));
}

#[test]
fn a_panic_ends_one_request() {
    let mut node = Node::connect();
    node.request(1, &[], "provoke_panic");
    assert!(node.receive().contains("internal_error"));
    node.request(2, &[], "info");
    assert!(node.receive().starts_with("{2,{'ok',"));
}

#[test]
fn broken_frames_are_answered_and_the_next_is_read() {
    let mut node = Node::connect();
    node.send_bytes(&[131, 104, 2, 97, 9, 82]);
    assert!(node.receive().starts_with("{9,{'bad_request',"));
    node.send_bytes(b"no term at all");
    node.request(4, &[], "no_such_operation");
    assert!(node.receive().starts_with("{4,{'bad_request',"));
    node.request(5, &[], "info");
    assert!(node.receive().starts_with("{5,{'ok',"));
}

#[test]
fn more_requests_than_the_queue_holds_are_refused() {
    let mut node = Node::connect();
    let sent = QUEUE + 50;
    for id in (0..).take(sent) {
        node.request(
            id,
            &[("milliseconds", 200), ("time_limit", 200)],
            "provoke_delay",
        );
    }
    // Binaries are shown as their bytes.
    let refusal = "too many"
        .bytes()
        .map(|byte| byte.to_string())
        .collect::<Vec<_>>()
        .join(",");
    let replies: Vec<_> = (0..sent).map(|_| node.receive()).collect();
    assert!(
        replies.iter().any(|reply| reply.contains(&refusal)),
        "no request was refused"
    );
}

#[test]
fn end_of_input_ends_the_server() {
    let (node, port) = UnixStream::pair().expect("a pair of sockets");
    let output = port.try_clone().expect("a second handle");
    let server = thread::spawn(move || serve(port, output));
    drop(node);
    assert!(server.join().expect("no panic").is_ok());
}
