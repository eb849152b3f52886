"""Changing products. `values` are keyed by Desk API names (contracts §3.10)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction

from kakehashi.core.actors import Actor
from kakehashi.desk.portals.models import Department, Portal
from kakehashi.desk.portals.rights import require
from kakehashi.desk.records.writing import Draft, Result, remove, restore, write_many, write_one

from .kinds import PRODUCT
from .models import Product


def create_product(portal: Portal, *, values: Mapping[str, Any], actor: Actor, origin_key: str = "") -> Product:
    return write_one(PRODUCT, portal, Draft(values, origin_key=origin_key), actor)


def update_product(product: Product, *, values: Mapping[str, Any], actor: Actor, version: int | None = None) -> Product:
    return write_one(PRODUCT, product.portal, Draft(values, product.pk, version), actor)


@transaction.atomic
def offer_in_departments(product: Product, *, departments: Iterable[Department], actor: Actor) -> None:
    """Where the product can be chosen for a ticket; without departments, everywhere."""
    require(product.portal, actor, "may_edit_customers")
    product.departments.set(departments)


def delete_product(product: Product, *, actor: Actor) -> None:
    remove(PRODUCT, product.portal, [product.pk], actor)


def restore_product(product: Product, *, actor: Actor) -> None:
    restore(PRODUCT, product.portal, [product.pk], actor)


def write_products(portal: Portal, *, drafts: Sequence[Draft], actor: Actor) -> list[Result[Product]]:
    return write_many(PRODUCT, portal, drafts, actor)
