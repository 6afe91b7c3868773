"""Which machines a query means, and what it says to one that is no query."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.fleet.query import KEYS, QUERY_CHARS, parse
from infra.errors import UsageError

MACHINE = {
    "state": "PARKED", "desired": "RUNNING", "name": "ubuntu-1a", "pool": "ubuntu",
    "kind": "ubuntu", "image": "debian-12", "host": "here",
}  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "", "state:parked", "state:PARKED", "state:ready,parked",
        "pool:ubuntu host:here", "name:ubuntu-*", "-state:busy", "-state:busy,ready -host:h2",
    ],
)  # fmt: skip
def test_a_machine_is_meant_where_every_term_holds(text: str) -> None:
    assert parse(text).matches(MACHINE)


@pytest.mark.parametrize(
    "text", ["state:busy", "state:parked host:h2", "-pool:ubuntu", "name:ubuntu", "image:*-13"]
)
def test_a_machine_is_not_meant_where_one_term_does_not_hold(text: str) -> None:
    assert not parse(text).matches(MACHINE)


@pytest.mark.parametrize(
    ("text", "said", "offer"),
    [
        ("stat:parked", "'stat'", "'state'"),
        ("pol:ubuntu", "'pol'", "'pool'"),
        ("state:parkd", "'parkd'", "'parked'"),
        ("desired:drain", "'drain'", "'drained'"),
        ("state:x*", "'x*'", "known: absent"),
        ("ubuntu", "KEY:VALUE", "state:parked"),
        ("state:", "KEY:VALUE", "state:parked"),
        (":parked", "''", "known: state"),
        ("x" * (QUERY_CHARS + 1), "at most", "state:parked"),
    ],
)
def test_what_is_no_query_is_refused_with_the_nearest_word(
    text: str, said: str, offer: str
) -> None:
    with pytest.raises(UsageError) as caught:
        parse(text)
    assert said in caught.value.message
    assert offer in caught.value.hint


@given(
    st.text() | st.lists(st.sampled_from([*KEYS, ":", "-", " ", "[", "*", "?", ","])).map("".join)
)
def test_any_text_is_a_query_or_a_usage_error(text: str) -> None:
    try:
        meant = parse(text)
    except UsageError:
        return
    assert meant.matches(MACHINE) in {True, False}
