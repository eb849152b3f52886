"""Departments and products beside each other: a row for each that has any tickets in the period."""

from dataclasses import dataclass

from django.urls import reverse

from kakehashi.desk.portals.access import DeskAccess
from kakehashi.desk.portals.models import Department
from kakehashi.desk.products.models import Product
from kakehashi.ui.statistics.choice import Choice
from kakehashi.ui.statistics.figures import Summary
from kakehashi.ui.statistics.words import time_in_words

from .links import links_to_list
from .queries import Departments, Products, Whose, by_department, by_product, window_in
from .sheet import seen_departments


@dataclass(frozen=True, slots=True)
class Compared:
    """`url` leads to the statistics of this one, the others to the tickets behind the numbers."""

    name: str
    url: str
    summary: Summary
    first_response: str
    resolution: str
    total_url: str
    open_url: str
    answered_url: str
    solved_url: str
    rated_url: str

    @property
    def good_percent(self) -> int:
        return self.summary.percent("good")


def compare_departments(access: DeskAccess, departments: list[Department], choice: Choice) -> list[Compared]:
    found = by_department(
        access.portal, period=choice.period, basis=choice.basis, department_ids=seen_departments(access)
    )
    return [
        _compared(
            access, found[one.pk], one.name, f"?{_query(choice)}&department={one.pk}", choice, Departments((one.pk,))
        )
        for one in departments
        if one.pk in found
    ]


def compare_products(access: DeskAccess, choice: Choice, department_id: int | None) -> list[Compared]:
    """Those that most tickets were about, of one department or of all that this person sees."""
    seen = seen_departments(access) if department_id is None else [department_id]
    found = by_product(access.portal, period=choice.period, basis=choice.basis, department_ids=seen)
    names = dict(Product.objects.filter(pk__in=found).values_list("pk", "product_name"))
    return [
        _compared(access, summary, names[pk], f"{_page(access, pk)}?{_query(choice)}", choice, Products((pk,)))
        for pk, summary in found.items()
        if names.get(pk)
    ]


def _compared(access: DeskAccess, summary: Summary, name: str, url: str, choice: Choice, whose: Whose) -> Compared:
    links = links_to_list(access.portal, whose, window_in(access.portal, choice.period))
    return Compared(
        name,
        url,
        summary,
        time_in_words(summary.first_response_seconds, choice.basis),
        time_in_words(summary.resolution_seconds, choice.basis),
        links.to(),
        links.to("open"),
        links.to("answered"),
        links.to("solved"),
        links.to("rated"),
    )


def _query(choice: Choice) -> str:
    return f"period={choice.period}&basis={choice.basis}"


def _page(access: DeskAccess, product_id: int) -> str:
    return reverse("desk_product_statistics", args=[access.portal.pk, product_id])
