from .people.models import Person

__all__ = ["Person"]
