"""What needs somebody is found, gravest first, and equal cases are one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from collector.views.needs import Moment, needs
from infra.store.rows import Host, Lease, Machine, Pool

S = 1_000_000_000
NOW = 1_700_000_000 * S
WELL = Machine("u1", "m1", "p", "ubuntu", "debian-12", "RUNNING", "PARKED", "it rests", NOW - 60 * S, None,
               NOW - 2 * S, 1, 0, 0, "here")  # fmt: skip
HERE = Host("here", NOW - S, 2, 1 << 30, 1 << 30)
POOL = Pool("p", "ubuntu", "debian-12", 1)


def found(**changed: Any) -> list[tuple[str, str, list[str]]]:
    calm: dict[str, Any] = {
        "machines": [WELL], "pools": [POOL], "hosts": [HERE], "leases": [], "now_ns": NOW,
    }  # fmt: skip
    rows = needs(Moment(**(calm | changed)))
    return [(row["what"], row["state"], row["names"]) for row in rows]


def test_a_fleet_that_is_well_needs_nobody() -> None:
    assert found() == []


def test_machines_in_quarantine_for_one_reason_are_one_need_since_the_first() -> None:
    held = [replace(WELL, uuid=f"u{n}", name=f"m{n}", observed="QUARANTINED", reason="no answer",
                    since_ns=NOW - n * S) for n in range(1, 4)]  # fmt: skip
    other = replace(held[0], uuid="u9", name="m9", reason="another")
    assert found(machines=[*held, other]) == [
        ("machine", "QUARANTINED", ["m1", "m2", "m3"]),
        ("machine", "QUARANTINED", ["m9"]),
    ]
    row = needs(Moment(held, [POOL], [HERE], [], NOW))[0]
    assert row["since_ns"] == NOW - 3 * S
    assert row["hint"] == "trawl machine release NAME"


def test_a_pool_that_used_its_starts_up_needs_somebody() -> None:
    assert found(pools=[replace(POOL, failures=4)]) == []
    assert found(pools=[replace(POOL, failures=5)]) == [("pool", "stopped", ["p"])]


def test_a_silent_host_needs_somebody_and_without_another_nobody_leads() -> None:
    gone = replace(HERE, name="gone", seen_ns=NOW - 30 * S)
    assert found(hosts=[HERE, gone]) == [("host", "silent", ["gone"])]
    assert found(hosts=[gone])[0] == ("fleet", "down", ["controller"])
    assert found(hosts=[], machines=[])[0] == ("fleet", "down", ["controller"])
    assert found(hosts=[], machines=[], pools=[]) == []


def test_a_state_past_its_deadline_and_a_lease_past_its_end_need_somebody() -> None:
    late = replace(WELL, observed="STARTING", deadline_ns=NOW - S)
    lease = Lease("l", "u1", "run-1", 1, NOW - 90 * S, NOW - S, None)
    assert found(machines=[late]) == [("machine", "STARTING", ["m1"])]
    assert found(leases=[lease]) == [("machine", "overdue", ["m1"])]
