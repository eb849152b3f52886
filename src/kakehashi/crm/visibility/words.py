"""The reasons in words: about oneself, and about somebody else."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from kakehashi.core.errors import Text
from kakehashi.crm.modules.schema import ModuleSchema
from kakehashi.crm.orgs.models import Membership

from .reasons import Answer, Why


def sentence(answer: Answer, member: Membership, owner: Membership | None, module: ModuleSchema) -> str:
    """Why this member may (not) do it; short enough for a list."""
    facts: Mapping[str, Any] = {
        "profile": member.profile,
        "role": member.role or "–",
        "owner": owner.person.name if owner else "",
        "owner_role": owner.role if owner and owner.role else "–",
        "module": module.plural,
    }
    return str(_words()[answer.why]) % facts


def _words() -> Mapping[Why, Text]:
    return {
        Why.ADMINISTRATOR: _("Administrators may do this with every record."),
        Why.ALL: _("The profile “%(profile)s” allows it with all records of %(module)s."),
        Why.OWNER: _("Is the owner."),
        Why.ABOVE: _("The role “%(role)s” stands above “%(owner_role)s”, the role of the owner %(owner)s."),
        Why.PEER: _("Has the same role as the owner %(owner)s, and “%(role)s” shares with peers."),
        Why.NO_MODULE: _("The profile “%(profile)s” does not allow it with %(module)s."),
        Why.NO_OWNER: _(
            "The record has no owner, and the profile “%(profile)s” allows it only with records of certain owners."
        ),
        Why.ONLY_OWN: _(
            "The profile “%(profile)s” allows it only with one's own records; the owner of this one is %(owner)s."
        ),
        Why.ONLY_TEAM: _(
            "The profile “%(profile)s” allows it only with records of the team; “%(owner_role)s”, the role of the owner %(owner)s, does not stand below “%(role)s”."
        ),
        Why.INACTIVE: _("Is not active in this organisation any more."),
    }
