"""The test mail: whether the server takes what this workspace sends."""

from __future__ import annotations

from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from hashlib import sha256

from monitor.alerts.letters import Stationery
from monitor.alerts.smtp import Outgoing
from monitor.domain.calendar import CHINA, china_time

_SUBJECT = "【预算执行监控】试验邮件"


def trial_mail(stationery: Stationery, address: str, at: datetime) -> Outgoing:
    """A short mail to any address; it is no part of the outbox."""
    name = sha256(f"trial {address} {at.isoformat()}".encode()).hexdigest()[:32]
    message_id = f"<{name}@{stationery.domain}>"
    mail = EmailMessage(policy=policy.SMTP)
    mail["Subject"] = _SUBJECT
    mail["From"] = Address(stationery.sender_name, addr_spec=stationery.sender)
    mail["To"] = Address(addr_spec=address)
    mail["Date"] = at.astimezone(CHINA)
    mail["Message-ID"] = message_id
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(
        f"这是一封试验邮件，写于 {china_time(at)}。\n收到即说明发信设置可用，不必答复。\n",
        cte="base64",
    )
    return Outgoing(address, message_id, _SUBJECT, mail.as_bytes(policy=policy.SMTP))
