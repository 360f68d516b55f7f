"""Warnings, people and settings that the tests of mails share."""

from __future__ import annotations

from datetime import UTC, date, datetime
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any

from monitor.alerts import letters
from monitor.alerts.letters import Stationery
from monitor.alerts.rule_settings import AlertRules
from monitor.domain.calendar import CHINA
from monitor.domain.contact import Contact, Contacts, Role
from monitor.domain.draft import Draft
from monitor.domain.finding import Doubt, DoubtKind
from monitor.domain.progress import Grade
from monitor.domain.warning import MailState, Purpose, Recorded, State, Telling

DAY = date(2025, 7, 8)
ZHANG = Contact("430001", "张三", "zhang@example.cn", Role.LEAD, None, None)
LI = Contact("", "李四", "office@example.cn", Role.OFFICE, None, None)
WANG = Contact("430001", "王五", "wang@example.cn", Role.SUPERIOR, None, None)
ALL = Contacts((ZHANG, LI, WANG))
RULES = AlertRules(next_step="将予通报。", office_phone="0315-1234567")
STATIONERY = Stationery("monitor@example.cn", "玉田县财政局", RULES)
FIGURES: dict[str, int | None] = {
    "budget_fen": 1_000_00, "planned_bp": 5_000, "due_fen": 500_00, "paid_fen": 123_45,
    "gap_fen": 376_55, "lag_bp": 3_766, "rate_bp": 1_235, "next_checkpoint": 9,
    "next_planned_bp": 7_500, "needed_fen": 626_55,
}  # fmt: skip
UNMATCHED = Doubt(DoubtKind.UNMATCHED, 2, 400_00, cures=True)


def at(on: date = DAY, hour: int = 8, minute: int = 30) -> datetime:
    return datetime(on.year, on.month, on.day, hour, minute, tzinfo=CHINA)


def warning(number: int = 1, severity: Grade = Grade.RED, **other: Any) -> Recorded:
    values: dict[str, Any] = {
        "rule": "W01", "year": 2025, "subject": f"P{number}", "period": "06",
        "unit_code": "430001", "unit_name": "教育局", "project_code": f"P{number}",
        "project_name": f"项目{number}", "state": State.RAISED, "as_of": date(2025, 6, 30),
        "figures": FIGURES, "doubts": (), "details": (), "quiet": False,
        "raised_at": datetime(2025, 7, 7, tzinfo=UTC), "judged": date(2025, 6, 30), "told": None,
    }  # fmt: skip
    return Recorded(id=number, severity=severity, **{**values, **other})


def own_matter(number: int = 50, rule: str = "W08", **other: Any) -> Recorded:
    """A matter of the finance office."""
    values: dict[str, Any] = {
        "rule": rule, "subject": "", "project_code": "", "project_name": "", "unit_code": "",
        "unit_name": "", "period": "m06", "figures": {},
        "details": ("430001 教育局、507001 水利局的 6 月支付明细未到。",),
    }  # fmt: skip
    return warning(number, **{"severity": Grade.YELLOW, **values, **other})


def telling(
    on: date = DAY,
    *,
    warning_id: int = 1,
    purpose: Purpose = Purpose.TELL,
    state: MailState = MailState.SENT,
    severity: Grade = Grade.RED,
    recipient: str = ZHANG.email,
    mail_id: int = 1,
) -> Telling:
    sent = at(on) if state is MailState.SENT else None
    return Telling(
        warning_id, recipient, severity, purpose, state, mail_id, sent, created_at=at(on)
    )


def render(draft: Draft, on: date = DAY, stationery: Stationery = STATIONERY) -> EmailMessage:
    return letters.render(
        draft.kind,
        draft.facts,
        to=(draft.name, draft.email),
        message_id="<1@example.cn>",
        at=at(on),
        stationery=stationery,
        subject=draft.subject,
    )


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body
    return str(body.get_content())


def html_of(mail: EmailMessage) -> str:
    body = mail.get_body(("html",))
    assert body
    return str(body.get_content())


class Words(HTMLParser):
    """The words of a page without its tags and blanks."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words = ""
        self._hidden = 0
        self.feed(html)

    def handle_starttag(self, tag: str, _attrs: Any) -> None:
        self._hidden += tag in ("title", "style")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("title", "style")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words += "".join(data.split())
