"""A ticket lets in once and soon; a machine has four seats to look from and one to work at."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.dash.console.seats import CONSOLES, VIEWERS, Seats
from collector.dash.console.tickets import EACH, LIVE_S, MOST, Ticket, Tickets
from infra.clock import FakeClock
from infra.errors import Conflict, NotFound


def look(who: str = "ada", machine: str = "m-1") -> Ticket:
    return Ticket(who, machine, control=False)


def work(who: str = "ada", machine: str = "m-1") -> Ticket:
    return Ticket(who, machine, control=True)


def test_a_ticket_lets_in_once() -> None:
    tickets = Tickets(FakeClock())
    first, second = tickets.issue(look()), tickets.issue(work("bob"))
    assert tickets.redeem(first) == look()
    with pytest.raises(NotFound, match="used or is too old"):
        tickets.redeem(first)
    assert tickets.redeem(second) == work("bob")


def test_a_ticket_that_is_not_used_soon_lets_nobody_in() -> None:
    clock = FakeClock()
    tickets = Tickets(clock)
    late, soon = tickets.issue(look()), tickets.issue(look())
    clock.sleep(LIVE_S - 0.1)
    assert tickets.redeem(soon) == look()
    clock.sleep(0.1)
    with pytest.raises(NotFound):
        tickets.redeem(late)


@given(st.text(max_size=60))
def test_no_guess_lets_anybody_in(guess: str) -> None:
    tickets = Tickets(FakeClock())
    tickets.issue(look())
    with pytest.raises(NotFound):
        tickets.redeem(guess)


def test_who_asks_without_end_keeps_nobody_else_out() -> None:
    tickets = Tickets(FakeClock())
    bobs = tickets.issue(look("bob"))
    adas = [tickets.issue(look()) for _ in range(MOST + EACH)]
    with pytest.raises(NotFound):
        tickets.redeem(adas[-EACH - 1])
    assert [tickets.redeem(secret).who for secret in (bobs, *adas[-EACH:])] == [
        "bob",
        *["ada"] * EACH,
    ]


def test_tickets_that_nobody_uses_do_not_pile_up() -> None:
    clock = FakeClock()
    tickets = Tickets(clock)
    for number in range(MOST):
        tickets.issue(look(f"person {number}"))
    with pytest.raises(Conflict, match="too many"):
        tickets.issue(look())
    clock.sleep(LIVE_S)
    assert tickets.redeem(tickets.issue(look())) == look()


def test_one_works_while_four_look_and_a_seat_is_free_again_when_it_is_left() -> None:
    seats = Seats()
    with ExitStack() as held:
        for number in range(VIEWERS):
            held.enter_context(seats.taken(look(f"p{number}")))
        held.enter_context(seats.taken(work("ada")))
        with pytest.raises(Conflict, match="look at this machine"), seats.taken(look("zoe")):
            pass
        with pytest.raises(Conflict, match="somebody else works"), seats.taken(work("zoe")):
            pass
        with seats.taken(look("zoe", "m-2")):
            pass
    with seats.taken(work("zoe")), seats.taken(look("zoe")):
        pass


def test_one_person_has_so_many_consoles_and_a_refused_one_takes_no_seat() -> None:
    seats = Seats()
    with ExitStack() as held:
        for number in range(CONSOLES):
            held.enter_context(seats.taken(look(machine=f"m-{number}")))
        for _ in range(2):
            with pytest.raises(Conflict, match="consoles open"), seats.taken(look(machine="m-9")):
                pass
        with seats.taken(look("bob", "m-9")):
            pass
