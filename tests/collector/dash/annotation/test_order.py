"""Who is asked what: everything is judged, a quarter by everybody, nobody twice."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from collector.dash.annotation.figures import progress
from collector.dash.annotation.order import SHARED_OF, is_shared, upcoming
from infra.store.rows import Verdict

SUBJECTS = tuple(f"ep-{n}#e" for n in range(200))


def said(subject, who, answer="right", at_ns=1):
    return Verdict("boxes", subject, who, answer, "", at_ns, 1200)


def judged_by(*people, subjects=SUBJECTS, turns=10_000):
    """What comes of it when these people judge in turn until nothing is left for any."""
    given = []
    for _ in range(turns):
        before = len(given)
        for who in people:
            for subject in upcoming(subjects, given, who, 1):
                given.append(said(subject, who, at_ns=len(given)))
        if len(given) == before:
            return given
    return given


def test_everything_is_judged_and_the_shared_ones_by_everybody():
    times = Counter(v.subject for v in judged_by("ada", "bob", "cid"))
    assert set(times) == set(SUBJECTS)
    assert {n for s, n in times.items() if is_shared(s)} == {3}
    assert {n for s, n in times.items() if not is_shared(s)} == {1}
    assert 0.15 < sum(map(is_shared, SUBJECTS)) / len(SUBJECTS) < 0.35


def test_agreement_can_be_told_early():
    for who in ("ada", "bob"):
        first = upcoming(SUBJECTS, [], who, 20)
        assert sum(map(is_shared, first)) == 20 // SHARED_OF
    both = [set(filter(is_shared, upcoming(SUBJECTS, [], w, 40))) for w in ("ada", "bob")]
    assert both[0] == both[1], "everybody is asked about the same of them first"


def test_two_who_begin_together_do_not_have_the_same_subject_before_them():
    firsts = {upcoming(SUBJECTS, [], f"person {n}", 1)[0] for n in range(20)}
    assert len(firsts) > 12


@given(st.lists(st.sampled_from(SUBJECTS[:30]), unique=True), st.integers(0, 20),
       st.sets(st.sampled_from(SUBJECTS[:30])))  # fmt: skip
def test_nobody_is_asked_twice_or_about_what_they_have_before_them(mine, most, skipped):
    given = [said(subject, "ada") for subject in mine]
    found = upcoming(SUBJECTS[:30], given, "ada", most, frozenset(skipped))
    assert len(found) == len(set(found)) <= most
    assert not set(found) & ({*mine} | skipped)
    assert found == upcoming(SUBJECTS[:30], reversed(given), "ada", most, frozenset(skipped))


def test_without_subjects_nobody_is_asked_anything():
    assert upcoming((), [], "ada", 3) == []


def test_the_figures_say_what_was_said_by_whom_and_how_far_they_agree():
    given = [said("a", "ada", at_ns=1), said("a", "bob", "wrong_box", 2), said("b", "ada", at_ns=3),
             said("b", "bob", at_ns=4), said("c", "ada", "unclear", 5)]  # fmt: skip
    found = progress(("a", "b", "c", "d"), given, ["right", "wrong_box", "unclear"])
    assert (found["subjects"], found["judged"], found["verdicts"]) == (4, 3, 5)
    assert found["answers"] == {"right": 3, "wrong_box": 1, "unclear": 1}
    assert [(p["who"], p["verdicts"], p["last_ns"]) for p in found["people"]] == [
        ("ada", 3, 5), ("bob", 2, 4)]  # fmt: skip
    assert found["agreement"] == {"alpha": 0.0, "subjects": 2, "answers": 4}
