from django.apps import AppConfig


class AssemblyConfig(AppConfig):
    name = "kakehashi.assembly"
    label = "assembly"

    def ready(self) -> None:
        from kakehashi.assembly.wiring import wire

        wire()
