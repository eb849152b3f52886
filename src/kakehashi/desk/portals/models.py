from django.db import models
from django.utils.translation import gettext_lazy as _

from kakehashi.core import clock
from kakehashi.identity.people.models import Language, Person


class FiguresBasis(models.TextChoices):
    """Which time averages count."""

    REAL = "real", _("Real time")
    WORKING = "working", _("Working time")


class Portal(models.Model):
    """One company's help desk. All rows of the Desk belong to one."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(_("Portal name"), max_length=120)
    slug = models.SlugField(max_length=120, unique=True, allow_unicode=True)
    language = models.CharField(_("Language"), max_length=5, choices=Language.choices, default=Language.JAPANESE)
    time_zone = models.CharField(_("Time zone"), max_length=60, default="Asia/Tokyo")
    next_ticket_number = models.BigIntegerField(default=101)
    send_hold_seconds = models.PositiveSmallIntegerField(_("Hold replies before sending (seconds)"), default=10)
    figures_basis = models.CharField(max_length=10, choices=FiguresBasis.choices, default=FiguresBasis.REAL)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(next_ticket_number__gte=101), name="ticket_numbers_from_101")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def tenant(self) -> str:
        return f"portal:{self.pk}"


class Department(models.Model):
    """A part of the portal, such as "Domestic support". It has any number of mail addresses; `answers_from` is the one it writes from."""

    id = models.BigAutoField(primary_key=True)
    portal = models.ForeignKey(Portal, on_delete=models.PROTECT, related_name="departments")
    name = models.CharField(_("Department name"), max_length=120)
    answers_from = models.ForeignKey("desk.MailAddress", on_delete=models.SET_NULL, null=True, related_name="+")
    signature_html = models.TextField(_("Signature"), blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_enabled = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["portal", "name"], name="department_name_once_per_portal"),
        ]

    def __str__(self) -> str:
        return self.name


class AgentRole(models.TextChoices):
    ADMINISTRATOR = "administrator", _("Administrator")
    AGENT = "agent", _("Agent")
    LIGHT_AGENT = "light_agent", _("Light agent")


class AgentState(models.TextChoices):
    INVITED = "invited", _("Invited")
    ACTIVE = "active", _("Active")
    INACTIVE = "inactive", _("Inactive")


class AgentProfile(models.Model):
    """Rights that a portal puts together itself, beside those of the roles. `permissions` are names of `rights.Rights`."""

    id = models.BigAutoField(primary_key=True)
    portal = models.ForeignKey(Portal, on_delete=models.PROTECT, related_name="profiles")
    name = models.CharField(max_length=80)
    permissions = models.JSONField(default=list)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["portal", "name"], name="agent_profile_name_once_per_portal")]

    def __str__(self) -> str:
        return self.name


class Agent(models.Model):
    """A person's seat in a portal: what they may do there, and in which departments.

    With a `profile` that one says what they may do; `role` is then "agent" where it lets them work on tickets, else "light agent".
    """

    id = models.BigAutoField(primary_key=True)
    portal = models.ForeignKey(Portal, on_delete=models.PROTECT, related_name="agents")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="agents")
    role = models.CharField(_("Role"), max_length=20, choices=AgentRole.choices)
    profile = models.ForeignKey(AgentProfile, on_delete=models.PROTECT, null=True, related_name="agents")
    state = models.CharField(_("State"), max_length=10, choices=AgentState.choices, default=AgentState.ACTIVE)
    departments = models.ManyToManyField(Department, related_name="agents")
    invitation_mark = models.CharField(max_length=20, blank=True)  # of the last link sent
    invited_at = models.DateTimeField(null=True)
    invited_by_name = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["portal", "person"], name="one_seat_per_person_and_portal"),
            models.CheckConstraint(condition=models.Q(role__in=AgentRole.values), name="agent_role_is_known"),
            models.CheckConstraint(condition=models.Q(state__in=AgentState.values), name="agent_state_is_known"),
        ]

    def __str__(self) -> str:
        return self.person.name

    @property
    def name(self) -> str:
        return self.person.name

    @property
    def grant(self) -> str:
        """How forms name what a seat may do: a role, or "profile:" and its id."""
        return f"profile:{self.profile_id}" if self.profile_id else self.role

    @property
    def grant_in_log(self) -> str:
        """The role, or the profile's name, as the log keeps it."""
        return self.profile.name if self.profile else self.role

    @property
    def grant_label(self) -> str:
        return self.profile.name if self.profile else self.get_role_display()

    @property
    def is_active(self) -> bool:
        return self.state == AgentState.ACTIVE
