"""Nodes of a Ray cluster: started here, joined to a head, spoken to by this process.

Whoever may speak to a cluster can run code on it. So every process has the token, there is no
dashboard, and a node has the loopback or a private address. On the loopback Ray listens there
alone; with another address it listens on every interface, so a firewall has to close the rest.
"""

from __future__ import annotations

import ipaddress
import logging
import os
import secrets
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from infra.errors import DeadlineExceeded, NotFound, Unavailable, UsageError
from infra.files import publish

PORT: Final = 6379
STORE_BYTES: Final = 80 << 20
"""A node's object store: work is named by hashes, so little travels through it."""
START_S: Final = 90.0
NAMESPACE: Final = "trawl"
EXTRA: Final = "uv tool install '.[scale]'"


def token_at(home: Path) -> Path:
    """Where a home keeps the token of its cluster, 0600."""
    return home / "run" / "cluster.token"


def make_token(home: Path) -> Path:
    """The token, made once; every host of the cluster has the same."""
    path = token_at(home)
    if not path.exists():
        publish(path, secrets.token_hex(32).encode())
    path.chmod(0o600)
    return path


def environment(home: Path) -> dict[str, str]:
    """What every process of the cluster needs to know. Raises NotFound where there is no token."""
    token = token_at(home)
    if not token.exists():
        raise NotFound(f"no token in {token}", "copy the head's file there, mode 0600", str(token))
    return {
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN_PATH": str(token),
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0",
    }


def lead(home: Path, address: str, port: int = PORT, cpus: int | None = None) -> str:
    """Start a head on this host's `address`; returns `address:port`. Raises as `join` does."""
    make_token(home)
    _start(
        home,
        address,
        ["--head", f"--port={port}", "--include-dashboard=false", "--no-monitor"],
        cpus,
    )
    return f"{address}:{port}"


def join(home: Path, head: str, address: str, cpus: int | None = None) -> None:
    """Start a node of the cluster at `head`.

    Raises UsageError for an address that anybody can reach, Unavailable with Ray's words where it
    does not start, DeadlineExceeded.
    """
    _start(home, address, [f"--address={head}"], cpus)


def _start(home: Path, address: str, words: list[str], cpus: int | None) -> None:
    environ = {**os.environ, **environment(home)}
    command = [sys.executable, "-m", "ray.scripts.scripts", "start", *words]
    command += [f"--node-ip-address={_private(address)}", "--disable-usage-stats"]
    command += [f"--object-store-memory={STORE_BYTES}"]
    command += [f"--num-cpus={cpus}"] if cpus is not None else []
    try:
        done = subprocess.run(
            command, env=environ, capture_output=True, text=True, timeout=START_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise DeadlineExceeded("the node did not start in time", "see /tmp/ray") from error
    if done.returncode:
        said = (done.stderr or done.stdout).strip()[-600:]
        hint = EXTRA if "No module named" in said else "is the head there, and the token its own?"
        raise Unavailable(f"the node did not start: {said}", hint)


def _private(address: str) -> str:
    """`address`, where no stranger reaches it. Raises UsageError."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError as error:
        raise UsageError(f"{address!r} is no IP address", "name one of this host's") from error
    if parsed.is_unspecified or not (parsed.is_loopback or parsed.is_private):
        raise UsageError(f"{address} can be reached by anybody", "name a private address", address)
    return address


def connect(head: str, environ: Mapping[str, str] | None = None) -> None:
    """Make this process a driver of the cluster. Raises Unavailable."""
    os.environ.update(environ or {})
    try:
        import ray

        ray.init(
            address=head, namespace=NAMESPACE, log_to_driver=False, logging_level=logging.ERROR
        )
    except ModuleNotFoundError as error:
        raise Unavailable("Ray is not installed", EXTRA) from error
    except (ConnectionError, RuntimeError) as error:
        raise Unavailable(f"no cluster answers at {head}: {error}", "trawl host join") from error


def disconnect() -> None:
    """Let go of the cluster; its nodes and detached actors stay."""
    import ray

    ray.shutdown()
