from __future__ import annotations

import pickle

import pytest

from infra.errors import NotFound, TrawlError

KINDS = [TrawlError, *TrawlError.__subclasses__()]


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.__name__)
def test_an_error_survives_pickling_with_all_its_fields(kind: type[TrawlError]) -> None:
    error = kind("the disk is full", "free some", "/data")
    back = pickle.loads(pickle.dumps(error))
    assert type(back) is kind
    assert back.as_record() == error.as_record()
    assert str(back) == "the disk is full (free some)"


def test_every_kind_has_a_name_of_its_own() -> None:
    assert len({kind.kind for kind in KINDS}) == len(KINDS)


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.__name__)
def test_the_condition_is_documented(kind: type[TrawlError]) -> None:
    assert kind.__doc__


def test_the_nearest_name_is_offered() -> None:
    error = NotFound.among("pool", "ubunto", ["web", "ubuntu"])
    assert error.message == "no pool named 'ubunto'"
    assert error.hint == "did you mean 'ubuntu'?"


def test_where_nothing_is_near_all_names_are_told() -> None:
    assert NotFound.among("pool", "zzz", ["web", "ubuntu"]).hint == "known: ubuntu, web"
    assert NotFound.among("pool", "zzz", []).hint == "known: none"
    many = [f"m{number:04}" for number in range(1000)]
    assert NotFound.among("machine", "zzz", many).hint.endswith("m0023 and 976 more")
