"""Desktops that work side by side on one lot: what they find comes as one, and their shares add up."""

from __future__ import annotations

import threading
import time

import pytest

from collector.precision.sharing import Quota, side_by_side
from infra.errors import InfraLost

WITHIN_S = 10.0


def test_shares_are_even_and_what_one_has_no_use_for_goes_to_those_after_it():
    quota = Quota(10, 4)
    assert quota.take() == 3
    assert quota.take() == 3
    quota.give_back(2)
    assert [quota.take(), quota.take()] == [3, 3]


def test_what_several_find_at_once_comes_as_it_is_found():
    meet = threading.Barrier(2)

    def work(item, stop):
        yield item, "begun"
        meet.wait(WITHIN_S)  # neither goes on without the other
        yield item, "ended"

    found = list(side_by_side(work, "ab", 2))
    assert sorted(found) == [("a", "begun"), ("a", "ended"), ("b", "begun"), ("b", "ended")]
    assert {word for _, word in found[:2]} == {"begun"}


def test_an_error_of_one_ends_all_and_is_raised():
    ended = []

    def work(item, stop):
        try:
            while item != "bad":
                yield item
            raise InfraLost("the machine went")
        finally:
            ended.append(item)

    with pytest.raises(InfraLost, match="went"):
        list(side_by_side(work, ["good", "bad"], 2))
    assert sorted(ended) == ["bad", "good"]


def test_who_stops_listening_ends_those_at_work():
    ended = []

    def work(item, stop):
        try:
            yield item
            while not stop():  # a long work without anything to tell
                time.sleep(0.01)
        finally:
            ended.append(item)

    heard = side_by_side(work, "abc", 2)
    assert next(heard) in "ab"
    heard.close()
    assert sorted(ended) in (["a", "b"], ["a", "b", "c"])
