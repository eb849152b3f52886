from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "kakehashi.desk"
    label = "desk"
