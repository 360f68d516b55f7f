"""提醒函: letters on paper, one a unit, for offices without a mail server.

Form after GB/T 9704 (党政机关公文格式): title in 小标宋 22 pt, text in 仿宋 16 pt; the document
number and the seal are left blank. A letter counts as having told its warnings.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.shared import Mm, Pt
from sqlalchemy import Connection, Engine

from monitor.alerts import digest, pages, preparing, wording
from monitor.alerts.digest import Known
from monitor.alerts.letters import Stationery
from monitor.alerts.mail_facts import Item, counts, days
from monitor.alerts.pages import Sending
from monitor.domain.calendar import CHINA, day_name
from monitor.domain.contact import Contact, Contacts, Role
from monitor.domain.draft import Draft
from monitor.domain.money import percent, yuan
from monitor.domain.progress import Grade
from monitor.domain.warning import MailKind, MailState, Purpose
from monitor.files import safe_name, write_whole
from monitor.reports.assessment.draft import Cell
from monitor.reports.word import BODY, TITLE, a4_document, save, write
from monitor.reports.word_table import Box, FormTable, label
from monitor.store import alerts, open_mails, outbox
from monitor.store.engine import writing

_HEADS = ("序号", "项目", "程度", "预算数", "应支付", "已支付", "差额", "滞后")
_WIDTHS = (10.0, 30.0, 10.0, 27.6, 27.6, 27.6, 27.6, 13.6)  # mm; 9 digits of yuan in one line


@dataclass(frozen=True, slots=True)
class Letter:
    """What one unit is told on paper."""

    unit_code: str
    unit_name: str
    items: tuple[Item, ...]
    facts: Any
    sending: Sending

    @property
    def stem(self) -> str:
        return safe_name(f"提醒函-{self.unit_code}-{self.unit_name}".rstrip("-"))


def write_all(
    engine: Engine,
    contacts: Contacts,
    folder: Path,
    stationery: Stationery,
    *,
    now: datetime,
    actor: str,
) -> list[Path]:
    """Writes a letter and a line of text for each unit with something untold; the files.

    What they tell is recorded as told, in one transaction: no second letter and no mail tells
    it again, and a mail about it that has not left is cancelled. What a person holds stays held;
    what a server refused for good goes on paper. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files: list[Path] = []
    with writing(engine) as connection:
        before = open_mails.load(connection, (MailKind.DIGEST,))
        known = preparing.known(connection, contacts, before)
        drafts, _ = digest.compose(_with_leads(known, now), stationery.rules, now=now)
        held = {each.recipient.casefold() for each in before if each.mail.state is MailState.HELD}
        told = [
            each
            for each in drafts
            if each.kind is MailKind.DIGEST and each.tells and each.email.casefold() not in held
        ]
        for draft in told:
            for letter in _letters(draft, stationery, now):
                files += _put(letter, folder)
            _record(connection, draft, stationery, now, actor)
        for mail in (each for each in before if each.recipient.casefold() not in held):
            outbox.cancel(connection, mail.mail.id)
    return files


def _with_leads(known: Known, now: datetime) -> Known:
    """The same, where a unit without a lead is written to itself.

    That the office was asked to pass something on to it is not yet a letter.
    """
    on = now.astimezone(CHINA).date()
    office = {each.email.casefold() for each in known.contacts.office(on)}
    tellings = tuple(
        each
        for each in known.tellings
        if each.state is not MailState.FAILED
        and (each.purpose is not Purpose.TELL or each.recipient.casefold() not in office)
    )
    units = {each.unit_code: each.unit_name for each in known.warnings if each.unit_code}
    made = [
        Contact(code, name, f"{digest.BY_LETTER}{code}", Role.LEAD, None, None)
        for code, name in sorted(units.items())
        if known.contacts.lead_of(code, on) is None
    ]
    contacts = Contacts((*known.contacts.all, *made))
    return replace(known, contacts=contacts, tellings=tellings)


def _letters(draft: Draft, stationery: Stationery, now: datetime) -> Iterator[Letter]:
    on = now.astimezone(CHINA).date()
    for part in draft.facts["parts"]:
        sending = Sending(part["name"], on, stationery.sender_name, stationery.calendar)
        yield Letter(part["code"], part["name"], tuple(part["items"]), draft.facts, sending)


def _record(
    connection: Connection, draft: Draft, stationery: Stationery, now: datetime, actor: str
) -> None:
    sent = replace(
        draft,
        run=f"letter-{draft.run}",
        subject=f"（提醒函）{draft.subject}",
        facts={**draft.facts, "channel": "letter"},
        release_at=None,
    )
    mail_id = outbox.prepare(connection, sent, domain=stationery.domain, at=now)
    if mail_id is not None:
        open_mails.delivered_by_hand(connection, mail_id, at=now)
        alerts.record_sent(connection, mail_id, at=now, actor=actor, note=f"提醒函 {mail_id}")


def _put(letter: Letter, folder: Path) -> list[Path]:
    paper, line = folder / f"{letter.stem}.docx", folder / f"{letter.stem}.txt"
    write_whole(paper, as_docx(letter))
    write_whole(line, (as_line(letter) + "\n").encode())
    return [paper, line]


def as_line(letter: Letter) -> str:
    """One line to be pasted into a messenger."""
    until = day_name(pages.deadline(letter.facts, letter.sending))
    found = counts(each["severity"] for each in letter.items)
    asked = "请确认余款安排" if _is_soft(letter) else "请说明原因和安排"
    return (
        f"【{letter.sending.sender}】{letter.unit_name}：截至{_as_of(letter)}，"
        f"{len(letter.items)} 项支出预警（{found}），{asked}，{until}前答复，详见提醒函。"
    )


def _is_soft(letter: Letter) -> bool:
    return pages.is_soft_on(letter.facts, letter.sending.on)


def _as_of(letter: Letter) -> str:
    return "、".join(day_name(day) for day in days(letter.items))


def as_docx(letter: Letter) -> bytes:
    """The letter; the same facts give the same bytes."""
    last: date = days(letter.items)[-1]
    document = a4_document("提醒函", last)
    section = document.sections[0]
    section.top_margin, section.bottom_margin = Mm(37), Mm(30)
    section.left_margin, section.right_margin = Mm(18), Mm(18)
    soft = _is_soft(letter)
    what = "未支付余额安排" if soft else "支出进度"
    _line(document, f"关于{letter.unit_name}{what}的提醒函", size=22, family=TITLE, centred=True)
    _line(document, f"　　　　〔{letter.sending.on.year}〕　　　号", centred=True)
    _line(document, "")
    _line(document, f"{letter.unit_name}：")
    found = counts(each["severity"] for each in letter.items)
    _text(document, f"经与支出计划核对，截至{_as_of(letter)}，你单位有 {len(letter.items)} 项"
                    f"支出预警（{found}），情况如下（金额单位：元）。")  # fmt: skip
    _table(document, letter)
    _notes(document, letter)
    for words in _asked(letter, soft=soft):
        _text(document, words)
    _end(document, letter)
    return save(document)


def _table(document: Document, letter: Letter) -> None:
    table = FormTable(document, _WIDTHS)
    table.row(*(label(text) for text in _HEADS), header=True)
    for number, item in enumerate(letter.items, 1):
        table.row(*(Box((Cell(text),), left=left) for text, left in _cells(number, item)))


def _cells(number: int, item: Item) -> Iterator[tuple[str, bool]]:
    figures = item["figures"]
    yield str(number), False
    yield wording.subject_of(item), True
    yield Grade(item["severity"]).label, False
    for name in ("budget_fen", "due_fen", "paid_fen", "gap_fen"):
        yield ("" if figures.get(name) is None else yuan(figures[name])), False
    lag = figures.get("lag_bp")
    yield ("" if lag is None else percent(lag)), False


def _notes(document: Document, letter: Letter) -> None:
    for number, item in enumerate(letter.items, 1):
        for words in wording.doubts(item):
            _text(document, f"序号 {number}：{words}")


def _asked(letter: Letter, *, soft: bool) -> Iterator[str]:
    facts = letter.facts
    until = day_name(pages.deadline(facts, letter.sending))
    within = f"请你单位于 {facts['answer_days']} 个工作日内（{until}前）"
    if soft:
        yield within + "逐项确认未支付余额的安排：可支付、申请调减、结转或结余收回，并说明理由。"
        yield "不具备支付条件的，请如实说明，不得为完成进度而支付。"
    else:
        yield (
            within + "逐项说明滞后原因、改进措施和预计完成时间，并明确继续执行、调剂或取消的意见。"
        )
        yield "已具备支付条件的，请按规定及时办理；尚不具备条件的，不得为赶进度而提前支付。"
        if facts["next_step"]:
            yield facts["next_step"]
    if facts["basis"]:
        yield f"依据：{facts['basis']}"
    if facts["office"] or facts["phone"]:
        name = facts["office"]["name"] if facts["office"] else ""
        yield f"联系人：{name}　{facts['phone']}".rstrip()


def _end(document: Document, letter: Letter) -> None:
    """Who writes, over the place of the seal, and the day; never parted by a page's end."""
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    _line(document, "").paragraph_format.keep_with_next = True
    for words in (letter.sending.sender, day_name(letter.sending.on)):
        paragraph = _line(document, words)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.paragraph_format.right_indent = Pt(32)
        paragraph.paragraph_format.keep_with_next = words == letter.sending.sender


def _text(document: Document, words: str) -> None:
    paragraph = _line(document, words)
    paragraph.paragraph_format.first_line_indent = Pt(32)


def _line(
    document: Document,
    words: str,
    *,
    size: float = 16,
    family: str = BODY,
    centred: bool = False,
) -> Any:
    paragraph = document.add_paragraph()
    spacing = paragraph.paragraph_format
    spacing.line_spacing_rule, spacing.line_spacing = (
        WD_LINE_SPACING.EXACTLY,
        Pt(max(29, size * 1.5)),
    )
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    write(paragraph, words, size=size, family=family)
    return paragraph
