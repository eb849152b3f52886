"""The tables of a new installation are made in one step per floor; those of an older one have been made step by step."""

import pytest
from django.db import connection, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import CreateModel
from django.db.migrations.state import ProjectState

from kakehashi.core.creating_models import CreateModels

FLOORS = ("core", "identity", "crm", "desk", "bridge")


@pytest.mark.parametrize("floor", FLOORS)
def test_the_one_step_stands_for_all_that_came_before_it(floor: str) -> None:
    ours = {key: one for key, one in MigrationLoader(None).disk_migrations.items() if key[0] == floor}
    [(_floor, name)] = [key for key in ours if key[1].startswith("0001_squashed_")]
    newest = name.removeprefix("0001_squashed_")
    assert set(ours[floor, name].replaces) == {key for key in ours if key[1] != name and key[1] <= newest}


@pytest.mark.django_db(transaction=True)
def test_models_that_point_to_each_other_are_made_and_dropped_in_one_step() -> None:
    def pointing(name: str, to: str) -> CreateModel:
        key = models.ForeignKey(f"things.{to}", models.CASCADE, null=True)
        return CreateModel(name, [("id", models.BigAutoField(primary_key=True)), ("other", key)])

    step = CreateModels([pointing("Hen", "Egg"), pointing("Egg", "Hen")])
    before, after = ProjectState(), ProjectState()
    step.state_forwards("things", after)
    with connection.schema_editor() as editor:
        step.database_forwards("things", editor, before, after)
    assert constraints_of("things_hen")
    assert constraints_of("things_egg")
    with connection.schema_editor() as editor:
        step.database_backwards("things", editor, after, before)
    assert not {"things_hen", "things_egg"} & {*connection.introspection.table_names()}


def constraints_of(table: str) -> list[str]:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table)
    return [name for name, one in found.items() if one["foreign_key"]]
