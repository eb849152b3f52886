"""Raw mails for tests, as other people's programs would send them."""

from collections.abc import Mapping
from email.message import EmailMessage
from email.policy import SMTP


def make_mail(
    *,
    sender: str = "misaki@c.example",
    name: str = "相沢 美咲",
    to: str = "support@minamo.example",
    subject: str = "ロガーが切断される",
    text: str = "15分ごとに切断されます。",
    html: str = "",
    message_id: str = "<one@c.example>",
    in_reply_to: str = "",
    references: str = "",
    extra: str = "",
    files: Mapping[str, bytes] | None = None,
) -> bytes:
    """`extra`: more header lines."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f"{name} <{sender}>" if name and "," not in name else f'"{name}" <{sender}>' if name else sender
    mail["To"] = to
    mail["Subject"] = subject
    mail["Date"] = "Wed, 25 Nov 2026 10:15:00 +0900"
    mail["Message-ID"] = message_id
    for header, value in (("In-Reply-To", in_reply_to), ("References", references)):
        if value:
            mail[header] = value
    for line in extra.splitlines():
        header, _, value = line.partition(":")
        mail[header] = value.strip()
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    for file, content in (files or {}).items():
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=file)
    return mail.as_bytes()
