from django.apps import AppConfig
from django.db.backends.signals import connection_created


class CoreConfig(AppConfig):
    name = "kakehashi.core"
    label = "core"

    def ready(self) -> None:
        from .planning import keep_plans  # models are not there before

        connection_created.connect(keep_plans)
