"""The controller's socket: one line of JSON in, one out, for this user alone.

The socket is 0600 in a directory of 0700, and the peer's uid is asked of the kernel besides. An
operation may hand an open descriptor over, which travels with the line.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from infra.errors import TrawlError, Unavailable, UsageError

LINE_BYTES: Final = 1 << 16
REPLY_BYTES: Final = 64 << 20
ANSWER_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class Handed:
    """An answer with a descriptor, which is the asker's from then on and is closed here."""

    descriptor: int
    said: dict[str, Any] = field(default_factory=dict)


Operation = Callable[[Mapping[str, Any]], dict[str, Any] | Handed]


def serve(path: Path, operations: Mapping[str, Operation], stop: threading.Event) -> None:
    """Answer connections until `stop`, each in a thread of its own."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(str(path))
        path.chmod(0o600)
        listener.listen(16)
        listener.settimeout(0.5)
        while not stop.is_set():
            with contextlib.suppress(TimeoutError):
                peer, _ = listener.accept()
                threading.Thread(target=_answer, args=(peer, operations), daemon=True).start()
    path.unlink(missing_ok=True)


def _answer(peer: socket.socket, operations: Mapping[str, Operation]) -> None:
    with peer, contextlib.suppress(OSError):
        peer.settimeout(ANSWER_S)
        uid = struct.unpack("3i", peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[1]
        if uid != os.getuid():
            return
        reply = _perform(peer.makefile("rb").readline(LINE_BYTES), operations)
        if isinstance(reply, Handed):
            _hand(peer, reply)
        else:
            peer.sendall(_line(reply))


def _hand(peer: socket.socket, reply: Handed) -> None:
    try:
        line = _line({"ok": True, **reply.said})
        sent = socket.send_fds(peer, [line], [reply.descriptor])
        peer.sendall(line[sent:])
    finally:
        os.close(reply.descriptor)


def _line(reply: dict[str, Any]) -> bytes:
    return json.dumps(reply).encode() + b"\n"


def _perform(line: bytes, operations: Mapping[str, Operation]) -> dict[str, Any] | Handed:
    try:
        request = json.loads(line)
        if not isinstance(request, dict) or request.get("op") not in operations:
            raise UsageError(f"no such operation; known: {', '.join(sorted(operations))}")
        reply = operations[request["op"]](request)
        return reply if isinstance(reply, Handed) else {"ok": True, **reply}
    except (ValueError, RecursionError):
        return {"ok": False, "error": UsageError("one line of JSON is wanted").as_record()}
    except TrawlError as error:
        return {"ok": False, "error": error.as_record()}


def ask(path: Path, op: str, *, within_s: float = ANSWER_S, **arguments: Any) -> dict[str, Any]:
    """Ask the controller. Raises Unavailable where none answers, or the error that it names."""
    return _asked(path, {"op": op, **arguments}, lambda _: b"", within_s)


def ask_for_descriptor(path: Path, op: str, **arguments: Any) -> int:
    """Ask the controller for an open descriptor; whoever asks closes it. Raises as `ask` does."""
    handed: list[int] = []

    def begin(peer: socket.socket) -> bytes:
        start, found, _, _ = socket.recv_fds(peer, LINE_BYTES, 1)
        handed.extend(found)
        for descriptor in found:  # Python 3.11 passes no flag on that would say so at once
            os.set_inheritable(descriptor, False)  # noqa: FBT003
        return start

    try:
        _asked(path, {"op": op, **arguments}, begin)
        if not handed:
            raise Unavailable("the controller handed nothing over", "see its log", str(path))
        return handed.pop()
    finally:
        for descriptor in handed:
            os.close(descriptor)


def _asked(
    path: Path,
    request: Mapping[str, Any],
    begin: Callable[[socket.socket], bytes],
    within_s: float = ANSWER_S,
) -> dict[str, Any]:
    """The reply to a request; `begin` may take the first bytes of it from the socket itself."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as peer:
            peer.settimeout(within_s)
            peer.connect(str(path))
            peer.sendall(json.dumps(request).encode() + b"\n")
            line = begin(peer)
            if not line.endswith(b"\n"):
                line += peer.makefile("rb").readline(REPLY_BYTES)
            reply = json.loads(line or b"null")
    except (OSError, ValueError) as error:
        raise Unavailable("no controller answers", "trawl fleet up --file fleet.toml") from error
    if not isinstance(reply, dict):
        raise Unavailable("the controller hung up", "see its log", str(path))
    if not reply.get("ok"):
        raise _raised(reply.get("error") or {})
    return reply


def _raised(record: Mapping[str, str]) -> TrawlError:
    kinds = {kind.kind: kind for kind in TrawlError.__subclasses__()}
    kind = kinds.get(record.get("kind", ""), TrawlError)
    return kind(*(str(record.get(part, "")) for part in ("message", "hint", "subject")))
