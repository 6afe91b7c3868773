"""One running desktop machine: its screen and input from the host, its tree by the mirror.

What only the inside can do goes through the agent: text that no key has, pyautogui as the second
way in, files, health. The machine's owner keeps the domain; closing lets go of the connections.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeVar

from envs import base
from envs.acting import LONGEST_WAIT_S, Once, performed_by
from envs.actions import Action, Press, Scroll, Wait, Write
from envs.guest.transfer import PLAIN_NAME
from envs.guest.wire import FILE_BYTES
from envs.keyboard import is_typable
from envs.tree import Mirror
from envs.types import EnvInfo, Screen, Tree
from envs.ubuntu import guest_input
from envs.ubuntu.channel import Channel
from envs.ubuntu.egress import Egress, hosts
from envs.ubuntu.host_input import HostInput
from envs.ubuntu.playground import UbuntuPlayground
from envs.ubuntu.replies import Health, parse
from infra.clock import Clock, Deadline
from infra.errors import Conflict, HostileInput, InfraLost, UsageError
from infra.hypervisor import Domain, Template

if TYPE_CHECKING:
    from envs.ubuntu.branches import States

T = TypeVar("T")
WAYS: Final = ("host", "guest")
HEALTH_S: Final = 20.0
FILE_S: Final = 60.0
OPEN_S: Final = 90.0
MIRROR_S: Final = 30.0
READ_BACK_S: Final = 10.0
"""A busy program takes seconds to tell what it was given."""
READ_AGAIN_S: Final = 0.3


class UbuntuEnv:
    """A desktop machine that is awake; made by `envs.ubuntu.wake`."""

    ways: tuple[str, ...] = WAYS
    """How actions can go in: `host` by QEMU's pointer and keyboard, `guest` by pyautogui."""

    def __init__(
        self,
        domain: Domain,
        channel: Channel,
        mirror: Mirror,
        info: EnvInfo,
        *,
        fence: int,
        clock: Clock,
        way: str = "host",
        join: Callable[[], None] = lambda: None,
        egress: Egress | None = None,
    ) -> None:
        performs = performed_by("desktop")
        self.capabilities = base.Capabilities(
            family="desktop", hit_test=True, install=True, console=True, actions=performs
        )
        self._domain = domain
        self._channel = channel
        self._mirror = mirror
        self._join: Callable[[], None] | None = join
        self._info = info
        self._egress = egress
        self._clock = clock
        self._once = Once(performs, clock)
        self._once.fence = fence
        self._host = HostInput(domain.send_input, clock, info.width, info.height)
        self.on_close: Callable[[], None] = lambda: None
        """Called once when it is closed: what its owner wants to be rid of then."""
        self._closed = False
        self._states: States | None = None
        self._begun: Template | None = None
        self._way = ""
        self.use_way(way)

    @property
    def info(self) -> EnvInfo:
        """The image, template and system that its observations come from."""
        return self._info

    @property
    def fence(self) -> int:
        """The newest fence that it was driven with."""
        return self._once.fence

    @property
    def mirror(self) -> Mirror:
        """The mirror of its accessibility tree, which joins the bus when it is first wanted."""
        join, self._join = self._join, None
        if join is not None:
            join()
        return self._mirror

    def use_way(self, name: str) -> None:
        """Let the next actions go in that way: one of `ways`."""
        if name not in WAYS:
            raise UsageError(f"no way in named {name!r}", f"one of {', '.join(WAYS)}", name)
        self._way = name

    def tree(self) -> Tree:
        """What the mirror shows now."""
        self._check_open()
        return self._joined(self.mirror.tree)

    def screen(self) -> Screen:
        """What QEMU shows now; the guest has no say in it."""
        self._check_open()
        return Screen(self._domain.screendump(), self._clock.now_ns())

    def hit(self, x: int, y: int) -> str | None:
        """The element on top at that pixel, as its program says."""
        self._check_open()
        return self._joined(lambda: self.mirror.hit(x, y))

    def act(self, action: Action, step_id: str, fence: int) -> base.ActResult:
        """Perform `action` at most once per `step_id`; an older `fence` is refused.

        The mirror has joined the bus before, so that it hears what comes of it.
        """
        self._check_open()
        _ = self.mirror
        size = self._info.width, self._info.height
        return self._once.perform(action, step_id, fence, size, self._do)

    def _do(self, action: Action) -> str:
        """Perform it the way it can go in; returns the way it went."""
        if isinstance(action, Wait):
            self._clock.sleep(min(LONGEST_WAIT_S, action.seconds))
            return "host"
        if isinstance(action, Write) and not is_typable(action.text):
            return self._write_script(action)
        sideways = isinstance(action, Scroll) and action.dx != 0
        if self._way == "guest" or sideways:
            return guest_input.perform(self._channel, action, self._once.fence)
        self._host.perform(action)
        return "host"

    def _write_script(self, action: Write) -> str:
        """Text that no key has, through the agent, and whether it was seen where it was typed."""
        typed = replace(action, submit=False)
        way = guest_input.write_script(self._channel, typed, self._once.fence)
        seen = self._read_back(action.text)
        if action.submit:
            self._host.perform(Press(("enter",)))
        return f"{way}:{seen}"

    def _read_back(self, text: str) -> str:
        """`seen` where what has the focus holds the text, `absent`, or `unreadable`."""
        deadline = Deadline.after(self._clock, READ_BACK_S)
        while True:
            focused = [e for e in self.tree().elements if "focused" in e.states and e.value]
            if any(text in e.value for e in focused):
                return "seen"
            if deadline.is_past():
                return "absent" if focused else "unreadable"
            self._clock.sleep(READ_AGAIN_S)

    def put_file(self, name: str, data: bytes) -> None:
        """Store `data` in the user's documents. Raises UsageError for a name that leads out."""
        self._check_open()
        if not PLAIN_NAME.fullmatch(name):
            raise UsageError(f"not a plain file name: {name[:80]!r}", subject=name)
        if len(data) > FILE_BYTES:
            raise UsageError(f"a file has at most {FILE_BYTES} bytes", subject=name)
        self._ask("put", {"name": name, "data": data}, FILE_S)

    def get_file(self, name: str) -> bytes:
        """Read a file of the user's documents. Raises NotFound, UsageError."""
        self._check_open()
        if not PLAIN_NAME.fullmatch(name):
            raise UsageError(f"not a plain file name: {name[:80]!r}", subject=name)
        data = self._ask("get", {"name": name}, FILE_S).get("data")
        if not isinstance(data, bytes) or len(data) > FILE_BYTES:
            raise HostileInput("the guest's file is no bytes", subject=name)
        return data

    def open_program(
        self, app: str, file: str = "", box: tuple[int, int, int, int] | None = None
    ) -> str:
        """Start a program by its desktop id, with a file of the documents, its window at a box.

        `box` is left, top, width, height; the answer is the window's title, "" where none came.
        """
        self._check_open()
        _ = self.mirror
        args = {"app": app, "file": file, "box": list(box) if box else None}
        window = self._ask("open", args, OPEN_S).get("window")
        return window[:200] if isinstance(window, str) else ""

    def begun_from(self, states: States, template: Template) -> None:
        """Where it began, and where states are held: from now on it can be branched."""
        self._states, self._begun = states, template
        self.capabilities = replace(self.capabilities, branch=True)

    def freeze(self) -> str:
        """Hold what it is now; the state's name. Raises Conflict for a machine of a pool."""
        self._check_open()
        return self._branches()[0].freeze(self._domain, self.mirror)

    def branch(self, name: str = "") -> UbuntuEnv:
        """Another machine in a held state, or where this one began. Raises NotFound."""
        states, begun = self._branches()
        template = states.named(name) if name else begun
        network = hosts(self._domain.owner)
        return states.fork(template, self._domain.uuid, self._once.fence, network)

    def forget(self, name: str) -> None:
        """Let a held state go; nothing there is fine."""
        self._branches()[0].forget(name)

    def _branches(self) -> tuple[States, Template]:
        if self._states is None or self._begun is None:
            raise Conflict("this machine's host holds no states", subject=self._domain.uuid)
        return self._states, self._begun

    def playground(self) -> UbuntuPlayground:
        """Two editors on this desktop, whose text is known."""
        return UbuntuPlayground(self, self._clock)

    def health(self) -> dict[str, str | int | float]:
        """The agent's figures of the guest, asked now, and what became of its connections."""
        self._check_open()
        counts = self._egress.counts if self._egress else {}
        said = parse(Health, self._ask("health", {}, HEALTH_S)).model_dump()
        return {**said, **{f"egress_{what}": n for what, n in counts.items()}}

    def close(self) -> None:
        """Let go of the machine; its owner decides what becomes of it. Closing twice is fine."""
        if self._closed:
            return
        self._closed = True
        self._mirror.close()
        self._channel.close()
        if self._egress is not None:
            self._egress.close()
        self._domain.monitor.close()  # it takes one client: the next driver's
        self.on_close()

    def _joined(self, question: Callable[[], T]) -> T:
        """Ask the mirror; where it lost the bus (it, or the relay, was left alone), join anew."""
        try:
            return question()
        except InfraLost:
            if not self._domain.is_alive():
                raise
            self._mirror.open(MIRROR_S)
            return question()

    def _ask(self, verb: str, args: dict[str, Any], within_s: float) -> dict[str, Any]:
        return self._channel.request(verb, args, self._once.fence, within_s)

    def _check_open(self) -> None:
        if self._closed:
            raise InfraLost("this machine was closed", subject=self._domain.uuid)
        if self._egress is not None and self._egress.is_broken:
            raise HostileInput("the guest broke the rules of its way out", "replace the machine",
                               self._domain.uuid)  # fmt: skip
