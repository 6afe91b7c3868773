"""What somebody who helps needs to see, in one archive without secrets.

Every part is made by itself: what cannot be made is told in its place. Every record and line is
redacted last, with the secrets that settings and environment hold.
"""

from __future__ import annotations

import io
import json
import os
import platform
import sqlite3
import tarfile
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, distribution, version
from itertools import chain
from typing import Any, Final

from collector.fleet import client
from infra import settings as settings_module
from infra.errors import NotFound, TrawlError
from infra.redaction import Redactor, secrets_in
from infra.settings import Settings
from infra.store import Store, events, hosts, is_there, machines, open_store, pools, runs

LAST_EVENTS: Final = 2_000
LOG_BYTES: Final = 256 << 10
"""How much of the log's end is taken along."""
Records = Iterable[Any]


@dataclass(frozen=True, slots=True)
class Part:
    """One file of the archive: a line for each record, text as it is and all else as JSON."""

    name: str
    make: Callable[[], Records]


def parts(settings: Settings, doctor: Callable[[], Records]) -> list[Part]:
    """Everything that is taken along; nothing is looked at before its part is made."""
    return [
        Part("versions.jsonl", _versions),
        Part("settings.jsonl", lambda: _settings(settings)),
        Part("doctor.jsonl", doctor),
        Part("fleet.jsonl", lambda: _fleet(settings)),
        Part("events.jsonl", lambda: _events(settings)),
        Part("controller.log", lambda: _log_tail(settings)),
    ]


def file_name(at_ns: int) -> str:
    """What an archive of that time is called."""
    at = datetime.fromtimestamp(at_ns / 1e9, UTC).strftime("%Y%m%dT%H%M%SZ")
    return f"trawl-support-{at}.tar.gz"


def redactor(settings: Settings) -> Redactor:
    """Knows the secrets of this process's settings and environment."""
    return Redactor(secrets_in({**os.environ, **settings.model_dump()}))


def archive(made: Iterable[Part], redact: Redactor, at_ns: int) -> bytes:
    """The parts as a gzipped tar file, each open to its owner alone."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        for part in made:
            data = "".join(f"{line}\n" for line in _lines(part, redact)).encode()
            entry = tarfile.TarInfo(f"trawl-support/{part.name}")
            entry.size, entry.mode, entry.mtime = len(data), 0o600, at_ns // 1_000_000_000
            tar.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def _lines(part: Part, redact: Redactor) -> list[str]:
    try:
        return [_line(record, redact) for record in part.make()]
    except (TrawlError, OSError) as error:
        return [_line({"not_made": str(error)}, redact)]


def _line(record: Any, redact: Redactor) -> str:
    if isinstance(record, str):
        return redact.text(record)
    return json.dumps(redact.value(record), ensure_ascii=True)


def _versions() -> Records:
    yield {"trawl": _version("trawl"), "python": platform.python_version(),
           "system": platform.platform(), "sqlite": sqlite3.sqlite_version}  # fmt: skip
    try:
        wanted = distribution("trawl").requires or []
    except PackageNotFoundError:
        return
    for name in sorted({_name(requirement) for requirement in wanted}):
        yield {"package": name, "version": _version(name)}


def _name(requirement: str) -> str:
    """The name in front of a requirement's bounds."""
    length = next((n for n, c in enumerate(requirement) if not (c.isalnum() or c in "-_.")), None)
    return requirement[:length]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _settings(settings: Settings) -> Records:
    for name, origin in settings_module.origins(settings).items():
        yield {"setting": name, "value": str(getattr(settings, name)), "origin": origin}


def _fleet(settings: Settings) -> Records:
    with _existing(settings) as store, store.read() as tx:
        rows: Iterable[Any] = chain(
            pools.listed(tx), hosts.listed(tx), machines.alive(tx), runs.listed(tx)
        )
        found = [{"row": type(row).__name__.lower(), **asdict(row)} for row in rows]
    return [{"controller": "up" if client.is_up(settings) else "down"}, *found]


def _events(settings: Settings) -> Records:
    with _existing(settings) as store, store.read() as tx:
        return [asdict(event) for event in events.newest(tx, LAST_EVENTS)]


def _existing(settings: Settings) -> Store:
    """The database, which is not made for this. Raises NotFound."""
    if not is_there(settings):
        raise NotFound("there is no database yet", "trawl fleet up makes one")
    return open_store(settings)


def _log_tail(settings: Settings) -> Records:
    path = client.lock_path(settings).with_name("controller.log")
    with path.open("rb") as log:
        log.seek(max(0, path.stat().st_size - LOG_BYTES))
        lines = deque(log.read(LOG_BYTES).decode("utf-8", "replace").splitlines())
    if path.stat().st_size > LOG_BYTES:
        lines.popleft()  # it began in the middle
    return lines
