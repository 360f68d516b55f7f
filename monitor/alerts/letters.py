"""Digest → mail: subject, plain text and HTML say the same. No outside resource."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from functools import cache
from hashlib import sha256

import css_inline
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from monitor.alerts.digest import Digest, is_soft
from monitor.alerts.rules import WARNING_RULES, AlertRules
from monitor.domain.calendar import CHINA, checkpoint_name, day_name
from monitor.domain.contact import Contact
from monitor.domain.money import percent, round_half_up, yuan


@dataclass(frozen=True, slots=True)
class Stationery:
    """What all letters share: who writes them, and the rules' words."""

    sender: str
    sender_name: str
    rules: AlertRules

    @property
    def domain(self) -> str:
        return self.sender.rpartition("@")[2]


def write(
    digest: Digest,
    stationery: Stationery,
    *,
    message_id: str,
    at: datetime,
    missing_months: Sequence[int],
    office: Contact | None,
) -> EmailMessage:
    """The mail that tells a digest, dated `at`.

    `missing_months` are those months of the digest's year, up to its last checkpoint, whose
    payment lists are not imported. Answers go to `office`, where there is one.
    """
    on = at.astimezone(CHINA).date()
    words = {
        "digest": digest,
        "rules": stationery.rules,
        "office": office,
        "sender_name": stationery.sender_name,
        "soft": is_soft(digest.year, on, stationery.rules.soft_wording_from),
        "missing": "、".join(f"{month}月" for month in missing_months),
        "on": on,
    }
    mail = EmailMessage(policy=policy.SMTP)
    mail["Subject"] = " ".join(_render("lag-subject.txt", words).split())
    mail["From"] = Address(stationery.sender_name, addr_spec=stationery.sender)
    mail["To"] = _address(digest.recipient)
    if office:
        mail["Reply-To"] = _address(office)
    mail["Date"] = at.astimezone(CHINA)
    mail["Message-ID"] = message_id
    mail["Auto-Submitted"] = "auto-generated"
    # base64, since not every server on the way takes 8-bit text.
    mail.set_content(_render("lag-body.txt", words), cte="base64")
    html = css_inline.inline(_render("lag-body.html", words), load_remote_stylesheets=False)
    mail.add_alternative(html, subtype="html", cte="base64")
    # Python would draw the boundary by chance; so the same mail is the same bytes.
    mail.set_boundary(f"=_{sha256(message_id.encode()).hexdigest()[:32]}")
    return mail


def _address(contact: Contact) -> Address:
    return Address(contact.name, addr_spec=contact.email)


def _render(template: str, words: Mapping[str, object]) -> str:
    return _templates().get_template(template).render(words)


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("monitor.alerts"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "yuan": yuan,
        "percent": percent,
        "points": _points,
        "width": lambda bp: max(0, min(100, round_half_up(bp, 100))),
        "day": day_name,
        "checkpoint": checkpoint_name,
        "rule": lambda rule: WARNING_RULES[rule].name,
    }
    return environment


def _points(bp: int) -> str:
    return f"{percent(bp).removesuffix('%')} 个百分点"
