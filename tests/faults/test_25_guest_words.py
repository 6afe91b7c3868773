"""Fault 25: whatever a guest sends, the channel gives a reply, or one of our errors; and forgets it.

Frames, maps inside frames and answers inside envelopes are made by hypothesis and spoken over a
real socket by a guest that greets well and then says anything.
"""

from __future__ import annotations

import os
import resource
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgpack
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from envs.guest.wire import HEADER, MARK, Bounds, Decoder, WireError
from envs.ubuntu import replies
from infra.errors import HostileInput, TrawlError
from tests.envs.ubuntu.test_channel import Answer, Lying, reply

ROUNDS = 1500
GROWTH_BYTES = 64 * 1024 * 1024
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats()
    | st.text(st.characters(codec="utf-8"), max_size=30)
    | st.binary(max_size=30)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(SCALARS, inner, max_size=4),
    max_leaves=10,
)
FIELDS = dict.fromkeys(("id", "ok", "t_ns", "result", "error", "extra"), VALUES)
ENVELOPES = st.fixed_dictionaries({}, optional=FIELDS)
KINDS = (replies.Reply, replies.Hello, replies.Health, replies.Acted)


def framed(payload: bytes) -> bytes:
    return HEADER.pack(MARK, len(payload), zlib.crc32(payload)) + payload


def resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


@pytest.fixture(scope="module")
def guest() -> Iterator[Lying]:
    it = Lying()
    yield it
    it.channel.close()
    it.thread.join(5)
    it.theirs.close()


def heard(answer: Answer) -> dict[str, Any] | TrawlError:
    """What comes of asking a guest that greets well and answers so; no other error may come."""
    it = Lying()
    it.channel.hello(1, 5)
    it.answer = answer
    try:
        return it.channel.request("act", {}, 1, 0.05)
    except TrawlError as error:
        return error
    finally:
        it.channel.close()
        it.thread.join(5)
        it.theirs.close()


@settings(max_examples=120)
@given(st.binary(max_size=200) | VALUES.map(msgpack.packb).map(framed))
def test_any_bytes_after_a_request_are_an_error_of_ours(answer: bytes) -> None:
    found = heard(lambda _: answer)
    assert isinstance(found, TrawlError)
    assert len(str(found)) < 3000


@settings(max_examples=120)
@given(ENVELOPES)
def test_any_envelope_is_a_reply_or_an_error_of_ours(body: dict[str, Any]) -> None:
    good = {"ok": True, "t_ns": 1}
    found = heard(lambda asked: framed(msgpack.packb({"id": asked["id"], **good, **body})))
    assert len(str(found)) < 3000


@given(VALUES | ENVELOPES)
def test_any_value_is_that_kind_of_reply_or_hostile(value: object) -> None:
    for kind in KINDS:
        try:
            said: object = replies.parse(kind, value)
        except HostileInput as error:
            said = error
        assert isinstance(said, HostileInput | kind)
        assert isinstance(said, kind) or len(str(said)) < 500


def bombs() -> list[bytes]:
    """Payloads that cost little to send and would cost much to believe."""
    return [
        b"\xdd\xff\xff\xff\xff",
        b"\xdf\x7f\xff\xff\xff" + b"\xc0" * 1000,
        b"\x91" * 100_000 + b"\xc0",
        b"\x81\xa1a" * 100_000 + b"\xc0",
        b"\xdd\x00\x06\x00\x00" + b"\xdd\xff\xff\xff\xff" * 99,
        b"\xdc\xff\xff" + b"\x90" * 65_535 + b"\xc1",
        b"\x81\xa1a\xdb\x7f\xff\xff\xff",
        b"\x81\xc0\xc0",
        b"\x81\xa1a\xc7\xff\x01" + bytes(255),
        msgpack.packb({"a": [b"x" * 1000] * 4000}),
    ]


def test_no_flood_of_bombs_makes_us_grow() -> None:
    frames = [framed(payload) for payload in bombs()]
    frames += [MARK + struct.pack(">II", 2**31, 0) + bytes(40), MARK * 500, os.urandom(4096)]
    decoder = Decoder(Bounds(size_bytes=1 << 20, depth=32), lenient=True)
    for frame in frames:  # what is loaded once is no growth
        decoder.feed(frame)
    before = resident_bytes()
    for n in range(ROUNDS):
        decoder.feed(frames[n % len(frames)])
    assert resident_bytes() - before < GROWTH_BYTES


def test_a_frame_without_an_end_holds_no_more_than_the_bound() -> None:
    bounds = Bounds(size_bytes=1 << 20)
    decoder = Decoder(bounds, lenient=True)
    decoder.feed(HEADER.pack(MARK, bounds.size_bytes, 0))
    for _ in range(64):
        decoder.feed(b"y" * (1 << 16))
        assert len(decoder._held) <= bounds.size_bytes + HEADER.size + (1 << 16)


@pytest.mark.parametrize("payload", bombs()[:-1])
def test_a_bomb_is_refused_by_a_strict_reader(payload: bytes) -> None:
    with pytest.raises(WireError):
        Decoder().feed(framed(payload))


def test_after_hostile_words_the_channel_is_closed_and_says_so(guest: Lying) -> None:
    guest.channel.hello(1, 5)
    guest.answer = lambda _: b"no frame of ours"
    with pytest.raises(HostileInput):
        guest.ask()
    with pytest.raises(TrawlError, match="no channel"):
        guest.ask()


def test_a_good_answer_is_believed_all_the_same() -> None:
    assert heard(lambda asked: reply(asked, {"n": 1})) == {"n": 1}
