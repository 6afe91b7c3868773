"""Why the proxy does not do what it was asked: a closed set of reasons, each with an HTTP status."""

from __future__ import annotations

from typing import Final, Literal, get_args

Reason = Literal[
    "host", "port", "scheme", "address", "name", "malformed",
    "stranger", "too_large", "too_slow", "unreachable",
]  # fmt: skip
REASONS: Final[tuple[Reason, ...]] = get_args(Reason)
STATUS: Final[dict[Reason, int]] = {
    "malformed": 400,
    "too_slow": 408,
    "too_large": 413,
    "name": 502,
    "unreachable": 502,
}
FORBIDDEN: Final = 403


class Refusal(Exception):
    """What was asked is not done. Host and port say of whom, where that is known by then."""

    def __init__(self, reason: Reason, host: str = "", port: int = 0) -> None:
        super().__init__(reason)
        self.reason, self.host, self.port = reason, host, port

    @property
    def status(self) -> int:
        """The status of the answer; it tells the machine no more than the reason."""
        return STATUS.get(self.reason, FORBIDDEN)
