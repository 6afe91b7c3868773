"""Runs inside the guest: looks for a canary everywhere a session can leave one, then leaves it there.

Reads `~/Documents/canary.txt`, writes `~/Documents/residue.json`; only what the image has.
"""

import json
import os
import select
import time
from pathlib import Path

from Xlib import X, display
from Xlib.protocol import event

HOME = Path.home()
DOCUMENTS = HOME / "Documents"
GIVEN = DOCUMENTS / "canary.txt"
ROOTS = ("/tmp", "/var/tmp", "/dev/shm")
PLACES = (HOME, *map(Path, ROOTS), Path(f"/run/user/{os.getuid()}"))
LEFT_IN = (HOME / "canary", HOME / ".config/canary", *(Path(root, "canary") for root in ROOTS))
SELECTIONS = ("CLIPBOARD", "PRIMARY")
FILE_BYTES = 1 << 20
ANSWER_S = 3
KEEP_S = 600


def files(canary):
    """Small regular files that have the canary in their name or their content."""
    return sorted(
        str(Path(directory, name))
        for place in PLACES
        for directory, _, names in os.walk(place)
        for name in names
        if holds(Path(directory, name), canary)
    )


def holds(path, canary):
    if path == GIVEN or not path.is_file():
        return False
    try:
        with path.open("rb") as source:
            return canary in path.name.encode() or canary in source.read(FILE_BYTES)
    except OSError:
        return False


def processes(canary):
    """Processes that have the canary on their command line or in their environment."""
    found = []
    for entry in Path("/proc").iterdir():
        for part in ("cmdline", "environ"):
            try:
                if entry.name.isdigit() and canary in (entry / part).read_bytes():
                    found.append(str(entry / part))
            except OSError:
                continue
    return found


class Clipboard:
    """Both of X's selections: read from whoever owns them, then owned by this process."""

    def __init__(self):
        self.x = display.Display()
        self.window = self.x.screen().root.create_window(0, 0, 1, 1, 0, X.CopyFromParent)
        self.text = self.x.intern_atom("UTF8_STRING")
        self.kept = self.x.intern_atom("TRAWL_CANARY")
        self.names = {name: self.x.intern_atom(name) for name in SELECTIONS}

    def read(self, name):
        """What the selection holds; None where nobody owns it."""
        if self.x.get_selection_owner(self.names[name]) == X.NONE:
            return None
        self.window.convert_selection(self.names[name], self.text, self.kept, X.CurrentTime)
        until = time.monotonic() + ANSWER_S
        while (said := self.next(until)) is not None:
            if said.type == X.SelectionNotify:
                held = self.window.get_full_property(self.kept, X.AnyPropertyType)
                return None if said.property == X.NONE else bytes(held.value).decode()
        return "no answer"

    def own(self):
        for atom in self.names.values():
            self.window.set_selection_owner(atom, X.CurrentTime)
        self.x.sync()

    def serve(self, text, until):
        """Give the text to whoever asks."""
        while (asked := self.next(until)) is not None:
            if asked.type == X.SelectionRequest:
                asked.requestor.change_property(asked.property, self.text, 8, text)
                asked.requestor.send_event(
                    event.SelectionNotify(
                        time=asked.time, requestor=asked.requestor, selection=asked.selection,
                        target=asked.target, property=asked.property,
                    )
                )  # fmt: skip
                self.x.flush()

    def next(self, until):
        while not self.x.pending_events():
            left = until - time.monotonic()
            if left <= 0 or not select.select([self.x.fileno()], [], [], left)[0]:
                return None
        return self.x.next_event()


def leave(canary):
    """Put it into files, the clipboard and a process, each of which outlives this one."""
    for path in LEFT_IN:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(canary)
    ready, told = os.pipe()
    if os.fork() == 0:
        board = Clipboard()
        board.own()
        os.write(told, b"x")
        board.serve(canary, time.monotonic() + KEEP_S)
        os._exit(0)
    os.read(ready, 1)
    if os.fork() == 0:
        os.execve("/bin/sleep", ["sleep", str(KEEP_S)], {"CANARY": canary.decode()})
    time.sleep(0.5)


def seen(canary):
    board = Clipboard()
    return {
        "files": files(canary),
        "processes": processes(canary),
        "clipboard": [board.read(name) for name in SELECTIONS],
    }


def main():
    canary = GIVEN.read_bytes().strip()
    found = seen(canary)
    leave(canary)
    part = DOCUMENTS / "residue.part"
    part.write_text(json.dumps({"found": found, "left": seen(canary)}))
    part.rename(DOCUMENTS / "residue.json")


main()
