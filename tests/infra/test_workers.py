"""Workers may hang, crash or fail; the outcomes say so and the others go on, in order."""

from infra import workers
from infra.progress import Silent


def values(target: str, inputs: list[object], limit_s: float, count: int = 2) -> list[object]:
    found = workers.run(target, inputs, count, limit_s, Silent())
    return [outcome.failure or outcome.value for outcome in found]


def test_outcomes_come_in_the_order_of_the_inputs() -> None:
    assert values("builtins:abs", [-3, 2, -1], 5, count=3) == [3, 2, 1]


def test_an_error_of_the_function_is_its_outcome() -> None:
    assert values("builtins:int", ["1", "x", "3"], 5) == [1, "cannot be read: ValueError", 3]


def test_an_input_that_hangs_is_given_up_and_the_next_is_served() -> None:
    assert values("time:sleep", [60, 0], 0.5, count=1) == ["took too long", None]


def test_an_input_that_kills_its_worker_is_told_and_the_next_is_served() -> None:
    found = values("os:_exit", [1, 2], 5, count=1)
    assert found == ["crashed its worker", "crashed its worker"]
