"""Real desktop machines for tests: one host a session, its template, and forks that are awake.

They are never skipped: where the template is missing or cannot be used, the test fails with the
error that names the command which mends it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from envs.ubuntu import UbuntuEnv
    from infra.hypervisor import Host, Template

Wake = Callable[..., "UbuntuEnv"]


@pytest.fixture(scope="session")
def host() -> Iterator[Host]:
    """A hypervisor of this process's own; what is left on it is destroyed."""
    from infra import settings
    from infra.hypervisor import Host, private_root

    opened = Host(private_root(), accel=settings.load().accel).open()
    yield opened
    for domain in opened.domains():
        domain.destroy()
    opened.close()


@pytest.fixture(scope="session")
def template(host: Host) -> Template:
    """The warmed template of the image in the settings, loaded. Its absence is a failure."""
    from envs.ubuntu import template as templates
    from infra import settings

    chosen = settings.load()
    return host.load_template(templates.find(chosen.image, chosen.cache))


@pytest.fixture
def machine(host: Host, template: Template) -> Iterator[Wake]:
    """Wakes forks: each call gives one that is ready; all are gone after the test."""
    from envs.ubuntu import wake
    from infra.ids import RandomIds

    ids = RandomIds()
    with ExitStack() as held:

        def fork(fence: int = 1, **options: Any) -> UbuntuEnv:
            uuid = ids.uuid()
            domain = host.fork(template, f"test-{uuid[:8]}", uuid, {"test": "machine"})
            held.callback(domain.destroy)
            env = wake(domain, fence, **options)
            held.callback(env.close)
            return env

        yield fork


@pytest.fixture(scope="module")
def desktop(host: Host, template: Template) -> Iterator[UbuntuEnv]:
    """One machine for a module's tests that only look, or tidy up after themselves."""
    from envs.ubuntu import wake
    from infra.ids import RandomIds

    uuid = RandomIds().uuid()
    domain = host.fork(template, f"test-{uuid[:8]}", uuid, {"test": "desktop"})
    try:
        env = wake(domain, 1)
        yield env
        env.close()
    finally:
        domain.destroy()
