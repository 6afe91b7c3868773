"""What keeps guests, pages and other users out: each boundary, whether it holds, how that is known.

Everything is read from the kernel and from the processes that run, never from configuration.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from infra.doctor.check import Probe
from infra.doctor.security import browsers, guests, places, ways_out
from infra.doctor.security.census import Census
from infra.doctor.security.process import PROC
from infra.settings import Settings

__all__ = ["boundaries"]
END_GUEST = "end that guest, and let the fleet start another"


def boundaries(settings: Settings, proc: Path = PROC) -> list[Probe]:
    """Every boundary of this host, as one look at its processes finds them."""
    census = Census(settings, proc)
    return [*_of_the_host(census), *_of_guests(census), *_of_browsers(census)]


def _of_the_host(census: Census) -> list[Probe]:
    return [
        Probe(
            "nothing is root",
            partial(places.not_root, census),
            "end it; start as an ordinary user",
            how="the four uids in /proc/PID/status of each process of ours",
        ),
        Probe(
            "no open port",
            partial(places.no_port, census),
            "end that process",
            how="listening sockets of /proc/PID/net/tcp and tcp6, by the inodes in /proc/PID/fd",
        ),
        Probe(
            "data is this user's",
            partial(places.private, census),
            f"chmod 700 {census.settings.home}",
            how="owner and mode of home, of guests' memory and of each template",
        ),
        Probe(
            "the controller answers this user",
            partial(places.controller, census),
            "trawl fleet down, then up",
            how="mode of socket and directory; uid of the listener by SO_PEERCRED",
        ),
        Probe(
            "ours leave no core dump",
            partial(places.no_cores, census),
            "ulimit -c 0 before it is started",
            how="/proc/PID/limits of controller and browsers",
        ),
    ]


def _of_guests(census: Census) -> list[Probe]:
    looks = [
        (
            "guests are filtered",
            "Seccomp in /proc/PID/task/*/status of each QEMU",
            guests.filtered,
        ),
        (
            "guests gain no rights",
            "NoNewPrivs, CapEff and CapPrm in /proc/PID/status",
            guests.powerless,
        ),
        (
            "guests have no network, share or USB",
            "each -device in /proc/PID/cmdline is one of a closed list",
            guests.made_of,
        ),
        (
            "guests reach no network, VNC no port",
            "every socket in /proc/PID/fd against /proc/PID/net; no /dev/net/tun",
            guests.unreachable,
        ),
        (
            "guests' ways out are asked for",
            "connections to each egress port in /proc/PID/net/unix; the mark in run/qemu/*.xml",
            ways_out.marked,
        ),
        (
            "guests open and write their own files",
            "/proc/PID/fd with the flags in fdinfo, and /proc/PID/maps",
            guests.own_files,
        ),
        (
            "what guests say is bounded",
            "character devices in /proc/PID/cmdline; size of the log in /proc/PID/fd",
            guests.bounded,
        ),
        ("guests leave no core dump", "/proc/PID/limits of each QEMU", guests.no_cores),
        (
            "guests' sockets are this user's",
            "mode of each listening path of /proc/PID/net/unix, and of a directory above",
            places.sockets,
        ),
        (
            "hypervisors have one owner",
            "/proc/locks: who holds the lock of each root that a guest runs below",
            places.owned,
        ),
    ]
    return [Probe(name, partial(look, census), END_GUEST, how=how) for name, how, look in looks]


def _of_browsers(census: Census) -> list[Probe]:
    return [
        Probe(
            "browsers are sandboxed",
            partial(browsers.sandboxed, census),
            "end that browser",
            how="Seccomp and NoNewPrivs in /proc/PID/status of each renderer; its namespaces in ns",
        ),
        Probe(
            "browsers reach named hosts alone",
            partial(browsers.walled, census),
            "end that browser",
            how="sockets in /proc/PID/fd against /proc/PID/net/tcp and udp; the wall in its cmdline",
        ),
    ]
