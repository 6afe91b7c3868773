"""The warmed template of a desktop image: booted once, its programs open, quiet, frozen.

`find` says where it lies, `warm` makes it. A template is named by its image and by what stands on
its desktop, so a change of either makes another one.
"""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from envs.tree import Mirror, remembering
from envs.ubuntu.channel import Channel
from envs.ubuntu.documents import documents
from envs.ubuntu.facts import Desktop
from envs.ubuntu.programs import Program
from envs.ubuntu.quiet import LOOK_S, wait_until_quiet
from envs.ubuntu.replies import Looks, parse
from envs.ubuntu.session import Session
from infra import images
from infra.clock import Clock, SystemClock
from infra.errors import Conflict, DeadlineExceeded, NotFound
from infra.hypervisor import Domain, Host, Template
from infra.hypervisor.template import MANIFEST
from infra.ids import Ids, RandomIds
from infra.images import Image
from infra.progress import Progress, Silent

BOOT_S: Final = 300.0
"""A cold boot to the agent's first answer, on a slow and busy host."""
OPEN_S: Final = 300.0
WINDOW_S: Final = 270
"""A browser's first window, on a busy host."""
PUT_S: Final = 30.0
MIRROR_S: Final = 60.0
PAUSE_S: Final = 1.5
"""Quiet so long, a program that was just opened has drawn itself."""
LOOK_WITHIN_S: Final = 60.0
DEFAULT: Final = Session()
FENCE: Final = 0
"""A template is driven by nobody: every lease's fence is newer."""


def place(image: Image, cache: Path, session: Session = DEFAULT) -> Path:
    """Where the template of that image and session lies, whether or not it is there."""
    digest = hashlib.sha256(image.sha256.encode())
    for name, data in sorted(documents().items()):
        digest.update(name.encode() + hashlib.sha256(data).digest())
    digest.update((repr((session, session.opened)) + remembering.SHAPE).encode())
    return cache / "templates" / f"{image.name}-{digest.hexdigest()[:12]}"


def find(name: str, cache: Path, session: Session = DEFAULT) -> Path:
    """The directory of the warmed template of the image `name`. Raises NotFound."""
    image = images.find(name, cache)
    directory = place(image, cache, session)
    if not (directory / MANIFEST).is_file():
        raise NotFound(
            f"the image {name!r} has no warmed template of {session}",
            " ".join(("trawl image warm", name, *options(session))),
            name,
        )
    return directory


def warm(
    host: Host,
    image: Image,
    directory: Path,
    progress: Progress | None = None,
    *,
    session: Session = DEFAULT,
    clock: Clock | None = None,
    ids: Ids | None = None,
) -> Template:
    """Boot `image`, open its programs, wait until it is quiet, freeze it into `directory`.

    The machine is destroyed in any case. Raises DeadlineExceeded where the desktop does not come
    up or too few windows do, and what `Host.boot` raises where there is no room.
    """
    clock, ids, progress = clock or SystemClock(), ids or RandomIds(), progress or Silent()
    uuid = ids.uuid()
    progress.say("booting")
    name = f"trawl-template-{uuid[:8]}"
    ram = host.place(uuid).ram
    width, height = session.size
    domain = host.boot(
        image, name, uuid, session.opened.memory_mb, width, height,
        ram_file=ram, owner={"template": "warming"}, words=session.words(),
    )  # fmt: skip
    try:
        desktop = _furnish(domain, session, progress, clock, ids)
        progress.say("freezing")
        return host.freeze(domain, directory, desktop.as_record())
    finally:
        domain.destroy()


def _furnish(
    domain: Domain, session: Session, progress: Progress, clock: Clock, ids: Ids
) -> Desktop:
    """Bring the desktop to the state that forks start from."""
    channel = Channel(lambda within: domain.connect("agent", within), clock, ids)
    width, height = session.size
    mirror = Mirror(
        lambda within: domain.connect("atspi", within), clock, width, height, units=session.units
    )
    try:
        channel.hello(FENCE, BOOT_S)
        progress.say("the desktop is up")
        wait_until_quiet(domain, clock)
        check(channel, session)
        for file, data in documents().items():
            channel.request("put", {"name": file, "data": data}, FENCE, PUT_S)
        mirror.open(MIRROR_S)
        wanted = session.opened.programs
        opened = [p for p in wanted if _open(domain, channel, mirror, p, clock, progress)]
        if len(opened) < session.opened.fewest:
            missing = ", ".join(p.app for p in wanted if p not in opened)
            raise DeadlineExceeded(f"too few windows came up; not those of {missing}")
        progress.say("waiting until it is quiet")
        wait_until_quiet(domain, clock, meanwhile=mirror.heed)
        mirror.walk()
        stacking, remembered = mirror.stacking(), mirror.remember()
    finally:
        mirror.close()
        channel.close()
    wait_until_quiet(domain, clock)
    return Desktop(
        tuple(program.app for program in opened), stacking, remembered, session.as_record()
    )


def options(session: Session) -> list[str]:
    """What to give `trawl image warm` for that session."""
    given, usual = session.as_record(), DEFAULT.as_record()
    return [f"--{key}={value}" for key, value in given.items() if value != usual[key]]


def check(channel: Channel, session: Session) -> None:
    """See that the guest was started as it was told. Raises Conflict."""
    said = parse(Looks, channel.request("look", {}, FENCE, LOOK_WITHIN_S))
    scaling = session.scaling
    wanted = (f"{session.locale}.UTF-8", scaling.dpi, scaling.gtk, f"{scaling.qt:g}")
    if (said.locale, said.dpi, said.scale, said.qt_scale) != wanted:
        raise Conflict(f"the desktop was started as {said}, not as {session}")


def _open(
    domain: Domain,
    channel: Channel,
    mirror: Mirror,
    program: Program,
    clock: Clock,
    progress: Progress,
) -> bool:
    """Start one program and let it draw itself; whether its window came."""
    box = list(program.box_on(mirror.width, mirror.height))
    args = {"app": program.app, "file": program.file, "box": box, "within_s": WINDOW_S}
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(channel.request, "open", args, FENCE, OPEN_S)
        while not answer.done():
            clock.sleep(LOOK_S)
            mirror.heed()
    title = answer.result().get("window")
    progress.say(f"{program.app}: {title or 'no window'}"[:100])
    wait_until_quiet(domain, clock, PAUSE_S, meanwhile=mirror.heed)
    mirror.tree()
    return bool(title)
