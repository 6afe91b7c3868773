"""Tasks in the drawing program: tools, widths, layers."""

from __future__ import annotations

from typing import Final

from collector.explore.tasks.intents import Intent, Press, Slide, Tick, button
from collector.explore.tasks.state import State, Verdict, verdict
from collector.explore.tasks.target import Target, the
from collector.explore.tasks.task import Setting, Values, on_site

WIDTH: Final = the("slider", "Width", "粗细", match="starts")


def draw_tool(setting: Setting) -> Values:
    """A tool, a width."""
    tools = [name for _, name in setting.page("studio")["tools"]]
    one, two = setting.rng.sample(tools[1:], 2)
    return {"tool": one, "other": two, "width": setting.rng.randrange(8, 38)}


def take(v: Values) -> list[Intent]:
    """The tool, the width."""
    return [Press(button(v["tool"])), Slide(WIDTH, v["width"])]


def is_taken(state: State, v: Values) -> Verdict:
    """Whether both are so."""
    return verdict(tool=(state.is_on(button(v["tool"])), True), width=(state.value(WIDTH), str(v["width"])))  # fmt: skip


def draw_layer(setting: Setting) -> Values:
    """A layer that is not the first, and the others."""
    layers = setting.page("studio")["layers"]
    one, two = setting.rng.sample(layers[1:], 2)
    return {"layer": one, "other": two, "layers": layers}


def show(name: str) -> Target:
    """The box that shows a layer."""
    return the("checkbox", f"Show {name}", f"显示 {name}")


def is_hidden(state: State, v: Values) -> Verdict:
    """Whether that layer, and no other, is hidden."""
    hidden = [n for n in v["layers"] if not state.is_on(show(n))]
    return verdict(hidden_layers=(hidden, [v["layer"]]))


TASKS: Final = (
    on_site(
        "studio-tool",
        ("Take the tool “{tool}” with the width {width}.", "选择“{tool}”工具，粗细设为 {width}。"),
        draw_tool, take, is_taken,
    ),
    on_site(
        "studio-hide",
        ("Hide the layer “{layer}”.", "隐藏图层“{layer}”。"),
        draw_layer, lambda v: [Tick(show(v["layer"]), on=False)], is_hidden,
    ),
)  # fmt: skip
