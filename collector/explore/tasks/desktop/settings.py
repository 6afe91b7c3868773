"""Tasks in the desktop's own settings: boxes ticked, numbers set, a look chosen."""

from __future__ import annotations

from typing import Final

from collector.explore.tasks.intents import Intent, Press, Tick, Type, WaitFor
from collector.explore.tasks.state import State, Verdict, verdict
from collector.explore.tasks.target import Target
from collector.explore.tasks.task import Setting, Task, Values, on_desktop

BOX: Final = ("checkbox", "switch", "toggle-button")


def box(app: str, *names: str) -> Target:
    """A box to tick in one of the settings' programs."""
    return Target(BOX, names, app=app)


def ticking(
    task: str, desktop_id: str, app: str, goal: tuple[str, str],
    boxes: tuple[tuple[str, str], ...], tab: tuple[str, str] | None = None, *, on: bool = True,
) -> Task:  # fmt: skip
    """A task about one of several boxes; the others are to stay as they are."""

    def draw(setting: Setting) -> Values:
        chosen, other = setting.rng.sample(boxes, 2)
        return {"box": chosen[0], "box_zh": chosen[1], "names": chosen, "other": other}

    def steps(v: Values) -> list[Intent]:
        way: list[Intent] = [WaitFor(Target(("dialog", "window"), app=app))]
        if tab is not None:
            way.append(Press(Target(("tab",), tab, app=app)))
        return [*way, Tick(box(app, *v["names"]), on=on)]

    def check(state: State, v: Values) -> Verdict:
        if state.one(box(app, *v["names"])) is None:
            return Verdict(ok=False, reason=f"the box {v['box']!r} does not show")
        is_right = (state.is_on(box(app, *v["names"])), on)
        kept = (state.is_on(box(app, *v["other"])), not on)
        return verdict(box=is_right, the_other_box=kept)

    return on_desktop(task, desktop_id, goal, draw, steps, check)


WORKSPACES: Final = "workspace-settings"
COUNT: Final = Target(("spinbutton",), app=WORKSPACES)
LOOKS: Final = "appearance-settings"


def draw_count(setting: Setting) -> Values:
    """A number of workspaces."""
    count, other = setting.rng.sample([2, 3, 5, 6, 7, 8], 2)
    return {"count": count, "other": other}


def set_count(v: Values) -> list[Intent]:
    """Into the field, and enter."""
    return [WaitFor(COUNT), Type(COUNT, str(v["count"]), submit=True)]


def draw_look(setting: Setting) -> Values:
    """A look that is not the present one."""
    del setting
    return {"look": "Greybird-dark", "other": "Greybird"}


def look(name: str) -> Target:
    """The row of a look, which says below its name what it is for."""
    return Target(("cell",), (f"{name} Gtk",), "starts", app=LOOKS)


TASKS: Final = (
    ticking(
        "settings-cycling", "xfce-wmtweaks-settings.desktop", "tweaks",
        ("In the window manager tweaks, switch on “{box}”.", "在窗口管理器微调中，启用“{box_zh}”。"),
        (("Raise windows while cycling", "循环切换时提升窗口"),
         ("Cycle through windows in a list", "在列表中循环切换窗口"),
         ("Cycle through windows on all workspaces", "循环切换所有工作区的窗口")),
    ),
    ticking(
        "settings-cycling-off", "xfce-wmtweaks-settings.desktop", "tweaks",
        ("In the window manager tweaks, switch off “{box}”.", "在窗口管理器微调中，关闭“{box_zh}”。"),
        (("Include hidden (i.e. iconified) windows", "包括隐藏的窗口"),
         ("Draw frame around selected window while cycling", "循环切换时为选中的窗口绘制边框")),
        on=False,
    ),
    ticking(
        "settings-keyboard", "xfce-keyboard-settings.desktop", "keyboard-settings",
        ("In the keyboard settings, switch on “{box}”.", "在键盘设置中，启用“{box_zh}”。"),
        (("Restore num lock state on startup", "启动时恢复数字锁定键状态"),
         ("Show blinking", "显示闪烁光标")),
    ),
    on_desktop(
        "settings-workspaces", "xfce-workspaces-settings.desktop",
        ("Set the number of workspaces to {count}.", "把工作区的数量设为 {count}。"),
        draw_count, set_count, lambda s, v: verdict(workspaces=(s.value(COUNT), str(v["count"]))),
    ),
    on_desktop(
        "settings-look", "xfce-ui-settings.desktop",
        ("In the appearance settings, choose the style {look}.", "在外观设置中，选择样式 {look}。"),
        draw_look, lambda v: [Press(look(v["look"]))],
        lambda s, v: verdict(chosen=(s.is_on(look(v["look"])), True)),
    ),
)  # fmt: skip
