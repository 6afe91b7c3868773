"""What of a viewer's bytes reaches a machine: never an input of one that only looks."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.dash.console.rfb import (
    CUT_TEXT_BYTES,
    KNOWN_ENCODINGS,
    MOST_ENCODINGS,
    ClientMessages,
)
from infra.errors import HostileInput

HELLO = b"RFB 003.008\n\x01\x01"
INPUTS = {4, 5, 6, 255}


def update(x: int = 0) -> bytes:
    return struct.pack(">BBHHHH", 3, 1, x, 0, 640, 480)


def key(symbol: int, down: int = 1) -> bytes:
    return struct.pack(">BBxxI", 4, down, symbol)


def pointer(mask: int, x: int, y: int) -> bytes:
    return struct.pack(">BBHH", 5, mask, x, y)


def cut_text(text: bytes) -> bytes:
    return struct.pack(">BxxxI", 6, len(text)) + text


def encodings(offered: list[int]) -> bytes:
    return struct.pack(f">BxH{len(offered)}i", 2, len(offered), *offered)


def pixel_format(depth: int) -> bytes:
    return bytes([0, 0, 0, 0, depth]) + bytes(15)


U16, U32 = st.integers(0, 0xFFFF), st.integers(0, 0xFFFFFFFF)
LOOKS = st.one_of(
    st.builds(update, U16),
    st.builds(encodings, st.lists(st.integers(-(1 << 31), (1 << 31) - 1), max_size=20)),
    st.builds(pixel_format, st.sampled_from([8, 16, 32])),
)
WORKS = st.one_of(
    st.builds(key, U32, st.integers(0, 1)),
    st.builds(pointer, st.integers(0, 255), U16, U16),
    st.builds(cut_text, st.binary(max_size=300)),
    st.builds(lambda k: struct.pack(">BBHII", 255, 0, 1, k, k), U32),
)


def parts(data: bytes, cuts: Iterable[int]) -> list[bytes]:
    ends = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    return [data[a:b] for a, b in pairwise(ends)]


def fed(pieces: Iterable[bytes], *, may_control: bool) -> tuple[bytes, bool]:
    """What goes on, and whether the connection was ended."""
    messages, passed = ClientMessages(may_control=may_control), b""
    for piece in pieces:
        try:
            passed += messages.feed(piece)
        except HostileInput:
            return passed, True
    return passed, False


def kinds(passed: bytes) -> list[int]:
    """The messages that a server would read, by a reader that shares nothing with ours."""
    assert HELLO.startswith(passed[: len(HELLO)])
    found, at = [], len(HELLO)
    while at < len(passed):
        kind = passed[at]
        found.append(kind)
        if kind == 2:
            at += 4 + 4 * struct.unpack_from(">H", passed, at + 2)[0]
        elif kind == 6:
            at += 8 + struct.unpack_from(">I", passed, at + 4)[0]
        else:
            at += {0: 20, 3: 10, 4: 8, 5: 6, 255: 12}[kind]
    assert at == max(len(passed), len(HELLO))
    return found


@given(st.binary(max_size=400), st.lists(st.integers(0, 400), max_size=8), st.booleans())
def test_whatever_bytes_a_looker_sends_no_input_gets_through(
    noise: bytes, cuts: list[int], greeted: bool
) -> None:
    passed, _ = fed(parts(HELLO * greeted + noise, cuts), may_control=False)
    assert not INPUTS & set(kinds(passed) if len(passed) > len(HELLO) else [])


@given(st.lists(st.one_of(LOOKS, WORKS), max_size=12), st.lists(st.integers(0, 900), max_size=8),
       st.booleans())  # fmt: skip
def test_how_the_bytes_are_cut_makes_no_difference(
    sent: list[bytes], cuts: list[int], may_control: bool
) -> None:
    data = HELLO + b"".join(sent)
    whole = fed([data], may_control=may_control)
    assert fed(parts(data, cuts), may_control=may_control) == whole
    assert fed((bytes([b]) for b in data), may_control=may_control) == whole


@given(st.binary(max_size=200), st.lists(st.integers(0, 200), max_size=8), st.booleans())
def test_noise_is_ended_or_read_alike_however_it_is_cut(
    noise: bytes, cuts: list[int], may_control: bool
) -> None:
    passed, ended = fed([HELLO + noise], may_control=may_control)
    in_parts, also = fed(parts(HELLO + noise, cuts), may_control=may_control)
    assert ended == also
    assert in_parts.startswith(passed)  # one feed that ends gives nothing of what came before


@given(st.lists(st.one_of(LOOKS, WORKS), max_size=12))
def test_a_looker_asks_for_pictures_and_a_controller_for_everything(sent: list[bytes]) -> None:
    data = HELLO + b"".join(sent)
    looked, _ = fed([data], may_control=False)
    worked, _ = fed([data], may_control=True)
    assert kinds(looked) == [m[0] for m in sent if m[0] not in INPUTS]
    assert kinds(worked) == [m[0] for m in sent]


def test_a_controllers_inputs_go_on_as_they_came_and_are_counted() -> None:
    inputs = key(0x61) + pointer(1, 5, 6) + cut_text(b"abc")
    messages = ClientMessages(may_control=True)
    assert messages.feed(HELLO + inputs) == HELLO + inputs
    assert (messages.inputs, messages.dropped) == (3, 0)
    looker = ClientMessages(may_control=False)
    assert looker.feed(HELLO + inputs + update()) == HELLO + update()
    assert (looker.inputs, looker.dropped) == (0, 3)


def test_only_encodings_that_need_nothing_else_are_offered_on() -> None:
    sound, clipboard, fence, jpeg, fine = -259, -0x3F5E1A32, -312, 21, -23
    asked = encodings([7, sound, 16, clipboard, fence, jpeg, fine, -239, 0])
    assert ClientMessages(may_control=True).feed(HELLO + asked) == HELLO + encodings([7, 16, 0])
    assert {sound, clipboard, fence, jpeg, fine, -239} & KNOWN_ENCODINGS == set()


def test_everybody_shares_the_machine_whatever_they_say() -> None:
    exclusive = b"RFB 003.008\n\x01\x00"
    assert ClientMessages(may_control=True).feed(exclusive) == HELLO


@pytest.mark.parametrize("said", [
    b"RFB 003.003\n", b"GET / HTTP/1.1\r\n", b"RFB 003.008\n\x02", HELLO + b"\x01", HELLO + b"\xfa",
    HELLO + b"\xfb" + bytes(20), HELLO + b"\xff\x01\x00\x01", HELLO + pixel_format(7),
    HELLO + struct.pack(">BxH", 2, MOST_ENCODINGS + 1),
    HELLO + struct.pack(">BxxxI", 6, CUT_TEXT_BYTES + 1),
    HELLO + struct.pack(">Bxxxi", 6, -4),
], ids=repr)  # fmt: skip
@pytest.mark.parametrize("may_control", [True, False])
def test_what_is_not_known_ends_the_connection(said: bytes, may_control: bool) -> None:
    with pytest.raises(HostileInput):
        ClientMessages(may_control=may_control).feed(said)


def test_what_is_held_back_is_never_longer_than_the_longest_message() -> None:
    messages = ClientMessages(may_control=False)
    start = HELLO + struct.pack(">BxxxI", 6, CUT_TEXT_BYTES)
    messages.feed(start)
    for _ in range(CUT_TEXT_BYTES - 1):
        assert messages.feed(b"x") == b""
    assert messages.feed(b"x" + update()) == update()
