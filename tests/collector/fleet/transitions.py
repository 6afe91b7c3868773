"""Which state of a machine may follow which: the table that the fleet is held to."""

from __future__ import annotations

ANY = {"UNKNOWN", "LOST", "QUARANTINED"}
"""Where every state may lead that is not an end."""
FOLLOW = {
    "ABSENT": {"STARTING"},
    "STARTING": {"PARKED", "DIRTY"} | ANY,
    "PARKED": {"RESUMING", "DIRTY"} | ANY,
    "RESUMING": {"READY", "DIRTY"} | ANY,
    "READY": {"BUSY", "DIRTY"} | ANY,
    "BUSY": {"PARKED", "DIRTY"} | ANY,
    "UNKNOWN": {"PARKED", "RESUMING", "READY", "BUSY", "DIRTY", "LOST", "QUARANTINED"},
    "DIRTY": {"GONE"},
    "LOST": {"GONE"},
    "QUARANTINED": {"DIRTY", "LOST"},
    "GONE": set(),
}
"""After BUSY is PARKED what was made clean; after UNKNOWN comes what the machine was before."""
