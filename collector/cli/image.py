"""`trawl image`: what desktop machines start from: list, build, verify, warm."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer

from collector.cli import render
from collector.cli.options import AsJson
from collector.views import image as view
from infra import images, settings
from infra.errors import Conflict
from infra.images import Image
from infra.progress import Progress
from infra.settings import Settings

if TYPE_CHECKING:
    from envs.ubuntu.session import Session
    from infra.hypervisor import Host, Template

app = typer.Typer(no_args_is_help=True, help="Images: built from a recipe, named by hash.")
Name = Annotated[str, typer.Argument(help="a recipe's name; by default the one in the settings")]


@app.callback()
def _image() -> None:
    """Images: built from a recipe, named by hash."""


@app.command("list")
def listing(as_json: AsJson = False) -> None:
    """The recipes, and the images that were built from them."""
    found = view.listed(settings.load().cache)
    if as_json:
        render.document(found)
        return
    rows = [[r["name"], r["sha256"][:12], r["packages"], r["bytes"] >> 20] for r in found["built"]]
    rows += [[name, "not built", "", ""] for name in found["not_built"]]
    render.table(["image", "hash", "packages", "MiB"], rows)


@app.command()
def build(name: Name = "", as_json: AsJson = False) -> None:
    """Build an image, unless the same one is there."""
    from envs.guest import payload
    from envs.guest.wire import AGENT_VERSION

    loaded = settings.load()
    name = name or loaded.image
    images.recipe(name)
    with TemporaryDirectory() as scratch, render.progress(f"image {name}") as told:
        image = images.build(
            name,
            loaded.cache,
            told,
            payload=payload.build(Path(scratch) / "payload"),
            agent=AGENT_VERSION,
            floor_bytes=loaded.disk_floor_bytes,
        )
    _show(image, as_json, f"next: trawl image warm {name}")


@app.command()
def verify(name: Name = "", as_json: AsJson = False) -> None:
    """Read every byte of an image and compare it with the manifest."""
    loaded = settings.load()
    image = images.find(name or loaded.image, loaded.cache)
    with render.progress(f"verify {image.name}") as told:
        images.verify(image, told)
    _show(image, as_json, "every file is what was built")


@app.command()
def warm(
    name: Name = "",
    again: Annotated[bool, typer.Option("--again", help="also where one is there")] = False,
    locale: Annotated[str, typer.Option(help="en_US, zh_CN or he_IL")] = "en_US",
    scale: Annotated[str, typer.Option(help="1, 1.25, 1.5, 2 by fonts, or 2x by units")] = "1",
    screen: Annotated[str, typer.Option(help="width x height in pixels")] = "1280x800",
    programs: Annotated[str, typer.Option(help="everyday, modern or office")] = "everyday",
    looks: Annotated[int, typer.Option(min=0, help="the first N of the design instead")] = 0,
    as_json: AsJson = False,
) -> None:
    """Boot an image once, open its programs, and freeze the template that machines fork from."""
    from collector.diversity.plan import Plan
    from envs.ubuntu.session import Session

    sessions = [Session(locale, scale, screen, programs)]
    if looks:
        sessions = Plan(templates=looks).sessions()
    loaded = settings.load()
    image = images.find(name or loaded.image, loaded.cache)
    rows = _warmed(loaded, image, sessions, again=again)
    if as_json:
        render.document({"templates": rows} if looks else rows[0])
        return
    for row in rows:
        render.echo(f"{row['template']} in {row['directory']}")
    render.echo("next: trawl env check ubuntu")


def _warmed(
    loaded: Settings, image: Image, sessions: list[Session], *, again: bool
) -> list[dict[str, Any]]:
    """The template of each session, made where it is not there; only the usual one stays loaded."""
    from envs.ubuntu import template
    from infra.hypervisor import Host

    host = Host(
        loaded.home / "warming",
        accel=loaded.accel,
        memory_floor_bytes=loaded.memory_floor_bytes,
        disk_floor_bytes=loaded.disk_floor_bytes,
    )
    rows = []
    with host:
        for left_by_a_killed_one in host.domains():
            left_by_a_killed_one.destroy()
        for session in sessions:
            directory = template.place(image, loaded.cache, session)
            if again:
                shutil.rmtree(directory, ignore_errors=True)
            with render.progress(f"template of {image.name}") as told:
                frozen = _frozen(host, image, directory, session, told)
            rows.append(_warm_row(frozen, image, session))
            if session != template.DEFAULT:
                host.unload(frozen)
    return rows


def _warm_row(frozen: Template, image: Image, session: Session) -> dict[str, Any]:
    return {
        "template": frozen.name,
        "directory": str(frozen.directory),
        "image": image.name,
        "image_sha256": image.sha256,
        "state_bytes": len(frozen.state),
        "session": session.as_record(),
        "programs": frozen.frozen.about.get("programs", []),
    }


def _frozen(
    host: Host, image: Image, directory: Path, session: Session, told: Progress
) -> Template:
    """The template that is there, or a new one; of two made at once, the first is kept."""
    from envs.ubuntu import template

    if not directory.exists():
        try:
            return template.warm(host, image, directory, told, session=session)
        except Conflict:
            if not directory.exists():
                raise
    return host.load_template(directory)


def _show(image: Image, as_json: bool, then: str) -> None:
    row = view.record(image)
    if as_json:
        render.document(row)
        return
    render.echo(f"{row['name']} {row['sha256'][:12]} ({row['os']}, {row['packages']} packages)")
    render.echo(f"  {row['directory']}")
    render.echo(then)
