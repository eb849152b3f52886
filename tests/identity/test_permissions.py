import pytest

from kakehashi.identity import permissions
from kakehashi.identity.permissions import Permission, PermissionIsDeclaredTwice, declare, declared


def test_a_permission_is_listed_once_however_often_it_is_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(permissions, "_declared", {})
    export = Permission("export", "Export", "Data")
    assert declare(export) == declare(export)
    assert declared() == (export,)


def test_one_code_cannot_mean_two_things(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(permissions, "_declared", {})
    declare(Permission("export", "Export", "Data"))
    with pytest.raises(PermissionIsDeclaredTwice):
        declare(Permission("export", "Something else", "Data"))


def test_the_general_permissions_are_there() -> None:
    assert {"manage_people", "see_all_records", "import_records"} <= {permission.code for permission in declared()}
