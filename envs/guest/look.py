"""How the desktop looks: theme, icons, font and wallpaper, each by the name of one installed.

The names are looked up before anything is set, so a refusal means that nothing changed. What the
session was started with (language, dots per inch, scale) is only told: it cannot change any more.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from envs.guest.faults import Refused, integer, text

SHARE: Final = Path("/usr/share")
WALLPAPERS: Final = SHARE / "backgrounds/trawl"
BUILT_IN: Final = frozenset({"Adwaita", "HighContrast"})
"""Themes that GTK carries in itself."""
ASK_MS: Final = 20_000
FONTS_S: Final = 30
ZOOMED: Final = 5
"""The wallpaper fills the screen and keeps its proportions."""


def installed() -> dict[str, list[str]]:
    """Every name that `change` takes, by what it names."""
    return {
        "themes": sorted({p.parent.name for p in SHARE.glob("themes/*/gtk-3.0")} | BUILT_IN),
        "icon_sets": sorted(p.parent.name for p in SHARE.glob("icons/*/index.theme")),
        "fonts": _fonts(),
        "wallpapers": sorted(path.stem for path in WALLPAPERS.glob("*.svg")),
    }


def change(args: Mapping[str, Any]) -> dict[str, Any]:
    """Set what `theme`, `icons`, `font` (with `size_pt`), `wallpaper` and `dark` say.

    What is not named stays. The answer is what the desktop's settings say afterwards, what the
    session was started with, and with `list` all that is installed. Raises Refused for a name
    that is none of these.
    """
    names = {key: text(args, key, 60, "") for key in ("theme", "icons", "font", "wallpaper")}
    size_pt, dark = integer(args, "size_pt", 6, 20, 9), args.get("dark")
    if dark is not None and not isinstance(dark, bool):
        raise Refused("usage", "dark is true or false")
    held = installed()
    for key, kind in (("theme", "themes"), ("icons", "icon_sets"), ("wallpaper", "wallpapers")):
        if names[key] and names[key] not in held[kind]:
            raise Refused("missing", f"no {key} {names[key]!r} is installed")
    if names["font"] and names["font"] not in held["fonts"]:
        raise Refused("missing", f"no font {names['font']!r} is installed")
    for channel, name, value in _settings(names, size_pt):
        _xfconf("SetProperty", channel, name, value)
    _tell_gnome(names, size_pt, dark)
    answer = {**_now(), **_session()}
    return {**answer, **held} if args.get("list") else answer


def _settings(names: Mapping[str, str], size_pt: int) -> list[tuple[str, str, str | int]]:
    """What to set, as channel, property and value."""
    chosen: list[tuple[str, str, str | int]] = []
    if theme := names["theme"]:
        chosen.append(("xsettings", "/Net/ThemeName", theme))
        is_plain = os.environ.get("GDK_SCALE", "1") == "1" and _session()["dpi"] < 144
        if is_plain and (SHARE / "themes" / theme / "xfwm4").is_dir():
            chosen.append(("xfwm4", "/general/theme", theme))
    if names["icons"]:
        chosen.append(("xsettings", "/Net/IconThemeName", names["icons"]))
    if font := names["font"]:
        chosen.append(("xsettings", "/Gtk/FontName", f"{font} {size_pt}"))
        chosen.append(("xfwm4", "/general/title_font", f"{font} Bold {size_pt}"))
    if wallpaper := names["wallpaper"]:
        for monitor in _monitors():
            place = f"/backdrop/screen0/monitor{monitor}/workspace0"
            chosen.append(("xfce4-desktop", f"{place}/image-style", ZOOMED))
            path = str(WALLPAPERS / f"{wallpaper}.svg")
            chosen.append(("xfce4-desktop", f"{place}/last-image", path))
    return chosen


def _tell_gnome(names: Mapping[str, str], size_pt: int, dark: bool | None) -> None:
    """The same for programs that ask GNOME's settings and not the desktop's."""
    from gi.repository import Gio

    settings = Gio.Settings.new("org.gnome.desktop.interface")
    if dark is not None:
        settings.set_string("color-scheme", "prefer-dark" if dark else "default")
    for key, value in (
        ("gtk-theme", names["theme"]),
        ("icon-theme", names["icons"]),
        ("font-name", names["font"] and f"{names['font']} {size_pt}"),
    ):
        if value:
            settings.set_string(key, value)
    Gio.Settings.sync()


def _now() -> dict[str, Any]:
    """What the desktop's settings say."""
    theme, icons, font = [
        str(_xfconf("GetProperty", "xsettings", name))
        for name in ("/Net/ThemeName", "/Net/IconThemeName", "/Gtk/FontName")
    ]
    return {"theme": theme, "icons": icons, "font": font}


def _session() -> dict[str, Any]:
    """What this session was started with."""
    return {
        "locale": os.environ.get("LANG", ""),
        "dpi": int(_xfconf("GetProperty", "xsettings", "/Xft/DPI")),
        "scale": int(os.environ.get("GDK_SCALE", "1")),
        "qt_scale": os.environ.get("QT_SCALE_FACTOR", "1"),
    }


def _xfconf(call: str, channel: str, name: str, value: str | int | None = None) -> Any:
    """One call to the desktop's settings. Raises Refused where it fails."""
    from gi.repository import Gio, GLib

    kind, parts = "(ss)", [channel, name]
    if value is not None:
        inner = GLib.Variant("s" if isinstance(value, str) else "i", value)
        kind, parts = "(ssv)", [channel, name, inner]
    try:
        answer = Gio.bus_get_sync(Gio.BusType.SESSION).call_sync(
            "org.xfce.Xfconf", "/org/xfce/Xfconf", "org.xfce.Xfconf", call,
            GLib.Variant(kind, tuple(parts)), None, Gio.DBusCallFlags.NONE, ASK_MS, None,
        )  # fmt: skip
    except GLib.Error as error:
        raise Refused("rejected", f"{channel}{name}: {error.message}"[:300]) from error
    unpacked = answer.unpack()
    return unpacked[0] if unpacked else None


def _monitors() -> list[str]:
    from Xlib.display import Display

    display = Display()
    try:
        found = display.screen().root.xrandr_get_monitors().monitors
        return [str(display.get_atom_name(monitor.name)) for monitor in found]
    finally:
        display.close()


def _fonts() -> list[str]:
    """The families that fontconfig knows, by their first name."""
    asked = ["fc-list", "--format", "%{family[0]}\n"]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=FONTS_S, check=True)
    return sorted(set(done.stdout.splitlines()))
