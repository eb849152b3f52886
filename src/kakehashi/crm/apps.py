from django.apps import AppConfig


class CrmConfig(AppConfig):
    name = "kakehashi.crm"
    label = "crm"
