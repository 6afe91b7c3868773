"""Tasks in the music player: songs played and loved, a list rated, the volume."""

from __future__ import annotations

from typing import Final

from collector.explore.tasks.intents import Intent, Press, Slide, Tick, button
from collector.explore.tasks.state import State, Verdict, verdict
from collector.explore.tasks.target import Target, the
from collector.explore.tasks.task import Setting, Values, on_site

IN_SIGHT: Final = 7
"""Songs that show without scrolling on a screen of usual size."""
BAR: Final = the("contentinfo")
VOLUME: Final = the("slider", "Volume", "音量")


def draw(setting: Setting) -> Values:
    """Two songs in sight; which are loved."""
    near = setting.page("player")["tracks"][1:IN_SIGHT]
    one, two = setting.rng.sample(near, 2)
    return {"song": one["name"], "other": two["name"]}


def draw_plain(setting: Setting) -> Values:
    """Two songs in sight that are not loved yet; which are."""
    near = setting.page("player")["tracks"][:IN_SIGHT]
    plain = [t["name"] for t in near if not t["loved"]]
    one, two = setting.rng.sample(plain, 2)
    return {"song": one, "other": two, "near": [t["name"] for t in near], "loved": [t["name"] for t in near if t["loved"]]}  # fmt: skip


def is_playing(state: State, v: Values) -> Verdict:
    """Whether the bar below names that song and would pause it."""
    named = state.names(Target(("text",), within=BAR))
    pause = state.one(the("button", "Pause", "暂停"))
    return verdict(song=(v["song"] in named, True), playing=(pause is not None, True))


def love(song: str) -> Target:
    """The heart of a song."""
    return button(f"Love {song}", f"喜欢 {song}")


def is_loved(state: State, v: Values) -> Verdict:
    """Whether that song is loved, and the others as they were."""
    found = [n for n in v["near"] if state.is_on(love(n))]
    return verdict(loved=(found, [n for n in v["near"] if n in {*v["loved"], v["song"]}]))


def draw_stars(setting: Setting) -> Values:
    """A number of stars that is not the present one."""
    one, two = setting.rng.sample([1, 2, 4, 5], 2)
    return {"stars": one, "other": two}


def draw_volume(setting: Setting) -> Values:
    """A volume."""
    one, two = setting.rng.sample(range(20, 66), 2)
    return {"volume": one, "other": two}


def set_up(v: Values) -> list[Intent]:
    """Shuffle on, the volume."""
    return [Tick(button("Shuffle", "随机播放")), Slide(VOLUME, v["volume"])]


TASKS: Final = (
    on_site(
        "player-play",
        ("Play the song “{song}”.", "播放歌曲《{song}》。"),
        draw, lambda v: [Press(button(f"Play {v['song']}", f"播放 {v['song']}"))], is_playing,
    ),
    on_site(
        "player-love",
        ("Mark the song “{song}” as loved.", "把歌曲《{song}》标记为喜欢。"),
        draw_plain, lambda v: [Tick(love(v["song"]))], is_loved,
    ),
    on_site(
        "player-rate",
        ("Rate the playlist with {stars} stars.", "给歌单评 {stars} 星。"),
        draw_stars, lambda v: [Press(the("radio", str(v["stars"])))],
        lambda s, v: verdict(stars=(s.is_on(the("radio", str(v["stars"]))), True)),
    ),
    on_site(
        "player-volume",
        ("Switch on shuffle and set the volume to {volume}.", "打开随机播放，并把音量设为 {volume}。"),
        draw_volume, set_up,
        lambda s, v: verdict(shuffle=(s.is_on(button("Shuffle", "随机播放")), True), volume=(s.value(VOLUME), str(v["volume"]))),
    ),
)  # fmt: skip
