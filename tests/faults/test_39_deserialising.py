"""Fault 39: nothing of ours turns bytes into code, and files that try are refused or missed."""

from __future__ import annotations

import ast
import hashlib
import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus import recipe
from corpus.cache import Results
from envs.recording import codec, framing, reader
from infra.errors import Corrupt, UsageError
from tests.house.source import modules

RUNS_CODE = frozenset(
    ["pickle.load", "pickle.loads", "pickle.Unpickler", "marshal.load", "marshal.loads", "shelve.open",
     "dill.load", "dill.loads", "cloudpickle.load", "cloudpickle.loads", "joblib.load", "jsonpickle.decode",
     "pandas.read_pickle", "yaml.load", "yaml.load_all", "yaml.unsafe_load", "yaml.unsafe_load_all",
     "yaml.full_load", "yaml.full_load_all", "eval", "exec", "compile", "os.system", "os.popen",
     "os.execl", "subprocess.getoutput", "subprocess.getstatusoutput", "code.interact", "runpy.run_path"]
)  # fmt: skip
"""Calls that may run what the bytes say."""
ONLY_WITH = {"torch.load": ("weights_only", True)}
NEVER_WITH = {"shell": True, "allow_pickle": True, "trust_remote_code": True}


def said(call: ast.Call, word: str) -> object:
    """The literal given for a keyword, None where there is none."""
    value = next((k.value for k in call.keywords if k.arg == word), None)
    return value.value if isinstance(value, ast.Constant) else None


def unsafe(name: str, call: ast.Call) -> bool:
    if name in ONLY_WITH and said(call, ONLY_WITH[name][0]) is not ONLY_WITH[name][1]:
        return True
    return name in RUNS_CODE or any(said(call, w) is v for w, v in NEVER_WITH.items())


def found() -> Iterator[str]:
    for module in modules():
        for name, call in module.calls():
            if unsafe(name, call):
                yield f"{module.path}:{call.lineno} {name}"


def test_no_call_of_ours_runs_what_bytes_say() -> None:
    assert list(found()) == []


@pytest.mark.parametrize(
    "text",
    ["eval(x)", "torch.load(f)", "torch.load(f, weights_only=False)", "np.load(f, allow_pickle=True)",
     "subprocess.run(x, shell=True)", "yaml.load(f, Loader=yaml.SafeLoader)"],
)  # fmt: skip
def test_the_rule_knows_an_unsafe_call(text: str) -> None:
    call = ast.parse(text, mode="eval").body
    assert isinstance(call, ast.Call)
    assert unsafe(ast.unparse(call.func), call)


class Bomb:
    """A pickle of it writes a file when it is loaded."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str, str]]:
        return open, (str(self.path), "w")


def test_a_pickle_where_we_read_bytes_is_corrupt_and_runs_nothing(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    bomb = pickle.dumps(Bomb(ran))
    with pytest.raises(Corrupt):
        codec.unpack(bomb)
    with pytest.raises(Corrupt):
        codec.unpack_elements(bomb)
    log = tmp_path / "recordings" / "ep-1" / "log"
    log.parent.mkdir(parents=True)
    log.write_bytes(framing.PREAMBLE + framing.frame(bomb))
    with pytest.raises(Corrupt):
        reader.read(log.parent)
    assert not ran.exists()


def test_a_kept_result_that_is_a_pickle_is_a_miss_or_data(tmp_path: Path) -> None:
    results, ran = Results(tmp_path / "kept", "f"), tmp_path / "ran"
    path = results.path("0" * 64)
    path.parent.mkdir(parents=True)
    path.write_bytes(pickle.dumps(Bomb(ran)))
    assert results.get("0" * 64) is None
    path.write_bytes(hashlib.sha256(b"\xc7\x01\x05x").digest() + b"\xc7\x01\x05x")
    assert not callable(results.get("0" * 64))
    assert not ran.exists()


def test_a_recipe_cannot_name_python_objects(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    text = f"name: !!python/object/apply:pathlib.Path.touch [!!python/object/apply:pathlib.Path ['{ran}']]\n"
    with pytest.raises(UsageError):
        recipe.parse(text.encode(), "r.yaml")
    assert not ran.exists()
