"""A kind of machine is added by a module and a decorator, as the floor's page says."""

from __future__ import annotations

import pytest

from envs import conformance, registry
from envs.fake import FakeEnv, fake
from infra.clock import FakeClock
from infra.errors import NotFound


@pytest.fixture
def toy() -> str:
    """A backend of a stranger's: its factory takes its own settings."""

    @registry.env("toy")
    def open_toy(seed: int = 0, clock: FakeClock | None = None) -> FakeEnv:
        return fake(seed=seed, clock=clock or FakeClock())

    return "toy"


def test_a_new_kind_is_known_opened_and_checked(toy: str) -> None:
    assert toy in registry.names()
    clock = FakeClock()
    report = conformance.check(toy, lambda: registry.open_env(toy, seed=3, clock=clock), clock)
    assert report.ok
    assert report.info is not None
    assert report.info.image == "fake-3"


def test_an_unknown_kind_offers_the_nearest() -> None:
    with pytest.raises(NotFound, match="did you mean 'fake'"):
        registry.factory("fakes")
