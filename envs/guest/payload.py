"""The tree of files an image needs to be driven: agent, relay, pyautogui, and what starts them.

Runs on the host. The tree is a pure function of the installed sources, so that an image can be
named by its hash. It is copied over the root file system as it is, owned by root.
"""

from __future__ import annotations

import shutil
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

from infra.errors import Unavailable

HOME: Final = "usr/lib/trawl"
SHIPPED: Final = (
    "__init__", "agent", "egress", "faults", "gui", "identity", "look", "network", "oracle",
    "port", "programs", "relay", "script", "streams", "transfer", "verbs", "windows", "wire",
)  # fmt: skip
WHEELS: Final = ("pyautogui", "pymsgbox", "pyscreeze", "pytweening")
"""Pure wheels that the image's distribution does not package; the rest comes from its archive."""

SESSION: Final = """\
#!/bin/sh
# Keeps the agent and the accessibility relay running while the desktop session lives.
# Programs opened in another fork must still be let in after the host name changed.
xhost "+si:localuser:$(id -un)" >/dev/null 2>&1
export PYTHONPATH=/usr/lib/trawl:/usr/lib/trawl/wheels PYTHONDONTWRITEBYTECODE=1
keep() { while :; do python3 -m "$1"; sleep 1; done; }
keep envs.guest.agent &
keep envs.guest.relay &
wait
"""
AUTOSTART: Final = """\
[Desktop Entry]
Type=Application
Name=Trawl guest agent
Exec=/usr/lib/trawl/session
NoDisplay=true
X-GNOME-Autostart-enabled=true
"""
IDENTITY_UNIT: Final = """\
[Unit]
Description=Sets the clock, machine id and host name of a fork when its desktop asks

[Service]
Environment=PYTHONPATH=/usr/lib/trawl
ExecStart=/usr/bin/python3 -m envs.guest.identity
Restart=always
CapabilityBoundingSet=CAP_SYS_TIME CAP_SYS_ADMIN CAP_CHOWN CAP_DAC_OVERRIDE
NoNewPrivileges=yes
ProtectHome=yes
PrivateNetwork=no
RestrictAddressFamilies=AF_UNIX

[Install]
WantedBy=multi-user.target
"""
UDEV: Final = 'SUBSYSTEM=="virtio-ports", ATTR{name}=="org.trawl.*", OWNER="1000", MODE="0600"\n'


def build(target: Path) -> Path:
    """Write the tree to the directory `target`, which is emptied first, and return it.

    Raises Unavailable where pyautogui's wheels are not installed beside us.
    """
    if target.exists():
        shutil.rmtree(target)
    for name in SHIPPED:
        _write(target, f"{HOME}/envs/guest/{name}.py", _source(name))
    _write(target, f"{HOME}/envs/__init__.py", "")
    for name in WHEELS:
        _copy_wheel(name, target / HOME / "wheels")
    _write(target, f"{HOME}/session", SESSION, 0o755)
    _write(target, "etc/xdg/autostart/trawl-guest.desktop", AUTOSTART)
    _write(target, "etc/systemd/system/trawl-identity.service", IDENTITY_UNIT)
    wants = target / "etc/systemd/system/multi-user.target.wants"
    wants.mkdir(parents=True)
    (wants / "trawl-identity.service").symlink_to("../trawl-identity.service")
    _write(target, "etc/udev/rules.d/60-trawl.rules", UDEV)
    return target


def _source(name: str) -> str:
    return (Path(__file__).parent / f"{name}.py").read_text(encoding="utf-8")


def _write(target: Path, name: str, text: str, mode: int = 0o644) -> None:
    path = target / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)


def _copy_wheel(name: str, into: Path) -> None:
    """The modules and the licence of an installed pure wheel, without what installing it added."""
    try:
        wheel = distribution(name)
    except PackageNotFoundError as error:
        raise Unavailable(
            f"{name} is not installed here", "pip install 'trawl[guest]'", name
        ) from error
    for file in wheel.files or ():
        generated = file.name in {"RECORD", "INSTALLER", "REQUESTED", "uv_build.json"}
        if generated or ".." in file.parts or file.suffix == ".pyc":
            continue
        path = into / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(Path(str(wheel.locate_file(file))).read_bytes())
        path.chmod(0o644)
