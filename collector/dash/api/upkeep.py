"""This host: settings, images, kinds of machine, the doctor, the database, a bundle for who helps."""

from __future__ import annotations

from fastapi import APIRouter, Response

from collector.dash import keeping
from collector.dash.api.asks import Admin, Bundle, Name, Operator
from collector.dash.api.schemas import Document, told
from collector.dash.pages.show import At
from collector.dash.turns import alone
from infra.store import care, target_of

router = APIRouter()
ARCHIVE = {"description": "an archive", "content": {"application/gzip": {}}}


@router.get("/config", tags=["config"], responses=told("config", "show"))
def config_show(at: At, who: Operator) -> Document:
    """Every setting and where it came from; a secret is not shown."""
    from collector.views import config

    del who
    return Document(config.shown(at.settings))


@router.get("/images", tags=["image"], responses=told("image", "list"))
def image_list(at: At) -> Document:
    """The recipes, and the images that were built from them."""
    from collector.views import image

    return Document(image.listed(at.settings.cache))


@router.get("/images/{name}/verify", tags=["image"], responses=told("image", "verify"))
def image_verify(at: At, who: Operator, name: Name) -> Document:
    """Read every byte of an image and compare it with the manifest."""
    from collector.views import image
    from infra import images

    del who
    found = images.find(name, at.settings.cache)
    with alone("the verification of an image"):
        images.verify(found)
    return Document(image.record(found))


@router.get("/envs", tags=["env"], responses=told("env", "list"))
def env_list() -> Document:
    """Every kind of machine that can be opened here."""
    from collector.views import env

    return Document({"envs": env.listed()})


@router.get("/doctor", tags=["doctor"], responses=told("doctor", "doctor"))
def doctor(who: Operator) -> Document:
    """What this host can do and what is missing; programs are started for a moment to see it."""
    from collector.views import doctor as view

    del who
    with alone("the doctor"):
        return Document(view.looked())


@router.get("/doctor/security", tags=["doctor"], responses=told("doctor", "security"))
def doctor_security(who: Admin) -> Document:
    """Each boundary around guests, pages and data, whether it holds, and how that was seen."""
    from collector.views import doctor as view

    del who
    with alone("the doctor"):
        return Document(view.looked(security=True))


@router.get("/db/check", tags=["db"], responses=told("db", "check"))
def db_check(at: At, who: Admin) -> Document:
    """Read the whole database and compare its tables with ours."""
    del who
    return Document(care.check(target_of(at.settings)).as_record())


@router.post("/support-bundle", tags=["support-bundle"], response_class=Response,
             responses={200: ARCHIVE})  # fmt: skip
def support_bundle(at: At, who: Admin, wants: Bundle) -> Response:
    """One archive for somebody who helps, without secrets; nothing of it is left on the host."""
    made = keeping.bundle(at, who, wants.reason, quick=wants.quick)
    named = {"Content-Disposition": f'attachment; filename="{made.name}"'}
    return Response(made.data, media_type="application/gzip", headers=named)
