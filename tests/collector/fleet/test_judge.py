"""What one look says about one machine, whatever its row says and whenever it is looked at."""

from __future__ import annotations

from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from collector.fleet.deadlines import GONE_S, LASTS_S, SIGN_TTL_S, S
from collector.fleet.judge import ENDING, IN_USE, before, judge
from collector.fleet.recycle import Recycle
from infra.store.rows import Desired, Machine, Observed
from tests.collector.fleet.transitions import FOLLOW

NOW_NS = 10_000 * S
ages_s = st.integers(-7200, 7200)
states = st.sampled_from([s for s in get_args(Observed) if s not in ("ABSENT", "GONE")])
STAGES = ("STARTING", "PARKED", *sorted(IN_USE))


@st.composite
def rows(draw):
    observed = draw(states)
    late_s = draw(ages_s)
    return Machine(
        "u", "m", "p", "fake", "", draw(st.sampled_from(get_args(Desired))), observed, "", 0,
        NOW_NS - late_s * S if observed in LASTS_S else None,
        NOW_NS - draw(ages_s) * S, 3, 2, draw(st.integers(0, 3)),
        stage=draw(st.sampled_from(STAGES)) if observed == "UNKNOWN" else "",
        born_ns=NOW_NS - draw(st.integers(0, 9 * 3600)) * S,
        private_bytes=draw(st.integers(0, 1 << 31)),
    )  # fmt: skip


missing = st.none() | st.floats(0, 3600)
policies = st.builds(Recycle, st.integers(1, 3), st.floats(0, 9), st.integers(0, 2000))


def leads_to(machine, verdict):
    """The states that the reconciler writes for a verdict, one after the other."""
    ways = {
        "keep": [], "unknown": ["UNKNOWN"], "back": [before(machine)], "lost": ["LOST", "GONE"],
        "end": ["GONE"] if machine.observed in ENDING else ["DIRTY", "GONE"],
    }  # fmt: skip
    return ways[verdict.kind]


@given(rows(), missing, policies)
def test_no_verdict_leads_out_of_the_table_of_states(machine, missing_s, recycle):
    verdict = judge(machine, missing_s=missing_s, recycle=recycle, now_ns=NOW_NS)
    state = machine.observed
    for after in leads_to(machine, verdict):
        assert after in FOLLOW[state], (state, after, verdict)
        state = after


@given(rows(), missing, policies)
def test_no_machine_stays_in_a_state_past_its_deadline_and_none_goes_without_a_reason(
    machine, missing_s, recycle
):
    verdict = judge(machine, missing_s=missing_s, recycle=recycle, now_ns=NOW_NS)
    if machine.deadline_ns is not None and machine.deadline_ns < NOW_NS:
        assert verdict.kind in ("lost", "end")
    if verdict.kind != "keep" and machine.observed not in ENDING:
        assert verdict.reason


@given(rows(), policies)
def test_a_machine_in_use_ends_only_by_its_deadline_its_signs_or_its_process(machine, recycle):
    verdict = judge(machine, missing_s=None, recycle=recycle, now_ns=NOW_NS)
    is_late = machine.deadline_ns is not None and machine.deadline_ns < NOW_NS
    is_silent = NOW_NS - machine.seen_ns > SIGN_TTL_S * S
    if machine.observed in IN_USE and not is_late and not is_silent:
        assert verdict.kind == "keep"


@given(rows(), st.floats(0, GONE_S, exclude_max=True), policies)
def test_a_process_that_is_missed_for_a_moment_is_not_lost(machine, missing_s, recycle):
    verdict = judge(machine, missing_s=missing_s, recycle=recycle, now_ns=NOW_NS)
    is_late = machine.deadline_ns is not None and machine.deadline_ns < NOW_NS
    if machine.observed not in ENDING and not is_late and machine.observed != "QUARANTINED":
        assert verdict.kind == "keep"
