"""What the process says about itself: JSON lines, or colours where a person looks on.

Redaction is the last thing that happens to an event before it becomes a line; what cannot be
redacted is withheld, and counted by `failed`. What libraries log and what nobody caught goes the
same way. A log that cannot be written stops nobody.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import sys
import threading
from collections.abc import Callable, Iterable, MutableMapping
from pathlib import Path
from types import TracebackType
from typing import Any, Final, TextIO, cast

import structlog
from structlog.typing import EventDict, Processor

from infra.files import publish
from infra.redaction import Redactor
from infra.visible import visible

LOG_BYTES: Final = 4 << 20
"""A log is cut at this size; what it held goes to a file beside it, whose name ends in `.1`."""


def configure(
    stream: TextIO,
    path: Path | None = None,
    secrets: Iterable[str] = (),
    failed: Callable[[], object] = lambda: None,
) -> None:
    """Make `stream` this process's log; where it appends to `path`, the file is kept short."""
    lines = Lines(stream, path if path is not None and _appends_to(stream, path) else None)
    structlog.configure(
        processors=processors(stream.isatty(), Redactor(secrets), failed),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(cast("TextIO", lines)),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    for handler in [h for h in root.handlers if isinstance(h, _Foreign)]:
        root.removeHandler(handler)
    root.addHandler(_Foreign(logging.WARNING))
    sys.excepthook = _uncaught
    threading.excepthook = lambda hook: _uncaught(
        hook.exc_type, hook.exc_value or hook.exc_type(), hook.exc_traceback
    )


def processors(
    on_terminal: bool, redactor: Redactor, failed: Callable[[], object]
) -> list[Processor]:
    """The chain that an event goes through; redaction is the last before the renderer."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        Redaction(redactor, failed),
        _Console() if on_terminal else structlog.processors.JSONRenderer(),
    ]


class Redaction:
    """A processor that makes an event plain and takes the secrets out."""

    def __init__(self, redactor: Redactor, failed: Callable[[], object]) -> None:
        self._redactor, self._failed = redactor, failed

    def __call__(self, logger: Any, name: str, event: EventDict) -> EventDict:
        """The event without secrets, or only that there was one."""
        del logger
        try:
            return cast("EventDict", self._redactor.value(dict(event)))
        except Exception as error:  # noqa: BLE001 - a value's own str() may raise anything
            self._failed()
            return {"event": "log.withheld", "level": name, "reason": type(error).__name__}


class _Console:
    """Lines for a person: nothing in them steers the terminal but our own colours."""

    def __init__(self) -> None:
        self._render = structlog.dev.ConsoleRenderer(
            colors=True, exception_formatter=structlog.dev.plain_traceback
        )

    def __call__(self, logger: Any, name: str, event: EventDict) -> str:
        return self._render(logger, name, cast("EventDict", _shown(event)))


def _shown(value: Any) -> Any:
    """Plain data with every string as a terminal may show it."""
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, MutableMapping):
        return {visible(key): _shown(inner) for key, inner in value.items()}
    return [_shown(inner) for inner in value] if isinstance(value, list) else value


class Lines:
    """A stream of lines; with a path, the file is cut before it grows beyond `most_bytes`.

    It is cut in place, so that whoever else holds it, such as a library's standard error, goes
    on appending to the same file.
    """

    def __init__(self, stream: TextIO, path: Path | None, most_bytes: int = LOG_BYTES) -> None:
        self._stream, self._path, self._most_bytes = stream, path, most_bytes
        self._lock = threading.Lock()

    def write(self, line: str) -> None:
        """Append; an error of the file system, or a closed stream, loses the line and nothing else."""
        with self._lock, contextlib.suppress(OSError, ValueError):
            if self._path is not None:
                self._cut(self._path, len(line.encode("utf-8", "replace")))
            self._stream.write(line)
            self._stream.flush()

    def flush(self) -> None:
        """Each line is flushed as it is written."""

    def _cut(self, path: Path, coming_bytes: int) -> None:
        size_bytes = path.stat().st_size
        if size_bytes == 0 or size_bytes + coming_bytes <= self._most_bytes:
            return
        with contextlib.suppress(OSError):  # without room for the older part it is let go
            publish(path.with_name(f"{path.name}.1"), path.read_bytes()[-self._most_bytes :], 0o600)
        os.truncate(path, 0)


class _Foreign(logging.Handler):
    """What libraries log, from warnings on, as events of ours."""

    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger(record.name).log(
            record.levelno, record.getMessage(), exc_info=record.exc_info
        )


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """An error that ends a thread or the process."""
    structlog.get_logger("process").error("uncaught", exc_info=(kind, error, trace))


def _appends_to(stream: TextIO, path: Path) -> bool:
    """Whether the stream is that very file, opened so that a cut leaves no hole."""
    try:
        number = stream.fileno()
        appends = fcntl.fcntl(number, fcntl.F_GETFL) & os.O_APPEND
        return bool(appends) and os.path.samestat(os.fstat(number), path.stat())
    except (OSError, ValueError):
        return False
