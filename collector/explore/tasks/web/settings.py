"""Tasks in the settings of an account: fields, switches, sliders, looks, devices."""

from __future__ import annotations

from typing import Final

from collector.explore.tasks import texts
from collector.explore.tasks.intents import Choose, Intent, Press, Slide, Tick, Type, button
from collector.explore.tasks.state import State, Verdict, verdict
from collector.explore.tasks.target import Target, the
from collector.explore.tasks.task import Setting, Values, on_site

NAME: Final = the("textbox", "Name", "姓名")
PHONE: Final = the("textbox", "Phone", "电话")
ZONE: Final = the("combobox", "Time zone", "时区")
ABOUT: Final = the("textbox", "About you", "个人简介")
ZONES: Final = ("Europe/Lisbon", "Europe/Oslo", "Asia/Shanghai", "Asia/Tokyo")


def tab(*names: str) -> Press:
    """Turn to a tab."""
    return Press(the("tab", *names))


def draw_profile(setting: Setting) -> Values:
    """A phone number, a time zone, a sentence."""
    one, two = setting.rng.sample(ZONES, 2)
    number = f"+44 {setting.rng.randrange(100, 999)} {setting.rng.randrange(1000, 9999)}"
    return {
        "phone": number, "zone": one, "other": two, "about": texts.titles(setting, 1)[0],
        "name": setting.page("settings")["me"].name,
    }  # fmt: skip


def fill(v: Values) -> list[Intent]:
    """The fields, one after the other, and save."""
    return [
        Type(PHONE, v["phone"]),
        Choose(ZONE, v["zone"]),
        Type(ABOUT, v["about"]),
        Press(button("Save changes", "保存更改")),
    ]


def is_filled(state: State, v: Values) -> Verdict:
    """What the profile says."""
    return verdict(
        phone=(state.value(PHONE), v["phone"]),
        time_zone=(state.value(ZONE), v["zone"]),
        about=(state.value(ABOUT), v["about"]),
        name=(state.value(NAME), v["name"]),
    )


THEMES: Final = (("Light", "浅色"), ("Dark", "深色"), ("Like the system", "跟随系统"))
DENSITIES: Final = (("Compact", "紧凑"), ("Roomy", "宽松"))
DENSITY: Final = the("combobox", "Density", "密度")


def draw_look(setting: Setting) -> Values:
    """A theme that is not the present one, and a density."""
    free = [t for t in THEMES if t[0].lower() != setting.theme]
    one, two = setting.rng.sample(free, 2)
    return {
        "theme": setting.say(*one), "other": setting.say(*two),
        "density": setting.say(*setting.rng.choice(DENSITIES)),
    }  # fmt: skip


def is_look(state: State, v: Values) -> Verdict:
    """Whether both are chosen."""
    chosen = state.is_on(the("radio", v["theme"]))
    return verdict(theme=(chosen, True), density=(state.value(DENSITY), v["density"]))


SWITCHES: Final = (
    ("Mentions", "提到我"),
    ("Due dates", "截止日期"),
    ("Weekly summary", "每周摘要"),
    ("News of the product", "产品动态"),
)


def switch(name: str) -> Target:
    """A switch, whose name goes on with what it is for."""
    return the("switch", name, match="starts")


def draw_switch(setting: Setting) -> Values:
    """A switch, and how it is to be: not as it is."""
    on = dict(
        zip((setting.say(*s) for s in SWITCHES), setting.page("settings")["on"][2:6], strict=True)
    )
    one, two = setting.rng.sample(sorted(on), 2)
    return {
        "name": one,
        "other": two,
        "on": not on[one],
        "before": on,
        "word": _word(setting, on=not on[one]),
    }


def _word(setting: Setting, *, on: bool) -> str:
    return setting.say("on", "开启") if on else setting.say("off", "关闭")


def is_switched(state: State, v: Values) -> Verdict:
    """Whether that switch, and no other, has changed."""
    shown = [name for name in v["before"] if state.one(switch(name)) is not None]
    found = {name: state.is_on(switch(name)) for name in shown}
    right = {**v["before"], v["name"]: v["on"]}
    changed = [name for name in found if found[name] != right[name]]
    return verdict(switches=(shown, list(v["before"])), not_as_asked=(changed, []))


LEVELS: Final = (
    ("Volume", "音量"),
    ("Microphone", "麦克风"),
    ("Brightness", "亮度"),
    ("Contrast", "对比度"),
)


def slider(name: str) -> Target:
    """A slider, whose name goes on with its value."""
    return the("slider", name, match="starts")


def draw_level(setting: Setting) -> Values:
    """A slider and a value for it."""
    levels = setting.page("settings")["levels"]
    at, other = setting.rng.sample(range(len(LEVELS)), 2)
    value = setting.rng.choice([n for n in range(20, 90) if n != levels[at]])
    return {"name": setting.say(*LEVELS[at]), "other": setting.say(*LEVELS[other]), "value": value}


def draw_device(setting: Setting) -> Values:
    """A device that may be signed out, and the others."""
    devices = [d["name"] for d in setting.page("settings")["devices"]]
    one, two = setting.rng.sample(devices[1:], 2)
    return {"device": one, "other": two, "devices": devices}


def device(name: str) -> Target:
    """A device in the list."""
    return Target(("listitem",), holding=the("text", name))


def is_out(state: State, v: Values) -> Verdict:
    """Whether that device is gone and the others are there."""
    found = [d for d in v["devices"] if state.one(the("text", d)) is not None]
    return verdict(devices=(found, [d for d in v["devices"] if d != v["device"]]))


TASKS: Final = (
    on_site(
        "settings-profile",
        ("In the profile, enter the phone number {phone}, the time zone {zone} and “{about}” about you, and save.",
         "在个人资料中，填写电话 {phone}、时区 {zone}、个人简介“{about}”，然后保存。"),
        draw_profile, fill, is_filled,
    ),
    on_site(
        "settings-theme",
        ("Set the theme to “{theme}” and the density to “{density}”.", "把主题设为“{theme}”，密度设为“{density}”。"),
        draw_look,
        lambda v: [tab("Appearance", "外观"), Press(the("radio", v["theme"])), Choose(DENSITY, v["density"])],
        is_look,
    ),
    on_site(
        "settings-notices",
        ("Turn the notification “{name}” {word}.", "把通知“{name}”{word}。"),
        draw_switch,
        lambda v: [tab("Notifications", "通知"), Tick(switch(v["name"]), on=v["on"])], is_switched,
    ),
    on_site(
        "settings-level",
        ("Set “{name}” to {value}.", "把“{name}”设为 {value}。"),
        draw_level,
        lambda v: [tab("Sound & picture", "声音与画面"), Slide(slider(v["name"]), v["value"])],
        lambda s, v: verdict(level=(s.value(slider(v["name"])), str(v["value"]))),
    ),
    on_site(
        "settings-device",
        ("Sign out the device “{device}”.", "退出设备“{device}”的登录。"),
        draw_device,
        lambda v: [tab("Security", "安全"),
                   Press(Target(("button",), ("Sign out", "退出"), within=device(v["device"])))],
        is_out,
    ),
)  # fmt: skip
