"""Programs that lie, stay silent, or offer more than anybody can hold."""

from __future__ import annotations

import math
import struct

import pytest

from envs.tree import Mirror, toolkits
from envs.tree.batches import Patience
from envs.tree.dbus_message import BODY_BYTES, Kind
from envs.tree.dbus_wire import Variant
from infra.clock import SystemClock
from infra.errors import DeadlineExceeded, HostileInput, InfraLost, TrawlError, Unavailable
from infra.limits import COORDINATE_PX, GUEST_TEXT_CHARS, TREE_NODES
from tests.envs.tree.stand_in_bus import SHOWN, Bus, StandIn, Thing, encode, reply_to

W = "1.5/w"


def program(*things: Thing, bus: str = ":1.5", **more) -> StandIn:
    return StandIn(bus, "app", [Thing("/w", "frame", "W", box=(0, 0, 400, 300)), *things], **more)


@pytest.fixture
def opened(monkeypatch):
    made: list[Mirror] = []

    def open_mirror(guest: Bus, silence_s: float = 0.3) -> Mirror:
        hasty = Patience(silence_s, total_s=60.0)
        quick = toolkits.Toolkit(cached=True, tells_bounds=True, first=hasty, later=hasty)
        monkeypatch.setitem(toolkits.TOOLKITS, "gtk", quick)
        mirror = Mirror(guest.connect, SystemClock(), 400, 300)
        made.append(mirror)
        mirror.open(5.0)
        return mirror

    yield open_mirror
    for mirror in made:
        mirror.close()


@pytest.mark.parametrize(
    "box",
    [
        (10, 10, -5, 20), (10, 10, 0, 0), (-(2**31), -(2**31), 1, 1), (2**31 - 1, 0, 10, 10),
        (0, 0, COORDINATE_PX + 1, 10), (0, COORDINATE_PX, 5, 5),
    ],
)  # fmt: skip
def test_an_absurd_box_is_no_box(opened, box):
    mirror = opened(Bus(program(Thing("/b", "push-button", "B", parent="/w", box=box))))
    assert mirror.tree().by_id()["1.5/b"].box is None


@pytest.mark.parametrize(
    ("member", "signature", "args"),
    [
        ("GetExtents", "s", ("here",)),
        ("GetExtents", "(iii)", ((1, 2, 3),)),
        ("GetItems", "as", (["x"],)),
        ("GetItems", "a((so)(so)(so)iiassusau)", ([],)),
        ("GetState", "as", (["showing"],)),
        ("GetText", "ay", (b"bytes",)),
        ("GetAttributes", "as", ([],)),
        ("Get", "v", (Variant("a(so)", []),)),
        ("Get", "s", ("name",)),
        ("GetActions", "a(ss)", ([],)),
        ("GetAccessibleAtPoint", "s", ("x",)),
    ],
)
def test_an_answer_of_another_type_is_no_answer(opened, member, signature, args):
    guest = Bus(program(Thing("/b", "entry", "B", parent="/w", interfaces=("Accessible", "Component", "Text", "Action"))))  # fmt: skip
    guest.lies[member] = lambda message: reply_to(message, signature, args)
    mirror = opened(guest)
    assert mirror.tree().elements is not None
    mirror.hit(20, 20)


def test_a_reply_whose_body_is_not_what_it_says_is_no_answer(opened):
    guest = Bus(program(Thing("/b", "push-button", "B", parent="/w")))

    def lie(message):
        data = bytearray(encode(Kind.REPLY, [(5, Variant("u", message.serial))], "as", (["abc"],)))
        data[-12:-8] = struct.pack("<I", 0x7FFFFFFF)
        return bytes(data)

    guest.lies["GetInterfaces"] = guest.lies["GetExtents"] = lie
    assert opened(guest).tree().by_id()["1.5/b"].box is None


def test_a_million_nodes_become_a_truncated_tree(opened):
    guest = Bus(program())
    entry = guest.programs[":1.5"].entry(guest.programs[":1.5"].things[1])

    def lie(message):
        many = [((":1.5", f"/n{n}"), entry[1], (":1.5", "/w"), *entry[3:]) for n in range(21_000)]
        return reply_to(message, "a((so)(so)(so)iiassusau)", ([_root(), entry, *many],))

    def _root():
        return guest.programs[":1.5"].entry(guest.programs[":1.5"].things[0])

    guest.lies["GetItems"] = lie
    guest.lies["GetExtents"] = guest.lies["GetAttributes"] = lambda message: None
    tree = opened(guest, silence_s=30.0).tree()
    assert tree.truncated
    assert len(tree.elements) <= TREE_NODES


def test_a_reply_beyond_every_bound_is_stepped_over(opened):
    guest = Bus(program())
    guest.lies["GetItems"] = lambda m: reply_to(m, "ay", (bytes(BODY_BYTES + 8),))
    tree = opened(guest).tree()
    assert W in tree.by_id()  # walked instead


def test_parents_in_a_circle_are_each_met_once(opened):
    a = Thing("/a", "panel", parent="/b")
    b = Thing("/b", "panel", parent="/a")
    own = Thing("/own", "panel", parent="/own")
    tree = opened(Bus(program(a, b, own))).tree()
    assert set(tree.by_id()) == {"1.5/root", W}


def test_children_in_a_circle_end_the_walk(opened):
    guest = Bus(program(Thing("/a", "panel", parent="/w"), toolkit="Qt"))
    refs = [(":1.5", "/w"), (":1.5", "/a")]
    guest.lies["GetChildren"] = lambda m: (
        ("a(so)", ([(":1.5", "/org/a11y/atspi/accessible/root")],))
        if m.destination.startswith("org")
        else ("a(so)", (refs,))
    )
    assert len(opened(guest).tree().elements) <= 3


def test_a_chain_without_end_is_cut(opened):
    guest = Bus(program(toolkit="Qt"))
    state = ("au", ([1 << 25 | 1 << 30, 0],))
    step = iter(range(10**9))

    def children(message):
        if message.destination.startswith("org"):
            return ("a(so)", ([(":1.5", "/org/a11y/atspi/accessible/root")],))
        return ("a(so)", ([(":1.5", f"/n{next(step)}")],))

    guest.lies["GetChildren"] = children
    guest.lies["GetState"] = lambda message: state
    assert len(opened(guest).tree().elements) < 2_000


def test_names_and_texts_are_cut(opened):
    long = Thing(
        "/t", "text", "n" * 5_000, parent="/w", text="x" * (GUEST_TEXT_CHARS + 9),
        interfaces=("Accessible", "Component", "Text"),
    )  # fmt: skip
    element = opened(Bus(program(long))).tree().by_id()["1.5/t"]
    assert len(element.name) == 1_000
    assert len(element.value) == GUEST_TEXT_CHARS
    assert element.lossy


def test_not_a_number_is_no_value(opened):
    bar = Thing("/s", "slider", "S", parent="/w", value=math.nan, interfaces=("Accessible", "Component", "Value"))  # fmt: skip
    assert opened(Bus(program(bar))).tree().by_id()["1.5/s"].value == ""


def test_a_silent_program_keeps_its_last_elements_as_stale_and_comes_back(opened):
    slow, other = program(), program(bus=":1.6")
    guest = Bus(slow, other)
    mirror = opened(guest)
    assert not any(element.stale for element in mirror.tree().elements)
    guest.mute.add(":1.5")
    tree = mirror.tree()
    assert tree.by_id()[W].stale
    assert not tree.by_id()["1.6/w"].stale
    assert tree.notes == ("late: app",)
    guest.asked.clear()
    assert mirror.tree().by_id()[W].stale
    assert ":1.5" not in {asked[0] for asked in guest.asked}, "a debtor is not asked again"
    slow.thing("/w").box = (9, 9, 99, 99)
    guest.unmute(":1.5")
    back = mirror.tree().by_id()[W]
    assert not back.stale
    assert back.box is not None
    assert back.box.left == 9


def test_a_program_that_never_stops_changing_is_read_and_left(opened):
    app = program(Thing("/b", "label", "B", parent="/w"))
    guest = Bus(app)

    def lie(message):
        guest.emit(app, "/b", "BoundsChanged")
        return ("(iiii)", ((1, 1, 5, 5),))

    guest.lies["GetExtents"] = lie
    assert "1.5/b" in opened(guest).tree().by_id()


@pytest.mark.parametrize(
    ("signature", "args"),
    [
        ("s", ("x",)), ("siiv", ("showing", 1, 0, Variant("av", [Variant("i", 1)] * 50))),
        ("siiv(so)", ("add", 99, -1, Variant("(so)", (":1.77", "/x")), ("a", "/b"))),
        ("siiva{sv}", ("add", -5, 0, Variant("i", 3), {})),
        ("siiva{sv}", ("remove", 2**31 - 1, 0, Variant("(so)", (":1.5", "/w")), {})),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "member", ["StateChanged", "ChildrenChanged", "PropertyChange", "BoundsChanged", "Nonsense"]
)
def test_no_signal_breaks_the_mirror(opened, member, signature, args):
    app = program(Thing("/b", "label", "B", parent="/w"))
    guest = Bus(app)
    mirror = opened(guest)
    mirror.tree()
    for path in ("/b", "/w", "/unknown"):
        head = [(1, Variant("o", path)), (2, Variant("s", "org.a11y.atspi.Event.Object"))]
        head += [(3, Variant("s", member)), (7, Variant("s", ":1.5"))]
        guest.push(encode(Kind.SIGNAL, head, signature, args))
    assert mirror.tree().elements is not None
    assert "1.5/b" in mirror.walk().by_id()


def test_a_stream_that_is_no_dbus_is_hostile(opened):
    guest = Bus(program())
    mirror = opened(guest)
    mirror.tree()
    guest.push(b"\xff" * 64)
    with pytest.raises(HostileInput):
        mirror.tree()


def test_a_stream_that_ends_is_lost(opened):
    guest = Bus(program())
    mirror = opened(guest)
    mirror.tree()
    guest.close()
    with pytest.raises(InfraLost):
        mirror.tree()


def test_a_registry_that_does_not_answer_is_a_lost_guest(opened, monkeypatch):
    monkeypatch.setattr("envs.tree.mirror.SUBSCRIBING", Patience(0.2, 0.5))
    guest = Bus(program())
    mirror = opened(guest)
    guest.mute.add("org.a11y.atspi.Registry")
    with pytest.raises(InfraLost):
        mirror.tree()


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"", DeadlineExceeded),
        (b"\nTRAWL-BUS ffffffffffffffff 1000\n", DeadlineExceeded),
        (b"\nTRAWL-ERROR 00000000000000aa no bus here\n", Unavailable),
        (b"x" * 70_000, HostileInput),
    ],
)
def test_a_relay_that_does_not_answer_as_agreed(answer, error):
    import socket
    import threading

    ours, theirs = socket.socketpair()

    def serve():
        theirs.recv(4096)
        theirs.sendall(answer)

    threading.Thread(target=serve, daemon=True).start()
    mirror = Mirror(lambda _s: ours, SystemClock(), 400, 300, nonces=lambda: "00000000000000aa")
    with pytest.raises(error):
        mirror.open(0.6)
    theirs.close()


def test_a_port_that_does_not_open_is_lost():
    def refuse(_timeout_s):
        raise ConnectionRefusedError

    with pytest.raises(TrawlError):
        Mirror(refuse, SystemClock(), 400, 300).open(0.5)


def test_a_program_may_not_speak_for_another(opened):
    app, victim = program(), program(bus=":1.6")
    guest = Bus(app, victim)
    mirror = opened(guest)
    mirror.tree()
    foreign = Variant("(so)", (":1.6", "/w"))
    guest.emit(app, "/org/a11y/atspi/cache", "RemoveAccessible", kind="Cache", value=foreign)
    entry = Variant(
        "((so)(so)(so)iiassusau)", victim.entry(Thing("/fake", "label", "F", "/w", SHOWN))
    )
    guest.emit(app, "/org/a11y/atspi/cache", "AddAccessible", kind="Cache", value=entry)
    ids = mirror.tree().by_id()
    assert "1.6/w" in ids
    assert "1.6/fake" not in ids
