"""Who could be the same as somebody? With the evidence, so that a person can judge: the same address may well belong to several."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from kakehashi.core.normalise.companies import company_core, without_form
from kakehashi.core.normalise.email import normal_email
from kakehashi.desk.customers.models import Account, Contact, with_email, with_phone
from kakehashi.desk.products.models import Product
from kakehashi.desk.records.models import DeskRecord
from kakehashi.desk.records.searching import found_by

from .kinds import kind_of

_MOST = 50
_MOST_OF_A_NAME = 200


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that may be meant, and what speaks for it. One that shares no more than a name or a phone number with a person is not `is_likely`."""

    record: Any
    evidence: Sequence[str]
    is_likely: bool


def find_candidates(record: DeskRecord) -> list[Candidate]:
    """Live records of the same portal that are like this one; those with most in common first. At most two queries."""
    likenesses = _LIKENESSES[kind_of(record).name](record)
    found: dict[int, Candidate] = {}
    for rows, judge in likenesses:
        for other in rows:
            if other.pk != record.pk and other.pk not in found and (candidate := judge(other)):
                found[other.pk] = candidate
    order = sorted(found.values(), key=lambda one: (not one.is_likely, -len(one.evidence), one.record.pk))
    return order[:_MOST]


_Judge = Callable[[Any], Candidate | None]
_Likeness = tuple[QuerySet[Any], _Judge]


def _rows(record: DeskRecord) -> QuerySet[Any]:
    rows = kind_of(record).rows().filter(portal_id=record.portal_id, deleted_at__isnull=True).exclude(pk=record.pk)
    return rows.defer("search")


def _like_contact(contact: Contact) -> Iterator[_Likeness]:
    def judge(other: Contact) -> Candidate:
        """A phone number may be the company's: alone it says little."""
        addresses, phones = _shared_addresses(contact, other), _shared_phones(contact, other)
        is_namesake = other.name_normal == contact.name_normal
        accounts = {contact.account_id, other.account_id}
        is_near = bool(phones) or len(accounts) == 1 or None in accounts
        evidence = [*addresses, *phones, *([_("Same name")] if is_namesake else [])]
        return Candidate(other, evidence, is_likely=bool(addresses) or (is_namesake and is_near))

    rows = _rows(contact).select_related("account").defer("search", "account__search")
    reached = Q()
    if contact.emails_normal:
        reached |= with_email(contact.emails_normal)
    if contact.phones_normal:
        reached |= with_phone(contact.phones_normal)
    if reached:
        yield rows.filter(reached).order_by("pk")[:_MOST], judge
    yield rows.filter(name_normal=contact.name_normal).order_by("pk")[:_MOST], judge


def _shared_addresses(contact: Contact, other: Contact) -> list[str]:
    shared = [text for text in other.emails if normal_email(text) in contact.emails_normal]
    return [_("Same e-mail address: %(value)s") % {"value": text} for text in shared[:3]]


def _shared_phones(contact: Contact, other: Contact) -> list[str]:
    texts = (other.phone, other.mobile, *other.more_phones)
    normal = (other.phone_normal, other.mobile_normal, *other.more_phones_normal)
    shared = [text for text, key in zip(texts, normal, strict=False) if key and key in contact.phones_normal]
    return [_("Same phone number: %(value)s") % {"value": text} for text in shared[:3]]


def _like_account(account: Account) -> Iterator[_Likeness]:
    core, words = company_core(account.account_name), without_form(account.account_name)

    def judge(other: Account) -> Candidate | None:
        evidence = []
        if account.phone_normal and other.phone_normal == account.phone_normal:
            evidence.append(_("Same phone number: %(value)s") % {"value": other.phone})
        if other.name_normal == account.name_normal:
            evidence.append(_("Same name"))
        elif core and company_core(other.account_name) == core:
            evidence.append(_("Same name but for the legal form"))
        return Candidate(other, evidence, is_likely=True) if evidence else None

    same = Q(name_normal=account.name_normal)
    if account.phone_normal:
        same |= Q(phone_normal=account.phone_normal)
    yield _rows(account).filter(same).order_by("pk")[:_MOST], judge
    if core:
        yield found_by(_rows(account), account.portal, words).order_by("-pk")[:_MOST_OF_A_NAME], judge


def _like_product(product: Product) -> Iterator[_Likeness]:
    def judge(other: Product) -> Candidate:
        evidence = []
        if product.code_normal and other.code_normal == product.code_normal:
            evidence.append(_("Same product code: %(value)s") % {"value": other.product_code})
        if other.name_normal == product.name_normal:
            evidence.append(_("Same name"))
        return Candidate(other, evidence, is_likely=True)

    same = Q(name_normal=product.name_normal)
    if product.code_normal:
        same |= Q(code_normal=product.code_normal)
    yield _rows(product).filter(same).order_by("pk")[:_MOST], judge


_LIKENESSES: Mapping[str, Callable[[Any], Iterator[_Likeness]]] = {
    "contact": _like_contact,
    "account": _like_account,
    "product": _like_product,
}
