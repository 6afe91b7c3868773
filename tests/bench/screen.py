"""A screenshot taken by the host, to a decoded array, against the same by libvirt."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from infra.hypervisor import Domain
from infra.progress import Progress
from tests.bench.machines import CLOCK, Bench, hello, opened, p50
from tests.bench.report import Report

SHOTS = 60


def run(progress: Progress) -> Report:
    """Sixty screens of a running fork, ours and libvirt's in turn."""
    ours, theirs = [], []
    with opened() as bench, bench.fork() as domain:
        domain.resume()
        hello(domain)
        for _ in range(SHOTS):
            start = CLOCK.monotonic_s()
            screen = domain.screendump()
            ours.append((CLOCK.monotonic_s() - start) * 1000)
            start = CLOCK.monotonic_s()
            other = _by_libvirt(bench, domain)
            theirs.append((CLOCK.monotonic_s() - start) * 1000)
            assert screen.shape == other.shape
            progress.advance()
    height, width, _ = screen.shape
    return Report(
        name="screen",
        figures={
            "screen_p50_ms": p50(ours, 2),
            "screen_p95_ms": round(sorted(ours)[int(SHOTS * 0.95)], 2),
            "libvirt_p50_ms": p50(theirs, 2),
            "width_px": width,
            "height_px": height,
        },
        peer="virDomainScreenshot through a stream, its PNG decoded by OpenCV",
        ratio=round(p50(theirs, 4) / p50(ours, 4), 1),
    )


def _by_libvirt(bench: Bench, domain: Domain) -> NDArray[Any]:
    def call(handle: Any) -> bytes:
        stream, received = handle.newStream(0), bytearray()
        handle.lookupByUUIDString(domain.uuid).screenshot(stream, 0)
        stream.recvAll(lambda _stream, data, _opaque: received.extend(data), None)
        stream.finish()
        return bytes(received)

    png = np.frombuffer(bench.host.connection.run("screenshot", call, 10.0), np.uint8)
    decoded = cv2.imdecode(png, cv2.IMREAD_COLOR)
    assert decoded is not None
    return decoded
