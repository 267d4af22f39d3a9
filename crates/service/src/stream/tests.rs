use http::HeaderMap;

use super::*;

/// A body of these frames.
struct Frames(Vec<Result<Frame<Bytes>, StreamError>>);

impl Body for Frames {
    type Data = Bytes;
    type Error = StreamError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, StreamError>>> {
        let first = (!self.0.is_empty()).then(|| self.0.remove(0));
        Poll::Ready(first)
    }
}

fn data(text: &'static str) -> Frame<Bytes> {
    Frame::data(Bytes::from_static(text.as_bytes()))
}

#[tokio::test]
async fn a_stream_is_read_piece_by_piece_without_what_is_no_data() {
    let frames = [data("one"), data(""), data("two"), Frame::trailers(HeaderMap::new())];
    let mut stream = BodyStream::new(Frames(frames.into_iter().map(Ok).collect()));
    let mut pieces = Vec::new();
    while let Some(bytes) = stream.next().await.unwrap() {
        pieces.push(bytes);
    }
    assert_eq!(pieces, ["one", "two"]);
    assert_eq!(stream.next().await, Ok(None));
}

#[tokio::test]
async fn an_error_is_no_end() {
    let mut stream = BodyStream::new(Frames(vec![Ok(data("one")), Err(StreamError::TooSlow)]));
    assert_eq!(stream.next().await, Ok(Some(Bytes::from_static(b"one"))));
    assert_eq!(stream.next().await, Err(StreamError::TooSlow));
}

#[tokio::test]
async fn an_upload_goes_to_the_first_taker() {
    let upload = Upload::from(Bytes::from_static(b"one"));
    let clone = upload.clone();
    let mut stream = clone.take().unwrap();
    assert!(upload.take().is_none() && clone.take().is_none());
    assert_eq!(stream.next().await, Ok(Some(Bytes::from_static(b"one"))));
    assert!(Upload::none().take().is_none());
    let mut empty = Upload::from(Bytes::new()).take().unwrap();
    assert_eq!(empty.next().await, Ok(None));
}
