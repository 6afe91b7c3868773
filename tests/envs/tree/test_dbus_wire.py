"""Values to bytes and back, and bytes that were never values."""

from __future__ import annotations

import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envs.tree.dbus_marshal import marshal
from envs.tree.dbus_wire import NESTING, VALUES, Cursor, Variant, split, unmarshal
from infra.errors import HostileInput

INTEGERS = {"y": 8, "q": 16, "u": 32, "t": 64}
SIGNED = {"n": 16, "i": 32, "x": 64}
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def _basic() -> st.SearchStrategy[tuple[str, object]]:
    unsigned = [
        st.tuples(st.just(code), st.integers(0, 2**bits - 1)) for code, bits in INTEGERS.items()
    ]
    signed = [
        st.tuples(st.just(code), st.integers(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1))
        for code, bits in SIGNED.items()
    ]
    others = [
        st.tuples(st.just("b"), st.booleans()),
        st.tuples(st.just("d"), st.floats(allow_nan=False)),
        st.tuples(st.just("s"), words),
        st.tuples(st.just("o"), st.just("/org/a11y/atspi/accessible/7")),
        st.tuples(st.just("g"), st.sampled_from(["", "a(so)", "siiva{sv}"])),
    ]
    return st.one_of(*unsigned, *signed, *others)


def _compound(inner: st.SearchStrategy[tuple[str, object]]) -> st.SearchStrategy:
    structs = st.lists(inner, min_size=1, max_size=4).map(
        lambda parts: ("(" + "".join(p[0] for p in parts) + ")", tuple(p[1] for p in parts))
    )
    arrays = st.tuples(inner, st.integers(0, 3)).map(_array)
    variants = inner.map(lambda part: ("v", Variant(*part)))
    dicts = st.tuples(st.dictionaries(words, st.just(None), max_size=3), inner).map(
        lambda pair: ("a{s" + pair[1][0] + "}", dict.fromkeys(pair[0], pair[1][1]))
    )
    return st.one_of(structs, arrays, variants, dicts)


def _array(pair):
    (signature, value), count = pair
    if signature == "y":
        return "ay", bytes([value] * count)
    return "a" + signature, [value] * count


typed = st.recursive(_basic(), _compound, max_leaves=12)


@given(st.lists(typed, max_size=5))
def test_what_is_written_is_read_back(parts):
    signature = "".join(part[0] for part in parts)
    values = tuple(part[1] for part in parts)
    data = bytes(marshal(signature, values))
    cursor = Cursor(data)
    assert unmarshal(signature, cursor) == values
    assert cursor.pos == len(data)


@given(st.lists(typed, min_size=1, max_size=4), st.data())
def test_a_cut_message_is_refused_and_nothing_else_happens(parts, data):
    signature = "".join(part[0] for part in parts)
    whole = bytes(marshal(signature, tuple(part[1] for part in parts)))
    cut = whole[: data.draw(st.integers(0, max(0, len(whole) - 1)))]
    try:
        unmarshal(signature, Cursor(cut))
    except HostileInput:
        return
    assert not whole


@given(
    st.sampled_from(
        ["siiva{sv}", "a((so)(so)(so)iiassusau)", "v", "av", "a{sv}", "(iiii)", "au", "aav", "ay"]
    ),
    st.binary(max_size=300),
    st.sampled_from("<>"),
)
def test_any_bytes_are_values_or_hostile(signature, data, order):
    try:
        unmarshal(signature, Cursor(data, order))
    except HostileInput:
        return


@pytest.mark.parametrize(
    "signature",
    ["(", "()", "a", "a{", "a{s}", "a{vs}", "{ss}", "z", "(s", "a{s(}", ")", "aa", "a{sss}",
     "a" * (NESTING + 1) + "y", "(" * (NESTING + 1) + "y" + ")" * (NESTING + 1), "s" * 256],
)  # fmt: skip
def test_a_malformed_signature_is_refused(signature):
    with pytest.raises(HostileInput):
        split(signature)


def test_variants_in_variants_end_somewhere():
    data = b"\x01v\x00" * 40 + b"\x01y\x00\x07"
    with pytest.raises(HostileInput, match="deep"):
        unmarshal("v", Cursor(data))


def test_an_array_may_not_hold_more_values_than_the_bound():
    count = VALUES + 1
    data = struct.pack("<I", 4 * count) + bytes(4 * count)
    with pytest.raises(HostileInput, match="values"):
        unmarshal("au", Cursor(data))


def test_a_length_that_lies_is_refused_before_it_is_believed():
    with pytest.raises(HostileInput):
        unmarshal("s", Cursor(struct.pack("<I", 0xFFFFFFFF) + b"x\0"))
    with pytest.raises(HostileInput):
        unmarshal("a(so)", Cursor(struct.pack("<II", 1 << 30, 0)))


def test_both_byte_orders_are_read():
    assert unmarshal("ud", Cursor(struct.pack(">I4xd", 5, 0.5), ">")) == (5, 0.5)


def test_not_a_number_is_only_a_number():
    (value,) = unmarshal("d", Cursor(struct.pack("<d", math.nan)))
    assert math.isnan(value)


def test_our_own_mistakes_are_not_the_guests():
    with pytest.raises(ValueError, match="takes 2 values"):
        marshal("si", ("x",))
