from django.conf import settings
from django.db import models


class DemoSignIn(models.Model):
    """A button on the sign-in page of a demonstration. Means nothing unless `settings.DEMO` is on."""

    id = models.BigAutoField(primary_key=True)
    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="demo_sign_in")
    label_ja = models.CharField(max_length=120)
    label_en = models.CharField(max_length=120)
    description_ja = models.CharField(max_length=240, blank=True)
    description_en = models.CharField(max_length=240, blank=True)
