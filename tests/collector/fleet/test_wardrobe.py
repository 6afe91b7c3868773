"""The looks a host holds: made in the background, few at a time, never taken from a machine."""

from __future__ import annotations

import threading

import pytest

from collector.diversity import desktops
from collector.fleet.wardrobe import Wardrobe
from infra.errors import DeadlineExceeded, Unavailable

WORN = desktops.design()
WITHIN_S = 10.0


class Shop:
    """Makes names instead of templates, and waits where it is told to."""

    def __init__(self):
        self.made, self.dropped, self.used = [], [], set()
        self.open = threading.Event()
        self.open.set()
        self.fault = None
        self.wardrobe = Wardrobe(self.make, self.dropped.append, self.used.__contains__)

    def make(self, image, worn):
        assert self.open.wait(WITHIN_S)
        if self.fault is not None:
            raise self.fault
        self.made.append(worn)
        return f"{image} {worn.row}"

    def get(self, number, most=2):
        """The template of a row, waited for as the fleet does it: by asking again."""
        try:
            return self.wardrobe.template("debian-12", WORN[number], most)
        except Unavailable as error:
            if "machines" in error.message:
                raise
            self.wardrobe._making.join(WITHIN_S)
        return self.wardrobe.template("debian-12", WORN[number], most)


def test_who_asks_for_a_look_that_is_being_made_is_told_to_wait():
    shop = Shop()
    shop.open.clear()
    for _ in range(3):
        with pytest.raises(Unavailable, match="not made yet"):
            shop.wardrobe.template("debian-12", WORN[0], 2)
    shop.open.set()
    assert shop.get(0) == shop.get(0)
    assert shop.made == [WORN[0]]


def test_at_most_so_many_are_held_and_the_one_used_longest_ago_goes():
    shop = Shop()
    first, second = shop.get(0), shop.get(1)
    assert shop.get(0) == first
    shop.get(2)
    assert shop.dropped == [second]
    assert len(shop.wardrobe.held()) == 2


def test_a_look_that_is_no_longer_whole_is_made_again():
    shop = Shop()
    first, second = shop.get(0), shop.get(1)
    shop.wardrobe.forget(first)
    assert shop.dropped == [first]
    assert (shop.get(1), shop.get(0)) == (second, first)
    assert shop.made == [WORN[0], WORN[1], WORN[0]]


def test_a_look_that_machines_began_from_is_kept_and_the_next_waits():
    shop = Shop()
    shop.used.update({shop.get(0), shop.get(1)})
    with pytest.raises(Unavailable, match="have machines"):
        shop.get(2)
    assert shop.dropped == []
    shop.used.clear()
    assert shop.get(2)


def test_a_look_that_could_not_be_made_is_said_once_and_then_tried_again():
    shop = Shop()
    shop.fault = DeadlineExceeded("it did not come to rest")
    with pytest.raises(DeadlineExceeded):
        shop.get(0)
    shop.fault = None
    assert shop.get(0)


def test_closing_lets_all_of_them_go():
    shop = Shop()
    held = [shop.get(0), shop.get(1)]
    shop.wardrobe.close()
    assert sorted(shop.dropped) == sorted(held)
    assert shop.wardrobe.held() == []
