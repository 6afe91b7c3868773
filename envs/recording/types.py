"""What a recording says: the header, observations by reference, steps, the close.

All of it is plain data; `ObservationRef.load` brings pixels and elements back from the blobs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from envs.actions import Action
from envs.base import ActResult
from envs.recording import codec
from envs.types import Box, Element, EnvInfo, Observation, Screen, Tree
from infra.blobs import Blobs

CloseStatus = Literal["completed", "interrupted", "infra_lost", "tainted", "failed"]
"""How an episode ended.

`completed`: every planned step, or the explorer had no more to do. `interrupted`: somebody
stopped it. `infra_lost`: the machine went away. `tainted`: an action's outcome is unknown.
`failed`: an error of ours or hostile input from the guest.
"""
STATUSES: tuple[str, ...] = get_args(CloseStatus)


@dataclass(frozen=True, slots=True)
class Header:
    """Everything needed to trace a recording to its machine, its explorer and its clock."""

    episode_id: str
    explorer: str
    seed: int
    env: EnvInfo
    family: str
    started_ns: int
    boot_id: str = ""
    run_id: str = ""
    pool: str = ""
    fence: int = 0
    isolated: bool = False
    """The machine was a fork without a network, so the deny list was narrowed."""
    goal: str = ""
    versions: dict[str, str] = field(default_factory=dict)
    """Versions of what collected it: `trawl`, `python`, …"""
    parameters: dict[str, Any] = field(default_factory=dict)
    """The explorer's own parameters."""


@dataclass(frozen=True, slots=True)
class ScreenRef:
    """A stored screen: its blob, its size and when it was taken; `redacted` counts blacked boxes."""

    sha256: str
    codec: str
    width: int
    height: int
    scale: float
    t_ns: int
    redacted: int = 0

    def load(self, blobs: Blobs) -> Screen:
        """The screen's pixels. Raises NotFound, Corrupt."""
        pixels = codec.unpack_pixels(blobs.get(self.sha256), self.codec, self.width, self.height)
        return Screen(pixels, self.t_ns, self.scale)


@dataclass(frozen=True, slots=True)
class TreeRef:
    """A stored tree: the blob of its elements, and what was true of this reading of it."""

    sha256: str
    elements: int
    source: str
    t_start_ns: int
    t_end_ns: int
    audited: bool = True
    truncated: bool = False
    notes: tuple[str, ...] = ()

    def load(self, blobs: Blobs) -> Tree:
        """The tree with its elements. Raises NotFound, Corrupt."""
        return self.of(codec.unpack_elements(blobs.get(self.sha256)))

    def of(self, elements: tuple[Element, ...]) -> Tree:
        """The tree, given the elements that its blob holds."""
        return Tree(
            elements,
            self.source,
            self.t_start_ns,
            self.t_end_ns,
            self.audited,
            self.truncated,
            self.notes,
        )


@dataclass(frozen=True, slots=True)
class ObservationRef:
    """One observation of a recording: its number in the log, its screen and its tree."""

    number: int
    screen: ScreenRef
    tree: TreeRef
    stable: bool
    tries: int = 1

    def load(self, blobs: Blobs) -> Observation:
        """The observation whole. Raises NotFound, Corrupt."""
        return Observation(self.screen.load(blobs), self.tree.load(blobs), self.stable, self.tries)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a step changed, as far as screen and tree show.

    `boxes` are the regions of changed pixels (at most eight, then one around all);
    `did_anything` is False where only something tiny blinked (a caret, the panel's clock) and
    no element appeared, vanished or changed.
    """

    boxes: tuple[Box, ...] = ()
    changed_pixels: int = 0
    appeared: int = 0
    vanished: int = 0
    changed: int = 0
    did_anything: bool = False

    @property
    def box(self) -> Box | None:
        """The rectangle around every changed pixel, None where none changed."""
        if not self.boxes:
            return None
        return Box(
            min(b.left for b in self.boxes),
            min(b.top for b in self.boxes),
            max(b.right for b in self.boxes),
            max(b.bottom for b in self.boxes),
        )


@dataclass(frozen=True, slots=True)
class Intent:
    """An action about to be tried; `result` stays None until something is known of it.

    `redacted` says that typed text was dropped because it went to a protected field.
    """

    index: int
    step_id: str
    before: ObservationRef
    action: Action
    element_id: str | None
    why: str
    t_ns: int
    redacted: bool = False
    result: ActResult | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One committed step: what was seen, what was done and to which element, what came of it.

    `element_id` names an element of `before`'s tree. `result.outcome` is `applied` or
    `rejected`; a step whose outcome is unknown is never committed and stands in
    `Recording.pending`. `after` is the next step's `before`.
    """

    index: int
    step_id: str
    before: ObservationRef
    action: Action
    element_id: str | None
    why: str
    result: ActResult
    settle_s: float
    settled: bool
    after: ObservationRef
    effect: Effect
    t_intent_ns: int
    t_commit_ns: int
    redacted: bool = False


@dataclass(frozen=True, slots=True)
class Close:
    """How and when the recording ended, and how many steps it holds."""

    status: CloseStatus
    reason: str
    steps: int
    t_ns: int


@dataclass(frozen=True, slots=True)
class Recording:
    """One episode as read back: the exact prefix of what was written.

    `close` is None while it is being written and after a crash. `pending` is an intent without
    a committed step: its action may have happened. `torn` says that the log's last
    `lost_bytes` were dropped; they held no acknowledged record.
    """

    header: Header
    first: ObservationRef | None
    steps: tuple[Step, ...]
    close: Close | None
    pending: Intent | None = None
    torn: bool = False
    lost_bytes: int = 0

    def observations(self) -> tuple[ObservationRef, ...]:
        """The first observation and what each step led to, in order."""
        start = () if self.first is None else (self.first,)
        return (*start, *(step.after for step in self.steps))
