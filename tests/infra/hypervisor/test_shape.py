"""The XML made of a shape, and the mark by which a machine is known to be ours."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.errors import UsageError
from infra.hypervisor.shape import PORTS, Memory, Place, Shape, domain_xml, read_mark

SHAPE = Shape(kernel="/k", initrd="/i", cmdline="quiet", accel="tcg")
PLACE = Place(Path("/p/m"), Path("/dev/shm/m"))
QEMU = "{http://libvirt.org/schemas/domain/qemu/1.0}"


def xml(**changes: object) -> str:
    values = {"name": "m1", "uuid": "11111111-2222-3333-4444-555555555555", "owner": {}}
    return domain_xml(SHAPE, PLACE, **{**values, **changes})  # type: ignore[arg-type]


def arguments(text: str) -> list[str]:
    return [arg.attrib["value"] for arg in ET.fromstring(text).iter(f"{QEMU}arg")]


@given(st.text(min_size=1), st.dictionaries(st.text(), st.text() | st.integers()))
def test_a_mark_is_read_back_whatever_is_in_it(name: str, owner: dict[str, object]) -> None:
    printable = "".join(c for c in name if c.isprintable()) or "m"
    marked = read_mark(xml(name=printable, owner=owner))
    assert marked == ("11111111-2222-3333-4444-555555555555", printable, owner)


@pytest.mark.parametrize(
    "text",
    ["<domain/>", "<domain><metadata><m xmlns='urn:trawl:machine:1'>{}</m></metadata></domain>"],
)
def test_a_strangers_domain_is_not_ours(text: str) -> None:
    assert read_mark(text) is None


def test_a_fork_differs_from_its_template_only_in_memory_and_where_it_begins() -> None:
    template = arguments(xml(memory=Memory(Path("/ram"), shared=True)))
    fork = arguments(xml(memory=Memory(Path("/ram"), shared=False), incoming=True))
    assert [a.replace("share=on", "share=off") for a in template] + ["-incoming", "defer"] == fork


def test_a_machine_has_no_network_no_usb_and_no_listening_screen() -> None:
    devices = ET.fromstring(xml()).find("devices")
    assert devices is not None
    assert devices.find("interface") is None
    assert [c.get("model") for c in devices.findall("controller[@type='usb']")] == ["none"]
    assert [x.get("type") for x in devices.findall("graphics/listen")] == ["none"]


def test_a_fork_has_the_ports_that_its_template_was_frozen_with() -> None:
    def ports(shape: Shape) -> list[str | None]:
        text = domain_xml(shape, PLACE, name="m", uuid="u", owner={})
        return [t.get("name") for t in ET.fromstring(text).iterfind("devices/channel/target")]

    assert ports(SHAPE) == ["org.trawl.agent", "org.trawl.atspi"]
    assert ports(replace(SHAPE, ports=PORTS))[2:] == ["org.trawl.egress"]


def test_a_comma_in_a_path_stays_in_the_path() -> None:
    odd = domain_xml(SHAPE, Place(Path("/a,b"), Path("/c")), name="m", uuid="u", owner={})
    assert "unix:/a,,b/qmp,server=on,wait=off" in arguments(odd)


def test_hardware_acceleration_asks_for_the_hosts_processor() -> None:
    text = domain_xml(Shape("/k", "/i", "", accel="kvm"), PLACE, name="m", uuid="u", owner={})
    root = ET.fromstring(text)
    assert root.get("type") == "kvm"
    assert root.find("cpu[@mode='host-passthrough']") is not None


def test_a_path_too_long_for_a_socket_is_refused_in_words() -> None:
    with pytest.raises(UsageError, match="too long a path for a socket"):
        Place(Path("/" + "x" * 120), Path("/dev/shm/m")).check()
