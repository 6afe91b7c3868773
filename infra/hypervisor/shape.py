"""A machine's hardware as a value, and the libvirt XML made of it.

A fork must have the very devices of its template, so both are made from one `Shape`: it is stored
in the template. No USB (it wakes the guest), no network card, no port that listens.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

from infra.errors import UsageError

NAMESPACE: Final = "urn:trawl:machine:1"
CONSOLE_BYTES: Final = 64 * 1024
"""The guest's serial console is kept in memory, the newest part of it."""
PORTS: Final = ("agent", "atspi", "egress")
"""The guest's ports, each `org.trawl.<name>`: the agent, its accessibility bus, its way out."""
SOCKET_CHARS: Final = 107
"""The longest path of a unix socket."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a machine is built of, the same for a template and its forks."""

    kernel: str
    initrd: str
    cmdline: str
    accel: str
    machine: str = "pc"
    memory_mb: int = 1024
    width: int = 1280
    height: int = 800
    tb_cache_mb: int = 128
    ports: Sequence[str] = ("agent", "atspi")
    """Those of `PORTS` that it has; a template that does not say was frozen before the third."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one machine's files and sockets lie; the directory dies with it."""

    directory: Path
    tmpfs: Path

    @property
    def overlay(self) -> Path:
        """What the machine wrote to its disk."""
        return self.directory / "overlay.qcow2"

    @property
    def qmp(self) -> Path:
        """Our monitor of the machine."""
        return self.directory / "qmp"

    @property
    def feed(self) -> Path:
        """Where a paused fork takes its device state from."""
        return self.directory / "feed"

    @property
    def screen(self) -> Path:
        """Where QEMU writes screens, in memory."""
        return self.tmpfs / "screen"

    @property
    def ram(self) -> Path:
        """The machine's own memory file, where it has one."""
        return self.tmpfs / "ram"

    def port(self, name: str) -> Path:
        """The socket of the guest's port `org.trawl.<name>`."""
        return self.directory / name

    def clear(self) -> None:
        """Delete all that lies here; nothing there is fine."""
        for directory in (self.tmpfs, self.directory):
            shutil.rmtree(directory, ignore_errors=True)

    def check(self) -> None:
        """Raise UsageError where the sockets' paths would be too long for the kernel."""
        longest = max((self.port("egress"), self.qmp, self.feed), key=lambda p: len(str(p)))
        if len(str(longest)) > SOCKET_CHARS:
            raise UsageError(
                f"{longest} is too long a path for a socket",
                "set TRAWL_HOME to a shorter one",
                str(longest),
            )


@dataclass(frozen=True, slots=True)
class Memory:
    """Guest memory in a file: shared with it (a template to be), or copied on write (a fork)."""

    file: Path
    shared: bool


def domain_xml(
    shape: Shape,
    place: Place,
    *,
    name: str,
    uuid: str,
    owner: Mapping[str, Any],
    memory: Memory | None = None,
    incoming: bool = False,
) -> str:
    """The domain as libvirt takes it."""
    mark = json.dumps({"uuid": uuid, "name": name, "owner": dict(owner)}, sort_keys=True)
    arguments = _arguments(shape, place, memory, incoming)
    passed = "".join(f"<qemu:arg value={quoteattr(a)}/>" for a in arguments)
    kind = "kvm" if shape.accel == "kvm" else "qemu"
    return f"""\
<domain type='{kind}' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
  <name>{escape(name)}</name>
  <uuid>{escape(uuid)}</uuid>
  <genid>{escape(uuid)}</genid>
  <metadata><trawl:machine xmlns:trawl='{NAMESPACE}'>{escape(mark)}</trawl:machine></metadata>
  <memory unit='MiB'>{shape.memory_mb}</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch='x86_64' machine={quoteattr(shape.machine)}>hvm</type>
    <kernel>{escape(shape.kernel)}</kernel>
    <initrd>{escape(shape.initrd)}</initrd>
    <cmdline>{escape(shape.cmdline)}</cmdline>
  </os>
  {_processor(shape)}
  <clock offset='utc'><timer name='hpet' present='no'/></clock>
  <on_poweroff>destroy</on_poweroff>
  <on_reboot>destroy</on_reboot>
  <on_crash>destroy</on_crash>
  <devices>
    <disk type='file' device='disk'>
      <driver name='qemu' type='qcow2' cache='unsafe'/>
      <source file={quoteattr(str(place.overlay))}/>
      <target dev='vda' bus='virtio'/>
    </disk>
    <controller type='usb' model='none'/>
    <controller type='virtio-serial' index='0'/>
    {"".join(_channel(place, name) for name in shape.ports)}
    <input type='tablet' bus='virtio'/>
    <input type='keyboard' bus='virtio'/>
    <graphics type='vnc'><listen type='none'/></graphics>
    <video><model type='virtio' heads='1' primary='yes'>
      <resolution x='{shape.width}' y='{shape.height}'/>
    </model></video>
    <rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>
    <memballoon model='none'/>
  </devices>
  <qemu:commandline>{passed}</qemu:commandline>
</domain>
"""


def _processor(shape: Shape) -> str:
    if shape.accel == "kvm":
        return "<features><acpi/><apic/></features><cpu mode='host-passthrough'/>"
    cache = f"<tcg><tb-cache unit='MiB'>{shape.tb_cache_mb}</tb-cache></tcg>"
    return f"<features><acpi/><apic/><vmport state='off'/>{cache}</features>"


def _channel(place: Place, name: str) -> str:
    source = quoteattr(str(place.port(name)))
    return (
        f"<channel type='unix'><source mode='bind' path={source}/>"
        f"<target type='virtio' name='org.trawl.{name}'/></channel>"
    )


def _arguments(shape: Shape, place: Place, memory: Memory | None, incoming: bool) -> Sequence[str]:
    """What libvirt has no words for: our monitor, the bounded console, memory in a file."""
    arguments = [
        "-qmp", f"unix:{_comma(place.qmp)},server=on,wait=off",
        "-chardev", f"ringbuf,id=trawl-console,size={CONSOLE_BYTES}",
        "-device", "isa-serial,chardev=trawl-console",
    ]  # fmt: skip
    if memory is not None:
        share = "on" if memory.shared else "off"
        size = shape.memory_mb << 20
        backend = f"memory-backend-file,id=trawl-ram,size={size},share={share}"
        arguments += ["-object", f"{backend},mem-path={_comma(memory.file)}"]
        arguments += ["-machine", "memory-backend=trawl-ram"]
    if incoming:
        arguments += ["-incoming", "defer"]
    return arguments


def _comma(path: Path) -> str:
    """A path inside a comma-separated option of QEMU."""
    return str(path).replace(",", ",,")


def read_mark(xml: str) -> tuple[str, str, dict[str, Any]] | None:
    """UUID, name and owner of a domain that is ours; None for anybody else's."""
    found = ET.fromstring(xml).find(f".//{{{NAMESPACE}}}machine")  # noqa: S314 - libvirt wrote it
    try:
        mark = json.loads((found.text if found is not None else "") or "")
        uuid, name, owner = str(mark["uuid"]), str(mark["name"]), mark["owner"]
    except (ValueError, KeyError, TypeError):
        return None
    return (uuid, name, owner) if isinstance(owner, dict) else None
