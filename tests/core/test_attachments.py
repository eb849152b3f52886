import io
import os

import pytest

from kakehashi.core.actors import SYSTEM
from kakehashi.core.attachments.actions import FileIsTooLarge, FileTypeIsBlocked, safe_name, store_attachment
from kakehashi.core.attachments.models import Attachment
from kakehashi.core.attachments.serving import attachment_response
from kakehashi.core.attachments.storage import path_of, write_contents

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


@pytest.fixture(autouse=True)
def folder(tmp_path: object, settings: object) -> None:
    settings.ATTACHMENTS = tmp_path  # type: ignore[attr-defined]


def store(name: str = "a.txt", content: bytes = b"hello", content_type: str = "text/plain") -> Attachment:
    return store_attachment(
        tenant="org:1", name=name, content=io.BytesIO(content), content_type=content_type, actor=SYSTEM
    )


def test_a_file_is_kept_under_its_digest_and_only_once() -> None:
    first, second = store(), store("b.txt")
    assert first.digest == second.digest
    assert path_of(first.digest).read_bytes() == b"hello"
    assert first.size_bytes == 5


def test_a_file_over_the_limit_is_refused_and_leaves_nothing(settings: object) -> None:
    settings.ATTACHMENT_LIMIT_BYTES = 4  # type: ignore[attr-defined]
    with pytest.raises(FileIsTooLarge):
        store()
    assert not list(path_of("00" * 32).parents[2].rglob("incoming-*"))


def test_a_file_and_the_folders_that_name_it_are_safe_before_it_is_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    waited_for: list[int] = []
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda number: (waited_for.append(os.fstat(number).st_ino), real(number)))
    (first, second) = write_contents([[b"he", b"llo"], [b"world"]], limit_bytes=5)
    assert first
    assert second
    for digest, _size in (first, second):
        path = path_of(digest)
        places = [waited_for.index(one.stat().st_ino) for one in (path, *path.parents[:3])]
        assert places[0] < min(places[1:])


def test_one_file_that_is_too_large_keeps_no_other_from_being_stored() -> None:
    stored = write_contents([[b"12345"], [b"1234567"], [b"1"]], limit_bytes=5)
    assert [one and one[1] for one in stored] == [5, None, 1]
    assert not list(path_of("00" * 32).parents[2].rglob("incoming-*"))


@pytest.mark.parametrize("name", ["run.exe", "見積.pdf.SCR", "a.js"])
def test_a_program_is_refused(name: str) -> None:
    with pytest.raises(FileTypeIsBlocked):
        store(name)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\docs\\見積.pdf", "見積.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\u202egnp.exe.txt", "a_gnp.exe.txt"),
        ("", "attachment"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
def test_a_name_is_bare_and_harmless(given: str, kept: str) -> None:
    assert safe_name(given) == kept


def test_a_page_is_never_shown_inline() -> None:
    response = attachment_response(store("page.html", b"<script>alert(1)</script>", "text/html"))
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Type"] == "application/octet-stream"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]


def test_an_image_is_shown_inline_only_if_it_is_one() -> None:
    assert attachment_response(store("a.png", PNG, "image/png"))["Content-Disposition"].startswith("inline")
    assert attachment_response(store("b.png", b"<svg onload=x>", "image/png"))["Content-Disposition"].startswith(
        "attachment"
    )
