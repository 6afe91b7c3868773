"""One answer of each person about each subject, on both databases; the log remembers the others."""

from __future__ import annotations

from infra.store import Store, events, verdicts
from infra.store.rows import Verdict


def said(subject: str, answer: str, at_ns: int, who: str = "ada", kind: str = "boxes") -> Verdict:
    return Verdict(kind, subject, who, answer, "", at_ns, 900)


def test_a_new_answer_replaces_the_old_one_and_both_are_in_the_log(store: Store) -> None:
    for verdict in (said("e-1", "right", 1), said("e-1", "wrong", 2)):
        with store.write() as tx:
            verdicts.give(tx, verdict)
    with store.read() as tx:
        assert verdicts.listed(tx, "boxes") == [said("e-1", "wrong", 2)]
        assert [e.reason for e in events.after(tx, 0, subject="e-1")] == ["right", "wrong"]


def test_the_newest_answer_of_a_person_is_taken_back_and_nobody_elses(store: Store) -> None:
    given = [said("e-1", "right", 1), said("e-2", "wrong", 2), said("e-2", "right", 3, who="bob"),
             said("e-3", "right", 4, kind="pairs")]  # fmt: skip
    with store.write() as tx:
        for verdict in given:
            verdicts.give(tx, verdict)
    with store.write() as tx:
        assert verdicts.take_back(tx, "boxes", "ada", 5) == given[1]
        assert verdicts.listed(tx, "boxes") == [given[0], given[2]]
        assert verdicts.listed(tx, "boxes", "ada") == [given[0]]
        assert [verdicts.count(tx, "boxes", who) for who in ("ada", "bob", "eve")] == [1, 1, 0]
        assert verdicts.take_back(tx, "boxes", "ada", 6) == given[0]
        assert verdicts.take_back(tx, "boxes", "ada", 7) is None
        assert verdicts.listed(tx, "pairs") == [given[3]]
        assert [e.kind for e in events.newest(tx, 2)] == ["verdict.taken_back"] * 2
