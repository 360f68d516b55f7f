"""Facts of a mail → the mail: plain text and HTML say the same. No outside resource."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from functools import cache, cached_property
from hashlib import sha256
from typing import Any

import css_inline
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from monitor.alerts import pages, wording
from monitor.alerts.blocks import Page
from monitor.alerts.mail_facts import Facts, items_of
from monitor.alerts.pages import Sending
from monitor.alerts.rule_catalogue import LEAD_RULES
from monitor.alerts.rule_settings import AlertRules
from monitor.domain.calendar import CHINA
from monitor.domain.money import percent
from monitor.domain.warning import MailKind
from monitor.domain.working_days import WorkCalendar
from monitor.reports import explanation_sheet

_XLSX = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
_TO_BE_ANSWERED = (MailKind.DIGEST, MailKind.OFFICE, MailKind.REMINDER)


@dataclass(frozen=True)
class Stationery:
    """What all letters share: who writes them, and the rules in force."""

    sender: str
    sender_name: str
    rules: AlertRules

    @cached_property
    def calendar(self) -> WorkCalendar:
        return self.rules.calendar

    @property
    def domain(self) -> str:
        return self.sender.rpartition("@")[2]


def render(
    kind: MailKind,
    facts: Facts,
    *,
    to: tuple[str, str],
    message_id: str,
    at: datetime,
    stationery: Stationery,
    subject: str = "",
) -> EmailMessage:
    """The mail of these facts to (name, address), dated `at`.

    Answers go to the office, where the facts name it. Digests and reminders carry the
    偏差说明表 of their warnings. The same arguments give the same bytes.
    """
    mail = EmailMessage(policy=policy.SMTP)
    title = subject or wording.subject(kind, facts)
    mail["Subject"] = "".join(c if c.isprintable() else " " for c in title)
    mail["From"] = Address(stationery.sender_name, addr_spec=stationery.sender)
    mail["To"] = Address(to[0], addr_spec=to[1])
    if office := facts.get("office"):
        mail["Reply-To"] = Address(office["name"], addr_spec=office["email"])
    mail["Date"] = at.astimezone(CHINA)
    mail["Message-ID"] = message_id
    mail["Auto-Submitted"] = "auto-generated"
    on = at.astimezone(CHINA).date()
    sending = Sending(to[0], on, stationery.sender_name, stationery.calendar)
    page = pages.page(kind, facts, sending)
    # base64, since not every server on the way takes 8-bit text.
    mail.set_content(text(page), cte="base64")
    mail.add_alternative(html(page), subtype="html", cte="base64")
    boundary = sha256(message_id.encode()).hexdigest()[:32]
    # Python would draw the boundaries by chance; so the same mail is the same bytes.
    mail.set_boundary(f"=_{boundary}")
    if kind in _TO_BE_ANSWERED and (rows := answerable(facts)):
        _attach(mail, facts, rows, sending, message_id)
        mail.set_boundary(f"=_{boundary}_")
    return mail


def text(page: Page) -> str:
    return _templates().get_template("mail.txt").render(page=page)


def html(page: Page) -> str:
    return _inliner().inline(_templates().get_template("mail.html").render(page=page))


def answerable(facts: Facts) -> list[dict[str, Any]]:
    """The warnings that units answer: those told to a lead, or to be passed on to a unit."""
    office = facts["kind"] == MailKind.OFFICE
    told = [each for part in facts["parts"] for each in part["items"]
            if not office or part["without_lead"]]  # fmt: skip
    return [{**each, "year": facts["year"]} for each in told if each["rule"] in LEAD_RULES]


def _attach(
    mail: EmailMessage, facts: Facts, rows: list[dict[str, Any]], sending: Sending, message_id: str
) -> None:
    """The 偏差说明表; its name is short and ASCII, which every reader of mails shows."""
    until = [each["deadline"] for each in items_of(facts) if each.get("deadline")]
    last = date.fromisoformat(max(until)) if until else pages.deadline(facts, sending)
    office = facts["office"]
    call = " ".join([office["name"] if office else "", facts["phone"]]).strip()
    content = explanation_sheet.write(
        rows,
        round_id=message_id.strip("<>").partition("@")[0],
        soft=pages.is_soft_on(facts, sending.on),
        author="" if facts["kind"] == MailKind.OFFICE else sending.name,
        deadline=last,
        contact=call,
    )
    units = {each["unit_code"] for each in rows}
    unit = units.pop() if len(units) == 1 else f"{len(units)}units"
    day = max(each["as_of"] for each in rows).replace("-", "")
    name = f"explain-{_ascii(unit)}-{day}.xlsx"
    mail.add_attachment(content, *_XLSX, filename=name)


def _ascii(code: str) -> str:
    return "".join(c for c in code if c.isascii() and c.isalnum()) or "unit"


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(load_remote_stylesheets=False)


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
    environment.filters["percent"] = percent
    return environment
