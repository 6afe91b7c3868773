"""The wire: what one end encodes the other decodes, and nothing else gets through."""

from __future__ import annotations

import struct
import zlib

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from envs.guest.wire import HEADER, MARK, Bounds, Decoder, WireError, decode, encode

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | st.text(max_size=20)
    | st.binary(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
MESSAGES = st.dictionaries(st.text(max_size=8), VALUES, max_size=5)


def framed(payload: bytes) -> bytes:
    return HEADER.pack(MARK, len(payload), zlib.crc32(payload)) + payload


@given(st.lists(MESSAGES, max_size=4), st.integers(1, 50))
def test_messages_come_out_as_they_went_in_however_they_are_cut(
    messages: list[dict[str, object]], step: int
) -> None:
    stream = b"".join(map(encode, messages))
    decoder = Decoder()
    found = []
    for start in range(0, len(stream), step):
        found += decoder.feed(stream[start : start + step])
    assert found == messages
    assert not decoder.is_partial


@given(MESSAGES, st.data())
def test_any_changed_byte_is_refused_and_never_another_message(
    message: dict[str, object], data: st.DataObject
) -> None:
    frame = bytearray(encode(message))
    place = data.draw(st.integers(0, len(frame) - 1))
    frame[place] ^= data.draw(st.integers(1, 255))
    decoder = Decoder()
    try:
        found = decoder.feed(bytes(frame))
    except WireError:
        return
    assert found == []  # a longer length was announced: it waits for the rest


@given(st.binary(max_size=60).filter(lambda b: MARK not in b), MESSAGES)
def test_a_lenient_reader_finds_the_next_frame_after_any_noise(
    noise: bytes, message: dict[str, object]
) -> None:
    decoder = Decoder(lenient=True)
    assert decoder.feed(noise + encode(message)) == [message]


@given(st.binary(max_size=200))
def test_random_bytes_never_raise_anything_but_wire_errors(data: bytes) -> None:
    try:
        decode(data)
    except WireError:
        return


@pytest.mark.parametrize(
    "payload",
    [
        b"\xdd\xff\xff\xff\xff",  # an array of four thousand million
        b"\xdf\x7f\xff\xff\xff",  # a map of two thousand million
        b"\xdb\xff\xff\xff\xff",  # a string longer than the message
        b"\x81\xa1a" * 40 + b"\xc0",  # deep
        b"\xc7\x01\x05x",  # an extension type
        b"\x81\xa1a\xc0\xc0",  # something after the message
        b"\x81\xa1a",  # an early end
        b"\x01",  # not a map
        b"\x81\xa1\xff\xc0",  # a key that is no text
        b"",
    ],
)
def test_a_few_bytes_cannot_unfold_into_gigabytes(payload: bytes) -> None:
    with pytest.raises(WireError):
        decode(payload)


def test_the_bounds_are_on_bytes_depth_and_values() -> None:
    nested: object = 1
    for _ in range(10):
        nested = [nested]
    message = {"a": nested}
    payload = msgpack.packb(message)
    assert decode(payload) == message
    for tight in (Bounds(depth=5), Bounds(items=5), Bounds(size_bytes=4)):
        with pytest.raises(WireError):
            decode(payload, tight)


def test_a_frame_that_announces_more_than_the_bound_is_refused_at_its_header() -> None:
    header = struct.pack(">4sII", MARK, 2**31, 0)
    with pytest.raises(WireError, match="2147483648"):
        Decoder().feed(header)
    lenient = Decoder(lenient=True)
    assert lenient.feed(header + encode({"a": 1})) == [{"a": 1}]


def test_a_frame_cut_in_the_middle_is_given_up_when_told() -> None:
    decoder = Decoder(lenient=True)
    assert decoder.feed(encode({"a": 1})[:-2]) == []
    assert decoder.is_partial
    decoder.skip()
    assert decoder.feed(encode({"b": 2})) == [{"b": 2}]


def test_a_message_too_long_to_send_is_refused_here() -> None:
    with pytest.raises(WireError):
        encode({"a": b"x" * 100}, Bounds(size_bytes=50))


def test_a_valid_frame_with_a_bad_payload_is_skipped_by_a_lenient_reader() -> None:
    decoder = Decoder(lenient=True)
    assert decoder.feed(framed(b"\x01") + encode({"b": 2})) == [{"b": 2}]
