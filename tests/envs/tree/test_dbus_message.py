"""Cutting a stream into messages."""

from __future__ import annotations

import itertools
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envs.tree.dbus_message import BODY_BYTES, Decoder, Kind, encode_call
from envs.tree.dbus_wire import Variant
from infra.errors import HostileInput
from tests.envs.tree.stand_in_bus import encode

CALL = encode_call(3, (":1.2", "/a/b", "org.x", "Do"), "su", ("hello", 9))


def test_a_call_is_read_back():
    (message,) = Decoder().feed(CALL)
    assert (message.kind, message.serial, message.destination) == (Kind.CALL, 3, ":1.2")
    assert (message.path, message.interface, message.member) == ("/a/b", "org.x", "Do")
    assert message.values("su") == ("hello", 9)
    assert message.values("us") is None


@given(st.lists(st.integers(0, 3 * len(CALL)), max_size=6))
def test_a_stream_may_be_cut_anywhere(cuts):
    stream, decoder, seen = CALL * 3, Decoder(), []
    places = [0, *sorted(cuts), len(stream)]
    for start, end in itertools.pairwise(places):
        seen += list(decoder.feed(stream[start:end]))
    assert [message.values("su") for message in seen] == [("hello", 9)] * 3


def test_a_body_that_is_too_long_is_stepped_over():
    head = bytearray(encode(Kind.REPLY, [(5, Variant("u", 8)), (8, Variant("g", "ay"))]))
    length = BODY_BYTES + 100
    struct.pack_into("<I", head, 4, length)
    decoder = Decoder()
    seen = list(decoder.feed(bytes(head)))
    for _chunk in range(length // 65536):
        seen += list(decoder.feed(bytes(65536)))
    seen += list(decoder.feed(bytes(length % 65536) + CALL))
    assert [(m.reply_to, m.body is None) for m in seen] == [(8, True), (0, False)]
    assert seen[0].values("ay") is None


@pytest.mark.parametrize(
    "head",
    [
        struct.pack("<cBBBIII", b"l", 1, 0, 1, 1 << 31, 1, 0),
        struct.pack("<cBBBIII", b"l", 1, 0, 1, 0, 1, 1 << 20),
        struct.pack("<cBBBIII", b"x", 1, 0, 1, 0, 1, 0),
        struct.pack("<cBBBIII", b"l", 1, 0, 9, 0, 1, 0),
        b"HTTP/1.1 200 OK\r\n\r\n",
    ],
)
def test_what_is_no_message_ends_the_stream(head):
    with pytest.raises(HostileInput):
        list(Decoder().feed(head))


@given(st.binary(max_size=400))
def test_any_bytes_are_messages_or_hostile(data):
    try:
        list(Decoder().feed(data))
    except HostileInput:
        return


def test_header_fields_of_the_wrong_type_are_left_out():
    (message,) = Decoder().feed(encode(Kind.SIGNAL, [(1, Variant("u", 5)), (3, Variant("s", "M"))]))
    assert (message.path, message.member) == ("", "M")
