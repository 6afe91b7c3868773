"""Every bound on what a guest, a file or a peer may make us hold, in one place, units in the name."""

from __future__ import annotations

from typing import Final

GUEST_FRAME_BYTES: Final = 16 * 1024 * 1024
"""Longest reply of the guest agent."""
GUEST_DEPTH: Final = 32
"""Deepest nesting of a guest reply."""
GUEST_TEXT_CHARS: Final = 20_000
"""Longest string kept from an element tree; the rest is cut and the element marked lossy."""
GUEST_WORDS_CHARS: Final = 1_000
"""Longest title of a window."""
TREE_TEXT_CHARS: Final = 4_000_000
"""Most characters kept of all the strings of one tree."""
TREE_NODES: Final = 20_000
"""Most elements kept of one tree; the walk stops there and the tree is marked truncated."""
TREE_DEPTH: Final = 512
"""Deepest element kept."""
SCREEN_PIXELS: Final = 32_000_000
"""Largest screen or picture decoded, in pixels."""
RECORD_BYTES: Final = 64 * 1024 * 1024
"""Longest record of a recording's log."""
BLOB_BYTES: Final = 256 * 1024 * 1024
"""Largest blob read back into memory."""
COORDINATE_PX: Final = 1 << 20
"""Boxes farther out than this are lies and are dropped at the boundary."""
LOG_BYTES: Final = 1024 * 1024 * 1024
"""Longest log of a recording taken from a shared storage."""
SEAL_BYTES: Final = 64 * 1024
"""Longest seal or mark of a shared storage."""
MACHINE_LOG_BYTES: Final = 4 * 1024 * 1024
"""Log kept per machine; the guest drives its volume."""
DISK_FLOOR_BYTES: Final = 2 * 1024**3
"""New work stops when the data directory's file system has less free."""
MEMORY_FLOOR_BYTES: Final = 1 * 1024**3
"""New machines are refused when the host has less available."""
SOURCE_FILE_BYTES: Final = 32 * 1024 * 1024
"""Largest file of a shelf package read as a source of samples."""
SAMPLE_LINE_BYTES: Final = 16 * 1024 * 1024
"""Longest line of a samples file."""
RECIPE_BYTES: Final = 1024 * 1024
"""Largest recipe."""
FLEET_FILE_BYTES: Final = 1024 * 1024
"""Largest fleet file."""
MOST_MACHINES: Final = 10_000
"""Most machines of one pool."""
