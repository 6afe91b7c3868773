"""One episode on one machine: observe, choose, intend, act, settle, commit, until it ends."""

from collector.episode.header import header_for
from collector.episode.loop import run_episode
from collector.episode.observing import Pace, Seen, observe

__all__ = ["Pace", "Seen", "header_for", "observe", "run_episode"]
