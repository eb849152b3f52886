from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from kakehashi.core.jobs import RETRY, jobs

from .layout import blocks_of
from .models import Mail


@jobs.task(name="identity.send_mail", retry=RETRY)
def send_mail(mail_id: int) -> None:
    """Send and forget. Run twice, it sends once, unless the process died between the two."""
    mail = Mail.objects.filter(pk=mail_id).first()
    if mail is None:
        return
    message = EmailMultiAlternatives(mail.subject, mail.text, to=[mail.recipient])
    with translation.override(mail.language):
        context = {"subject": mail.subject, "language": mail.language, "blocks": blocks_of(mail.text)}
        message.attach_alternative(render_to_string("identity/mails/templates/mail.html", context), "text/html")
    message.extra_headers["Auto-Submitted"] = "auto-generated"
    message.send()
    mail.delete()
