"""What the server of `killed` loads once: all that a controller of fake machines uses."""

from __future__ import annotations

import cv2
import msgpack

import collector.collect
import collector.control
import collector.fleet.local
import envs.fake
import infra.store.sqlite

__all__ = ["collector", "cv2", "envs", "infra", "msgpack"]
