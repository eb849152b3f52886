"""The colleagues as people who can sign in."""

from collections.abc import Mapping

from django.contrib.auth.hashers import make_password

from kakehashi.assembly.demo.staff import PASSWORD, STAFF, Colleague
from kakehashi.identity.people.actions import verify_email
from kakehashi.identity.people.models import Person
from kakehashi.identity.sign_in.demo import offer

_DESK_ROLES = {
    "administrator": ("サポート管理者", "Desk administrator"),
    "agent": ("サポート担当者", "Desk agent"),
    "light_agent": ("制限付き担当者（コメントのみ）", "Light agent (comments only)"),
    "": ("Deskのアカウントなし", "no Desk account"),
}
_CRM_ROLES = {"administrator": ("CRM管理者", "CRM administrator"), "standard": ("CRMユーザー", "CRM user")}


def make_people() -> None:
    """One hash for all: each costs a third of a second, and the password is printed at the start anyway."""
    hashed = make_password(PASSWORD)
    for colleague in STAFF:
        person = Person.objects.create_user(
            colleague.email, family_name=colleague.family, given_name=colleague.given, language=colleague.language
        )
        Person.objects.filter(pk=person.pk).update(password=hashed)
        verify_email(person)


def find_people() -> Mapping[str, Person]:
    """By the colleague's key."""
    people = {person.email: person for person in Person.objects.filter(email__in=[one.email for one in STAFF])}
    return {colleague.key: people[colleague.email] for colleague in STAFF}


def offer_sign_ins(people: Mapping[str, Person]) -> None:
    """On the sign-in page, the administrator first."""
    for colleague in STAFF:
        offer(people[colleague.key], colleague.name, colleague.name_abroad, _what_they_do(colleague))


def _what_they_do(colleague: Colleague) -> tuple[str, str]:
    crm, desk = _CRM_ROLES[colleague.crm], _DESK_ROLES[colleague.desk]
    return f"{crm[0]}・{desk[0]}", f"{crm[1]}, {desk[1]}"
