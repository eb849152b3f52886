"""What an administrator decides about a module that is kept in step."""

from dataclasses import dataclass

from kakehashi.bridge.sync.setting_models import DeleteRule, Direction, SyncedModule


@dataclass(frozen=True, slots=True)
class Settings:
    """What an administrator decides about a module; see `SyncedModule`."""

    direction: str = Direction.TO_DESK
    delete_rule: str = DeleteRule.FOLLOW
    match_secondary: bool = False
    secondary_overwrites: bool = True
    department_ids: tuple[int, ...] = ()
    owner_id: int | None = None


def settings_of(synced: SyncedModule) -> Settings:
    return Settings(
        direction=synced.direction,
        delete_rule=synced.delete_rule,
        match_secondary=synced.match_secondary,
        secondary_overwrites=synced.secondary_overwrites,
        department_ids=tuple(synced.department_ids),
        owner_id=synced.owner_id,
    )
