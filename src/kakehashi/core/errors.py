"""The one root of everything that people are told went wrong."""

from collections.abc import Mapping
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class ProductError(Exception):
    """Something a person should read. Subclasses live beside the action that raises them.

    `code` is stable and for machines, `status` is the HTTP status, `message` is for people and translated late.
    """

    code: ClassVar[str] = "product_error"
    status: ClassVar[int] = 400
    message: Text = _("Something went wrong.")

    def __init__(self, message: Text | None = None) -> None:
        if message is not None:
            self.message = message
        super().__init__(self.message)

    def __str__(self) -> str:
        return str(self.message)


class InvalidValues(ProductError):
    """What was typed cannot be stored. `by_field` maps a field's name to the sentence that goes beside it."""

    code = "invalid_values"
    status = 422
    message = _("Some values need your attention.")

    def __init__(self, by_field: Mapping[str, Text]) -> None:
        super().__init__()
        self.by_field = dict(by_field)

    def __str__(self) -> str:
        return "; ".join(f"{field}: {sentence}" for field, sentence in self.by_field.items())


class NotAllowed(ProductError):
    """This person may not do this. `who_can` says, in words, who may."""

    code = "not_allowed"
    status = 403
    message = _("You are not allowed to do this.")

    def __init__(self, message: Text | None = None, *, who_can: Text = "") -> None:
        super().__init__(message)
        self.who_can = who_can


class NotFound(ProductError):
    """No such thing, or none that this person may know of. Strangers get this, never `NotAllowed`."""

    code = "not_found"
    status = 404
    message = _("This page or record does not exist, or you cannot see it.")


class StaleVersion(ProductError):
    """Somebody changed the record after the version that this change was based on."""

    code = "stale_version"
    status = 409
    message = _("Somebody else changed this in the meantime.")


def sentence_of(refused: ProductError) -> str:
    """What to say above a form whose fields cannot show it themselves."""
    sentences = refused.by_field.values() if isinstance(refused, InvalidValues) else [refused.message]
    return " ".join(str(sentence) for sentence in sentences)
