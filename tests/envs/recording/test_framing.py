from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envs.recording import framing
from infra.errors import Corrupt, UsageError

PAYLOADS = st.lists(st.binary(min_size=1, max_size=40), max_size=6)


def log_of(payloads: list[bytes]) -> bytes:
    return framing.PREAMBLE + b"".join(map(framing.frame, payloads))


@given(PAYLOADS)
def test_what_was_framed_comes_back(payloads: list[bytes]) -> None:
    scanned = framing.scan(log_of(payloads))
    assert list(scanned.payloads) == payloads
    assert not scanned.torn


@given(PAYLOADS, st.data())
def test_a_log_cut_anywhere_gives_the_exact_prefix(
    payloads: list[bytes], data: st.DataObject
) -> None:
    whole = log_of(payloads)
    cut = data.draw(st.integers(0, len(whole)))
    scanned = framing.scan(whole[:cut])
    assert list(scanned.payloads) == payloads[: len(scanned.payloads)]
    assert scanned.end + scanned.lost_bytes == cut
    complete = sum(1 for n in range(len(payloads)) if len(log_of(payloads[: n + 1])) <= cut)
    assert len(scanned.payloads) == complete


@given(PAYLOADS.filter(bool), st.data())
def test_a_changed_byte_is_never_taken_for_the_truth(
    payloads: list[bytes], data: st.DataObject
) -> None:
    whole = bytearray(log_of(payloads))
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] ^= data.draw(st.integers(1, 255))
    try:
        scanned = framing.scan(bytes(whole))
    except Corrupt:
        return
    assert list(scanned.payloads) == payloads[: len(scanned.payloads)]
    assert len(scanned.payloads) < len(payloads)
    assert scanned.torn


def test_a_frame_inside_a_torn_payload_is_not_taken_for_a_record() -> None:
    hostile = b"x" * 10 + framing.frame(b"inner") + b"y" * 50
    whole = log_of([b"good", hostile])
    for cut in range(len(log_of([b"good"])), len(whole)):
        assert framing.scan(whole[:cut]).payloads == (b"good",)


def test_a_tail_of_zeros_after_a_power_loss_is_torn() -> None:
    assert framing.scan(log_of([b"good"]) + bytes(64)).payloads == (b"good",)


def test_damage_in_the_middle_is_named_by_its_offset() -> None:
    whole = bytearray(log_of([b"first", b"second", b"third"]))
    whole[len(log_of([b"first"])) + framing.HEAD_BYTES] ^= 1
    with pytest.raises(Corrupt, match=f"byte {len(log_of([b'first']))} was changed"):
        framing.scan(bytes(whole))


def test_another_format_is_refused() -> None:
    with pytest.raises(Corrupt, match="not a recording"):
        framing.scan(b"\x89PNG\r\n\x1a\n" + bytes(40))


def test_an_empty_record_is_refused() -> None:
    with pytest.raises(UsageError):
        framing.frame(b"")
