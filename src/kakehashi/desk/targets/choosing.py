"""Which promise applies to a ticket: the most specific one. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Promise:
    """One target with the scope of its set; None for a scope means any, "" for a priority every other one."""

    set_id: int
    department_id: int | None
    account_id: int | None
    priority: str
    response_minutes: int | None
    resolution_minutes: int | None


def choose_promise(
    promises: Iterable[Promise], *, department_id: int | None, account_id: int | None, priority: str
) -> Promise | None:
    """The customer counts more than the department, that more than everybody; within one set the ticket's own priority more than "others"."""
    fitting = [
        promise
        for promise in promises
        if promise.department_id in {None, department_id}
        and promise.account_id in {None, account_id}
        and promise.priority in {"", priority}
    ]
    return max(fitting, key=_weight, default=None)


def _weight(promise: Promise) -> tuple[bool, bool, bool]:
    return (promise.account_id is not None, promise.department_id is not None, promise.priority != "")
