"""Pictures drawn by rule: landscapes, goods on a plain ground, covers, portraits, as SVG.

The same kind and number always give the same picture.
"""

from __future__ import annotations

import colorsys
import math
import random
from collections.abc import Callable
from typing import Final

W, H = 480, 360


def _hex(hue: float, light: float, strong: float = 0.5) -> str:
    red, green, blue = colorsys.hls_to_rgb(hue % 1, max(0, min(1, light)), strong)
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"


def _svg(body: str, width: int = W, height: int = H) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}">{body}</svg>'
    )


def _sky(hue: float, rng: random.Random) -> str:
    top, low = _hex(hue, 0.55, 0.55), _hex(hue + 0.06, 0.86, 0.7)
    sun_x, sun_y = rng.randint(60, W - 60), rng.randint(40, 130)
    return (
        f'<defs><linearGradient id="s" x2="0" y2="1"><stop stop-color="{top}"/>'
        f'<stop offset="1" stop-color="{low}"/></linearGradient></defs>'
        f'<rect width="{W}" height="{H}" fill="url(#s)"/>'
        f'<circle cx="{sun_x}" cy="{sun_y}" r="{rng.randint(18, 34)}" fill="#fff6dc" opacity=".9"/>'
    )


def _ridge(base: float, rough: float, rng: random.Random) -> str:
    points = []
    level = base
    for x in range(0, W + 1, 12):
        level += rng.uniform(-rough, rough)
        level += (base - level) * 0.06
        points.append(f"{x} {level:.1f}")
    return f"M0 {H}L" + "L".join(points) + f"L{W} {H}Z"


def landscape(rng: random.Random) -> str:
    """Hills behind hills under a low sun, water or fields in front."""
    hue = rng.choice([0.55, 0.58, 0.62, 0.08, 0.03, 0.72, 0.5])
    ground = rng.choice([0.33, 0.28, 0.4, hue])
    body = [_sky(hue, rng)]
    for layer in range(4):
        tone = _hex(ground + 0.02 * layer, 0.66 - 0.13 * layer, 0.28 + 0.05 * layer)
        body.append(f'<path d="{_ridge(170 + 42 * layer, 16 - 3 * layer, rng)}" fill="{tone}"/>')
    for _ in range(rng.randint(5, 16)):
        x, y, size = rng.randint(0, W), rng.randint(290, 350), rng.randint(14, 34)
        tone = _hex(ground + 0.03, 0.2, 0.35)
        body.append(
            f'<path d="M{x} {y - size * 2}l{size * 0.6:.0f} {size * 2}h-{size * 1.2:.0f}z" fill="{tone}"/>'
        )
    return _svg("".join(body))


def _windows(x: int, top: int, wide: int, rng: random.Random) -> list[str]:
    """The lit windows of one house."""
    return [
        f'<rect x="{wx}" y="{wy}" width="5" height="7" fill="#ffe9a8" opacity=".8"/>'
        for wy in range(top + 10, H - 8, 15)
        for wx in range(x + 6, x + wide - 8, 11)
        if rng.random() < 0.35
    ]


def city(rng: random.Random) -> str:
    """A skyline with lit windows."""
    hue = rng.choice([0.6, 0.66, 0.07, 0.9])
    body = [_sky(hue, rng)]
    for row, light in enumerate((0.62, 0.44, 0.28)):
        x = -10
        while x < W:
            wide, tall = rng.randint(28, 62), rng.randint(70, 190) - 26 * row
            tone = _hex(hue + 0.02 * row, light, 0.22)
            body.append(
                f'<rect x="{x}" y="{H - tall}" width="{wide}" height="{tall}" fill="{tone}"/>'
            )
            body += _windows(x, H - tall, wide, rng)
            x += wide + rng.randint(0, 10)
    return _svg("".join(body))


GOODS: Final[dict[str, str]] = {
    "mug": '<path d="M170 130h120v120a30 30 0 0 1-30 30h-60a30 30 0 0 1-30-30z" fill="{a}"/><path d="M290 155h22a34 34 0 0 1 0 74h-22" fill="none" stroke="{a}" stroke-width="16"/><ellipse cx="230" cy="130" rx="60" ry="14" fill="{b}"/><path d="M186 150v95" stroke="{c}" stroke-width="7" opacity=".5"/>',
    "lamp": '<path d="M180 90h120l34 92H146z" fill="{a}"/><path d="M232 182h16v84h-16z" fill="{b}"/><ellipse cx="240" cy="276" rx="62" ry="15" fill="{b}"/><path d="M196 100l-18 70" stroke="{c}" stroke-width="8" opacity=".5"/>',
    "chair": '<rect x="172" y="84" width="136" height="100" rx="22" fill="{a}"/><rect x="160" y="188" width="160" height="34" rx="14" fill="{b}"/><path d="M176 222l-14 66M304 222l14 66M206 222v58M274 222v58" stroke="{d}" stroke-width="10" stroke-linecap="round"/>',
    "book": '<path d="M150 92h150a14 14 0 0 1 14 14v174H166a16 16 0 0 1-16-16z" fill="{a}"/><path d="M150 264a16 16 0 0 0 16 16h148v-22H166" fill="#f5f0e4"/><path d="M176 92v166" stroke="{d}" stroke-width="5" opacity=".5"/><rect x="200" y="122" width="88" height="12" rx="6" fill="{c}"/><rect x="200" y="146" width="60" height="8" rx="4" fill="{c}" opacity=".7"/>',
    "headphones": '<path d="M150 220v-26a90 90 0 0 1 180 0v26" fill="none" stroke="{d}" stroke-width="16"/><rect x="132" y="196" width="46" height="84" rx="20" fill="{a}"/><rect x="302" y="196" width="46" height="84" rx="20" fill="{a}"/><rect x="168" y="204" width="16" height="68" rx="8" fill="{b}"/><rect x="296" y="204" width="16" height="68" rx="8" fill="{b}"/>',
    "backpack": '<path d="M206 96a34 34 0 0 1 68 0" fill="none" stroke="{d}" stroke-width="12"/><path d="M160 150a60 60 0 0 1 60-58h40a60 60 0 0 1 60 58v124a16 16 0 0 1-16 16H176a16 16 0 0 1-16-16z" fill="{a}"/><rect x="186" y="206" width="108" height="62" rx="12" fill="{b}"/><path d="M186 226h108" stroke="{d}" stroke-width="5"/><rect x="206" y="126" width="68" height="44" rx="10" fill="{c}" opacity=".6"/>',
    "watch": '<rect x="206" y="70" width="68" height="72" rx="12" fill="{b}"/><rect x="206" y="230" width="68" height="72" rx="12" fill="{b}"/><rect x="176" y="124" width="128" height="124" rx="36" fill="{d}"/><rect x="190" y="138" width="100" height="96" rx="26" fill="{a}"/><path d="M240 160v28l20 14" stroke="#fff" stroke-width="7" fill="none" stroke-linecap="round"/>',
    "plant": '<path d="M188 220h104l-14 68h-76z" fill="{a}"/><path d="M240 220c-4-60-60-70-76-104 44-6 76 22 80 70 2-52 24-92 76-100 2 56-40 80-72 134" fill="#4f9a61"/><path d="M240 220c0-50 2-90 4-130" stroke="#2f6f43" stroke-width="6" fill="none"/>',
    "keyboard": '<rect x="106" y="140" width="268" height="112" rx="16" fill="{d}"/>KEYS<rect x="176" y="220" width="128" height="18" rx="5" fill="{a}"/>',
    "bottle": '<rect x="216" y="70" width="48" height="34" rx="8" fill="{d}"/><path d="M210 104h60c4 24 26 30 26 58v104a22 22 0 0 1-22 22h-68a22 22 0 0 1-22-22V162c0-28 22-34 26-58z" fill="{a}"/><rect x="184" y="184" width="112" height="56" fill="{b}"/><path d="M202 150v120" stroke="#fff" stroke-width="8" opacity=".35"/>',
    "camera": '<rect x="118" y="128" width="244" height="146" rx="22" fill="{d}"/><path d="M196 128l14-26h60l14 26z" fill="{d}"/><circle cx="240" cy="202" r="58" fill="{b}"/><circle cx="240" cy="202" r="42" fill="{a}"/><circle cx="226" cy="188" r="13" fill="#fff" opacity=".55"/><circle cx="330" cy="154" r="9" fill="{c}"/>',
    "shoe": '<path d="M118 214c30-6 62-30 80-66l66 44c26 16 62 14 88 26 12 6 14 18 14 34H118z" fill="{a}"/><path d="M110 250h262a14 14 0 0 1-6 28H124c-10 0-16-12-14-28z" fill="#f4f4f2"/><path d="M214 164l24-14M232 178l24-14M250 190l24-12" stroke="{c}" stroke-width="7" stroke-linecap="round"/>',
    "teapot": '<path d="M150 190a86 66 0 0 1 172 0c0 50-34 84-86 84s-86-34-86-84z" fill="{a}"/><path d="M322 188c24-6 34-28 50-30-4 34-22 60-58 70" fill="{a}"/><path d="M152 182c-40-10-56 44-4 62" fill="none" stroke="{a}" stroke-width="14"/><ellipse cx="236" cy="130" rx="44" ry="10" fill="{b}"/><circle cx="236" cy="114" r="11" fill="{b}"/>',
    "phone": '<rect x="182" y="72" width="116" height="222" rx="22" fill="{d}"/><rect x="190" y="82" width="100" height="202" rx="14" fill="{a}"/><circle cx="214" cy="112" r="14" fill="{c}"/><rect x="204" y="148" width="72" height="10" rx="5" fill="#fff" opacity=".7"/><rect x="204" y="168" width="50" height="10" rx="5" fill="#fff" opacity=".45"/>',
}


def goods(kind: str, rng: random.Random) -> str:
    """One article on a soft ground with its shadow."""
    hue = rng.random()
    ground, light = _hex(hue + 0.5, 0.93, 0.3), _hex(hue + 0.5, 0.98, 0.3)
    paints = {
        "a": _hex(hue, 0.48, 0.45), "b": _hex(hue, 0.34, 0.4),
        "c": _hex(hue + 0.12, 0.78, 0.6), "d": _hex(hue, 0.2, 0.15),
    }  # fmt: skip
    keys = "".join(
        f'<rect x="{118 + 24.6 * x:.1f}" y="{152 + 22 * y}" width="20" height="17" rx="4" fill="{paints["c"] if rng.random() < 0.1 else "#f1f1ee"}"/>'
        for y in range(3)
        for x in range(10)
    )
    drawn = GOODS[kind].format(**paints).replace("KEYS", keys)
    return _svg(
        f'<defs><radialGradient id="g" cy=".4"><stop stop-color="{light}"/>'
        f'<stop offset="1" stop-color="{ground}"/></radialGradient></defs>'
        f'<rect width="{W}" height="{H}" fill="url(#g)"/>'
        f'<ellipse cx="240" cy="292" rx="120" ry="13" fill="#000" opacity=".12"/>{drawn}'
    )


def cover(rng: random.Random) -> str:
    """A record's or book's cover: a few large shapes."""
    hue = rng.random()
    body = [f'<rect width="360" height="360" fill="{_hex(hue, 0.3, 0.5)}"/>']
    for step in range(rng.randint(4, 8)):
        tone = _hex(hue + rng.choice([0.05, 0.12, 0.5, 0.45]), rng.uniform(0.4, 0.8), 0.6)
        x, y, r = rng.randint(0, 360), rng.randint(0, 360), rng.randint(30, 130)
        shape = rng.choice(["circle", "bar", "arc"])
        if shape == "circle":
            body.append(f'<circle cx="{x}" cy="{y}" r="{r}" fill="{tone}" opacity=".85"/>')
        elif shape == "bar":
            body.append(
                f'<rect x="{x - r}" y="{y}" width="{2 * r}" height="{r // 3}" fill="{tone}" transform="rotate({step * 23} {x} {y})"/>'
            )
        else:
            body.append(
                f'<circle cx="{x}" cy="{y}" r="{r}" fill="none" stroke="{tone}" stroke-width="{r // 5}"/>'
            )
    return _svg("".join(body), 360, 360)


def portrait(rng: random.Random) -> str:
    """Head and shoulders."""
    hue = rng.random()
    skin = rng.choice(["#f1c9a5", "#e0ac84", "#c58c5c", "#8d5a3b", "#f6d7bd"])
    hair = rng.choice(["#2b2320", "#4a3324", "#7a5230", "#1d1d22", "#a9793e", "#8e8e8e"])
    long = rng.random() < 0.5
    locks = f'<path d="M34 60c-4 34 0 44 6 48h48c8-6 10-20 6-48z" fill="{hair}"/>' if long else ""
    return _svg(
        f'<rect width="128" height="128" fill="{_hex(hue, 0.82, 0.45)}"/>{locks}'
        f'<path d="M14 134c2-32 22-44 50-44s48 12 50 44z" fill="{_hex(hue + 0.4, 0.42, 0.4)}"/>'
        f'<path d="M54 78h20v20c0 8-20 8-20 0z" fill="{skin}"/>'
        f'<ellipse cx="64" cy="60" rx="25" ry="29" fill="{skin}"/>'
        f'<path d="M37 60c-3-30 10-40 27-40s31 10 27 40c-4-16-10-22-18-24-10 8-26 4-36 24z" fill="{hair}"/>'
        f'<circle cx="55" cy="62" r="2.6" fill="#2a2522"/><circle cx="73" cy="62" r="2.6" fill="#2a2522"/>'
        '<path d="M56 76c5 4 11 4 16 0" stroke="#9c5a48" stroke-width="2.5" fill="none" stroke-linecap="round"/>',
        128,
        128,
    )


def plan(rng: random.Random) -> str:
    """A street map without names."""
    body = [f'<rect width="{W}" height="{H}" fill="#eef0ea"/>']
    for _ in range(5):
        x, y = rng.randint(0, W), rng.randint(0, H)
        tone = rng.choice(["#cfe5c2", "#cfe5c2", "#b9d9ee"])
        body.append(
            f'<ellipse cx="{x}" cy="{y}" rx="{rng.randint(40, 100)}" ry="{rng.randint(30, 70)}" fill="{tone}"/>'
        )
    for index in range(16):
        angle = rng.choice([0, 90]) + rng.uniform(-9, 9)
        wide = 10 if index % 5 == 0 else 5
        x, y = rng.randint(0, W), rng.randint(0, H)
        dx, dy = 900 * math.cos(math.radians(angle)), 900 * math.sin(math.radians(angle))
        tone = "#f7cf7a" if index % 5 == 0 else "#ffffff"
        body.append(
            f'<path d="M{x - dx:.0f} {y - dy:.0f}L{x + dx:.0f} {y + dy:.0f}" stroke="{tone}" stroke-width="{wide}"/>'
        )
    body.append(
        '<path d="M240 190s-26-26-26-46a26 26 0 0 1 52 0c0 20-26 46-26 46z" fill="#d7443e"/><circle cx="240" cy="145" r="9" fill="#fff"/>'
    )
    return _svg("".join(body))


KINDS: Final[dict[str, Callable[[random.Random], str]]] = {
    "landscape": landscape, "city": city, "cover": cover, "portrait": portrait, "plan": plan,
}  # fmt: skip


def draw(kind: str, number: int) -> str | None:
    """The picture of that kind and number; None for an unknown kind."""
    rng = random.Random(f"{kind}:{number}")  # noqa: S311 - pictures, not secrets
    if kind in GOODS:
        return goods(kind, rng)
    return KINDS[kind](rng) if kind in KINDS else None
