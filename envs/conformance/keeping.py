"""Checks of what a machine keeps and gives back: files, frozen states, itself."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from envs.actions import Write
from envs.base import Branches, Checkpoints, Env, Installs
from envs.conformance.subject import (
    QUIET_SHARE,
    Failed,
    Skipped,
    Subject,
    difference,
    expect,
)
from infra.errors import InfraLost, NotFound, TrawlError

BYTES = bytes(range(256)) * 9 + b"\r\n\x00"
NAME = "conformance 检查.bin"
BAD_NAMES = ("../outside", "/etc/hostname", "", ".hidden", "a/b")


def _installs(s: Subject) -> Installs:
    if not s.env.capabilities.install:
        raise Skipped("this machine takes no files")
    assert isinstance(s.env, Installs)
    return s.env


def _checkpoints(s: Subject) -> Checkpoints:
    if not s.env.capabilities.checkpoint:
        raise Skipped("this machine has no checkpoints")
    assert isinstance(s.env, Checkpoints)
    return s.env


def _raises(kind: type[TrawlError], call: Callable[[], object], what: str) -> None:
    try:
        call()
    except kind:
        return
    except TrawlError as error:
        raise Failed(f"{what} raised {error.kind}: {error}") from error
    raise Failed(f"{what} raised nothing")


def files_come_back_as_they_went(s: Subject) -> None:
    """Every byte, under any plain name, twice over."""
    files = _installs(s)
    for data in (BYTES, b"", BYTES[::-1]):
        files.put_file(NAME, data)
        expect(files.get_file(NAME) == data, f"{len(data)} bytes came back changed")


def files_stay_in_their_directory(s: Subject) -> None:
    """No name leads out of it."""
    files = _installs(s)
    for name in BAD_NAMES:
        _raises(TrawlError, partial(files.put_file, name, b"x"), f"putting {name!r}")
        _raises(TrawlError, partial(files.get_file, name), f"getting {name!r}")


def files_that_are_not_there_are_not_found(s: Subject) -> None:
    """A name without a file is NotFound."""
    files = _installs(s)
    _raises(NotFound, lambda: files.get_file("nobody put this here"), "getting it")


def checkpoint_goes_back(s: Subject) -> None:
    """What was written after it is gone again, more than once."""
    states = _checkpoints(s)
    s.playground.prepare()
    s.applied(Write("before"))
    s.reads("before")
    name = states.checkpoint()
    for word in (" after", " again"):
        s.applied(Write(word))
        s.reads("before" + word)
        states.restore(name)
        s.reads("before")


def checkpoint_of_no_name_is_not_found(s: Subject) -> None:
    """A state that was never frozen cannot be returned to."""
    states = _checkpoints(s)
    _raises(NotFound, lambda: states.restore("never frozen"), "restoring it")


def a_branch_begins_where_a_state_was_frozen(s: Subject) -> None:
    """It shows that very screen and a tree; a state that was let go is not found."""
    if not s.env.capabilities.branch:
        raise Skipped("this machine has no branches")
    root = branching(s.env).branch()
    try:
        name = branching(root).freeze()
        other = branching(root).branch(name)
        try:
            expect(difference(root.screen(), other.screen()) <= QUIET_SHARE, "another screen")
            expect(bool(other.tree().elements), "the branch has no tree")
        finally:
            other.close()
        branching(root).forget(name)
        _raises(NotFound, lambda: branching(root).branch(name), "branching from it")
        expect(bool(root.tree().elements), "the machine that was frozen has no tree any more")
    finally:
        root.close()


def branching(env: Env) -> Branches:
    """The machine as one that can be branched. Raises Failed."""
    if not isinstance(env, Branches):
        raise Failed("it says it can be branched and lacks a method for it")
    return env


def close_can_be_said_twice(s: Subject) -> None:
    """Closing a closed machine is fine."""
    s.env.close()
    s.env.close()


def closed_machines_are_lost(s: Subject) -> None:
    """A closed machine answers nothing: it says that it is gone."""
    s.env.close()
    _raises(InfraLost, s.env.screen, "a screen of a closed machine")
    _raises(InfraLost, s.env.health, "the health of a closed machine")


CHECKS = (
    files_come_back_as_they_went,
    files_stay_in_their_directory,
    files_that_are_not_there_are_not_found,
    checkpoint_goes_back,
    checkpoint_of_no_name_is_not_found,
    a_branch_begins_where_a_state_was_frozen,
)
LAST = (close_can_be_said_twice, closed_machines_are_lost)
"""They leave no machine behind, so they come last."""
