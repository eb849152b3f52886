from .mails.models import Mail
from .people.models import Person
from .sign_in.models import DemoSignIn

__all__ = ["DemoSignIn", "Mail", "Person"]
