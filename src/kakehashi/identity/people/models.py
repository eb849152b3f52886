from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from kakehashi.core import clock
from kakehashi.core.actors import Actor
from kakehashi.core.normalise.names import full_name


class Language(models.TextChoices):
    JAPANESE = "ja", "日本語"
    ENGLISH = "en", "English"


class Theme(models.TextChoices):
    SYSTEM = "system", _("Follow the system")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class People(BaseUserManager["Person"]):
    def create_user(self, email: str, password: str | None = None, **values: object) -> "Person":
        """A person who may sign in; without a password only after setting one by mail."""
        from allauth.account.models import EmailAddress  # it needs this module to be loaded first

        person = self.model(email=email.strip().lower(), **values)
        person.set_password(password)
        with transaction.atomic(using=self._db):
            person.save(using=self._db)
            EmailAddress.objects.create(user=person, email=person.email, primary=True)
        return person

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email__iexact=username)


class Person(AbstractBaseUser, PermissionsMixin):
    """One sign-in. May belong to several CRM orgs and Desk portals; what they may do there is said there, not here."""

    id = models.BigAutoField(primary_key=True)
    email = models.EmailField(_("E-mail"), unique=True)  # always lower case
    family_name = models.CharField(_("Last name"), max_length=80, blank=True)
    given_name = models.CharField(_("First name"), max_length=80, blank=True)
    language = models.CharField(_("Language"), max_length=5, choices=Language.choices, default=Language.JAPANESE)
    has_own_language = models.BooleanField(default=False, db_default=False)  # chosen by the person, not begun with
    time_zone = models.CharField(_("Time zone"), max_length=60, default="Asia/Tokyo")
    theme = models.CharField(_("Theme"), max_length=10, choices=Theme.choices, default=Theme.SYSTEM)
    uses_shortcuts = models.BooleanField(_("Keyboard shortcuts"), default=True)
    last_workspace = models.CharField(max_length=200, blank=True, editable=False)  # an address, see home/
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=clock.now)

    objects: ClassVar[People] = People()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="person_email_is_lower_case")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """姓 名 in Eastern letters, first name first in others, as of contacts; the e-mail address where neither is known."""
        return full_name(self.family_name, self.given_name) or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.family_name or self.email

    def as_actor(self, origin: str = "") -> Actor:
        return Actor(person_id=self.pk, name=self.name, origin=origin)
