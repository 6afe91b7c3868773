"""The one way a verb says no: nothing happened, and this is why."""

from __future__ import annotations


class Refused(Exception):
    """A request that was not performed; `kind` is one of the wire's stable words.

    `usage` malformed · `session` another agent's · `fence` an older driver's · `late` past its
    deadline · `rejected` this machine cannot do it · `missing` no such file or program.
    """

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind

    def __reduce__(self) -> tuple[type[Refused], tuple[str, str]]:
        return Refused, (self.kind, str(self))


def integer(args: object, name: str, low: int, high: int, default: int | None = None) -> int:
    """The integer argument `name` within its bounds. Raises Refused."""
    value = args.get(name, default) if isinstance(args, dict) else None
    if type(value) is not int or not low <= value <= high:
        raise Refused("usage", f"{name} is an integer from {low} to {high}")
    return value


def text(args: object, name: str, longest: int, default: str | None = None) -> str:
    """The text argument `name`, at most `longest` characters. Raises Refused."""
    value = args.get(name, default) if isinstance(args, dict) else None
    if not isinstance(value, str) or len(value) > longest:
        raise Refused("usage", f"{name} is text of at most {longest} characters")
    return value


def names(args: object, name: str, most: int) -> list[str]:
    """The list-of-text argument `name`. Raises Refused."""
    value = args.get(name, []) if isinstance(args, dict) else None
    if not isinstance(value, list) or len(value) > most:
        raise Refused("usage", f"{name} is a list of at most {most} names")
    if not all(isinstance(item, str) and len(item) <= 40 for item in value):
        raise Refused("usage", f"{name} holds names of at most 40 characters")
    return value
