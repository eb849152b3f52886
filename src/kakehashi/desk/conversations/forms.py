"""What the composer sends."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from kakehashi.core.actors import Actor
from kakehashi.core.ids import id_in, ids_in
from kakehashi.desk.portals.models import Portal

from .drafts import Written
from .html import clean_html
from .uploads import NewFile, images_in, name_images, own_uploads


def written_in(request: HttpRequest, portal: Portal, actor: Actor, *, mode: str = "reply") -> Written:
    """`mode` is what counts where none was sent."""
    form = request.POST
    html = clean_html(name_images(form.get("html", "")))
    ids = [*images_in(html), *ids_in(form.getlist("uploads"))]
    files = [new_file(file) for file in request.FILES.getlist("files")]
    return Written(
        mode=form.get("mode", mode),
        html=html,
        to=form.getlist("to"),
        cc=form.getlist("cc"),
        bcc=form.getlist("bcc"),
        uploads=[*files, *own_uploads(portal, actor, ids)],
        seen=id_in(form.get("seen")),
        key=form.get("key", ""),
    )


def new_file(file: UploadedFile[Any]) -> NewFile:
    return NewFile(file.name or "attachment", file.content_type or "application/octet-stream", file.read())
