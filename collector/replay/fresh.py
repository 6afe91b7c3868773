"""A fresh machine like the one that a recording was made on: same kind, same beginning."""

from __future__ import annotations

from typing import Any

from envs.base import Env
from envs.recording.types import Header
from envs.registry import open_env
from infra.errors import Unavailable


def fresh(header: Header) -> Env:
    """Open it. Raises Unavailable where it cannot begin as the recording's did, and what it raises.

    A desktop is a fork of the same template; a browser opens the same site with the same seed,
    look and size; a fake machine has the same seed and size.
    """
    machine = open_env(header.env.platform, **settings_of(header))
    try:
        _check(header, machine)
    except Unavailable:
        machine.close()
        raise
    return machine


def settings_of(header: Header) -> dict[str, Any]:
    """What the machine's factory is given. Raises Unavailable where the recording does not say."""
    env, extra = header.env, header.env.extra
    if origin := str(header.parameters.get("origin", "")):
        raise Unavailable(f"it began in a frozen state of {origin}, which is gone", subject=origin)
    if env.platform == "ubuntu":
        return {"image": env.image}
    size = {"width": env.width, "height": env.height}
    if env.platform == "fake":
        return {"seed": int(env.image.removeprefix("fake-")), **size}
    if env.platform != "web":
        raise Unavailable(
            f"no {env.platform} machine can be made like another", subject=env.platform
        )
    site = str(extra.get("site", ""))
    look: dict[str, Any] = {key: extra[key] for key in ("seed", "theme", "locale") if key in extra}
    return {"start": site or str(extra.get("url", "")), "scale": env.scale, **size, **look}


def _check(header: Header, machine: Env) -> None:
    """Refuse a desktop whose template is another one than the recording's."""
    was, now = header.env, machine.info
    if was.template and now.template and was.template != now.template:
        raise Unavailable(
            "the template was made anew since: nothing would be where it was",
            f"trawl image warm made {now.template[:12]}, the recording has {was.template[:12]}",
            now.template,
        )
