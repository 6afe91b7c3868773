"""Freezing a running machine into a template, and feeding a template's state to a fork.

Guest memory lies in a file that QEMU leaves where it is (`x-ignore-shared`); what is sent is the
state of the devices, a few megabytes, over a unix socket that we read or write.
"""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from infra.clock import Clock, Deadline
from infra.errors import Conflict, DeadlineExceeded, HostileInput, InfraLost
from infra.files import fsync_dir, publish, sha256_bytes
from infra.hypervisor.blueprint import Blueprint
from infra.hypervisor.domain import Domain
from infra.hypervisor.qmp import Monitor, connect
from infra.hypervisor.template import OVERLAY, RAM, STATE, Frozen, copy_sparse, save

STATE_BYTES: Final = 128 * 1024 * 1024
"""More than any device state; a guest cannot make us hold more."""
MOVE_S: Final = 30.0
CAPABILITIES: Final[Mapping[str, Any]] = {
    "capabilities": [{"capability": "x-ignore-shared", "state": True}]
}


def drain(monitor: Monitor, path: Path, clock: Clock) -> bytes:
    """The device state of a paused machine, received at the socket `path`."""
    deadline = Deadline.after(clock, MOVE_S)
    received = bytearray()
    failures: list[Exception] = []
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        path.unlink(missing_ok=True)
        listener.bind(str(path))
        listener.listen(1)
        listener.settimeout(MOVE_S)

        def receive() -> None:
            try:
                _receive(listener, received, deadline)
            except (OSError, HostileInput) as error:
                failures.append(error)

        reader = threading.Thread(target=receive, daemon=True)
        reader.start()
        monitor.execute("migrate-set-capabilities", CAPABILITIES)
        monitor.execute("migrate", {"uri": f"unix:{path}"})
        reader.join(deadline.left_s())
    path.unlink(missing_ok=True)
    if failures or reader.is_alive():
        raise InfraLost("the machine's state did not arrive", subject=str(path))
    _await_end(monitor, deadline)
    return bytes(received)


def feed(monitor: Monitor, path: Path, state: bytes, clock: Clock) -> None:
    """Give a machine that waits for it the device state; it is paused and whole afterwards."""
    deadline = Deadline.after(clock, MOVE_S)
    monitor.execute("migrate-set-capabilities", CAPABILITIES)
    monitor.execute("migrate-incoming", {"uri": f"unix:{path}"})
    with connect(path, deadline) as stream:
        stream.settimeout(deadline.left_s())
        try:
            stream.sendall(state)
            stream.shutdown(socket.SHUT_WR)
        except OSError as error:
            raise InfraLost(f"the fork did not take its state: {error}") from error
        _await_end(monitor, deadline)
    path.unlink(missing_ok=True)


def _receive(listener: socket.socket, received: bytearray, deadline: Deadline) -> None:
    stream, _ = listener.accept()
    with stream:
        stream.settimeout(max(deadline.left_s(), 0.001))
        while data := stream.recv(1 << 20):
            received += data
            if len(received) > STATE_BYTES:
                raise HostileInput("the machine's state has no end")


def _await_end(monitor: Monitor, deadline: Deadline) -> None:
    """Wait until the move in either direction is complete. Raises InfraLost where it failed."""
    pause_s = 0.002
    while True:
        told = monitor.execute("query-migrate")
        if (status := told.get("status")) == "completed":
            return
        if status in {"failed", "cancelled"}:
            raise InfraLost(f"the machine's state was refused: {told.get('error-desc', status)}")
        if deadline.is_past():
            raise DeadlineExceeded(f"the machine's state is still {status}")
        deadline.clock.sleep(pause_s)
        pause_s = min(pause_s * 1.5, 0.05)


def manifest(
    made: Blueprint, files: dict[str, str], clock: Clock, about: Mapping[str, Any]
) -> Frozen:
    """What a machine that was just frozen says of itself; `files` are hashes by name."""
    return Frozen(
        image=made.origin.image,
        image_sha256=made.origin.sha256,
        image_directory=made.origin.directory,
        shape=made.shape,
        files=files,
        frozen_ns=clock.now_ns(),
        parent=made.origin.template,
        about=dict(about),
    )


def freeze(domain: Domain, directory: Path, clock: Clock, about: Mapping[str, Any]) -> None:
    """Write what a machine is into `directory`, which appears whole or not at all."""
    made = Blueprint.load(domain.place)
    if made.memory is None or not made.memory.shared:
        raise Conflict(f"machine {domain.name} has no memory file", "boot it with one", domain.name)
    if directory.exists():
        raise Conflict(f"{directory} is already there", subject=str(directory))
    domain.pause()
    state = drain(domain.monitor, domain.place.feed, clock)
    partial = directory.with_name(f".{directory.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        partial.mkdir(mode=0o700, parents=True)
        ram = copy_sparse(made.memory.file, partial / RAM)
        overlay = copy_sparse(domain.place.overlay, partial / OVERLAY)
        publish(partial / STATE, state, 0o600)
        files = {RAM: ram, STATE: sha256_bytes(state), OVERLAY: overlay}
        save(partial, manifest(made, files, clock, about))
        partial.rename(directory)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    fsync_dir(directory.parent)
