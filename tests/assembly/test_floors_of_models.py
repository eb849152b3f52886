"""Design §2: no table of the CRM or the Desk points at the other or up to the bridge, whatever Python imports say."""

from collections.abc import Iterator

from django.apps import apps
from django.db.models import Model

FLOORS = ["core", "ui", "rest", "identity", "crm", "desk", "bridge", "assembly"]
MAY_POINT_AT = {
    "core": {"core"},
    "ui": {"core", "ui"},
    "rest": {"core", "rest"},
    "identity": {"core", "rest", "ui", "identity"},
    "crm": {"core", "rest", "ui", "identity", "crm"},
    "desk": {"core", "rest", "ui", "identity", "desk"},
    "bridge": {"core", "rest", "ui", "identity", "bridge"},
    "assembly": set(FLOORS),
}


def pointers() -> Iterator[tuple[str, str, str]]:
    """(floor of a table, floor that it points at, the column) for every foreign key and many-to-many of ours."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields(include_hidden=True):
            target = getattr(field, "related_model", None)
            points = not getattr(field, "auto_created", False) or getattr(field, "concrete", False)
            if points and isinstance(target, type) and issubclass(target, Model):
                yield model._meta.app_label, target._meta.app_label, f"{model.__name__}.{field.name}"


def test_no_table_points_across_or_up() -> None:
    wrong = [
        f"{column} ({source}) points at {target}"
        for source, target, column in pointers()
        if source in FLOORS and target in FLOORS and target not in MAY_POINT_AT[source]
    ]
    assert wrong == []


def test_the_pointers_of_our_tables_are_seen() -> None:
    assert any(source == "identity" for source, _, _ in pointers())
