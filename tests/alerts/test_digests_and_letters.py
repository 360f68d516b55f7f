"""Who is told what, and how the mails read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from monitor.alerts import digest, letters
from monitor.alerts.cards import MOST_CARDS
from monitor.alerts.digest import Known
from monitor.alerts.letters import Stationery
from monitor.alerts.mail_facts import items_of
from monitor.alerts.rule_settings import AlertRules
from monitor.domain.contact import Contact, Contacts, Role
from monitor.domain.draft import Draft
from monitor.domain.finding import Doubt, DoubtKind
from monitor.domain.progress import Grade
from monitor.domain.warning import MailKind, MailState, Purpose, Recorded, State, Telling
from monitor.errors import Diagnostic
from tests.alerts.mail_samples import (
    ALL,
    DAY,
    FIGURES,
    LI,
    RULES,
    STATIONERY,
    UNMATCHED,
    WANG,
    ZHANG,
    Words,
    at,
    html_of,
    own_matter,
    render,
    telling,
    text_of,
    warning,
)

LATE = date(2025, 11, 10)
ORDERS = ("还需支付", "及时办理", "抓紧", "加快", "将予通报")


def composed(
    *warnings: Recorded,
    told: tuple[Telling, ...] = (),
    contacts: Contacts = ALL,
    on: date = DAY,
    rules: AlertRules = RULES,
    reasons: dict[int, str] | None = None,
    former: Mapping[str, Any] | None = None,
) -> tuple[list[Draft], list[Diagnostic]]:
    known = Known(warnings, told, contacts, reasons or {}, lambda _email, _year: former)
    return digest.compose(known, rules, now=at(on))


def only(drafts: tuple[list[Draft], list[Diagnostic]]) -> Draft:
    (one,), _ = drafts
    return one


def ids(draft: Draft) -> list[int]:
    return [each["id"] for each in items_of(draft.facts)]


def with_gap(number: int, gap_fen: int, severity: Grade) -> Recorded:
    return warning(number, severity, figures={**FIGURES, "gap_fen": gap_fen})


def test_a_lead_is_told_all_of_his_unit_in_one_digest_red_first_then_the_largest_gap() -> None:
    one = only(composed(
        with_gap(1, 9_00, Grade.NOTICE), with_gap(2, 1_00, Grade.RED), with_gap(3, 5_00, Grade.RED)
    ))  # fmt: skip

    assert (one.email, one.kind, ids(one)) == (ZHANG.email, MailKind.DIGEST, [3, 2, 1])
    assert {tell.purpose for tell in one.tells} == {Purpose.TELL}
    assert one.subject == "【6月底】教育局：3个项目支出进度滞后（红色2、提示1）"


def test_a_person_who_leads_two_units_gets_one_digest() -> None:
    second = Contact("507001", "张三", "Zhang@example.cn", Role.LEAD, None, None)
    water = warning(2, unit_code="507001", unit_name="水利局")

    one = only(composed(warning(1), water, contacts=Contacts((ZHANG, second))))

    assert one.unit_code == ""
    assert "教育局等2个单位" in one.subject


def test_leads_with_nothing_to_say_get_no_mail() -> None:
    assert composed()[0] == []
    assert composed(warning(quiet=True))[0] == []
    assert composed(warning(state=State.ACKNOWLEDGED))[0] == []


def test_without_a_lead_on_the_day_the_office_is_told_and_a_note_says_so() -> None:
    gone = replace(ZHANG, valid_to=date(2025, 7, 7))

    (one,), (note,) = composed(warning(), contacts=Contacts((gone, LI)))

    assert (one.email, one.kind, note.id) == (LI.email, MailKind.OFFICE, "W101")
    assert [tell.purpose for tell in one.tells] == [Purpose.TELL]
    assert "请财政部门代为转达" in text_of(render(one))


def test_without_anybody_the_warnings_wait_and_a_diagnostic_says_so() -> None:
    drafts, (diagnostic,) = composed(warning(), contacts=Contacts())

    assert (drafts, diagnostic.id) == ([], "W102")
    assert "1 条预警留待发送" in diagnostic.meaning
    assert composed(own_matter(), contacts=Contacts())[1][0].id == "W104"


def test_the_warning_of_a_project_that_is_gone_waits_and_a_diagnostic_says_so() -> None:
    drafts, (diagnostic,) = composed(warning(unit_code=""))

    assert (drafts, diagnostic.id) == ([], "W103")


@pytest.mark.parametrize("state", [state for state in MailState if state.value != "cancelled"])
def test_what_a_mail_tells_already_is_not_told_again(state: MailState) -> None:
    assert composed(warning(), told=(telling(state=state),))[0] == []


def test_what_a_cancelled_mail_would_have_told_is_told() -> None:
    assert only(composed(warning(), told=(telling(state=MailState.CANCELLED),))).tells


def test_a_rise_is_told_though_a_mail_told_the_lower_severity() -> None:
    assert only(composed(warning(), told=(telling(severity=Grade.YELLOW),))).tells


def test_a_fall_makes_no_mail_and_stands_in_the_next_digest_once() -> None:
    fallen, told = warning(1, Grade.NOTICE, state=State.SENT), telling(severity=Grade.RED)

    assert composed(fallen, told=(told,))[0] == []
    one = only(composed(fallen, warning(2), told=(told,)))

    assert "程度下降为提示：6月底“滞后”　项目1（P1）" in text_of(render(one))
    assert {tell.warning_id: tell.severity for tell in one.tells} == {
        1: Grade.NOTICE, 2: Grade.RED,
    }  # fmt: skip
    again = telling(severity=Grade.NOTICE, mail_id=2)
    assert "程度下降" not in text_of(render(only(composed(fallen, warning(3), told=(told, again)))))


def test_a_rise_after_a_fall_that_was_told_is_told() -> None:
    told = (telling(), telling(severity=Grade.NOTICE, mail_id=2))

    assert only(composed(warning(1, Grade.YELLOW, state=State.SENT), told=told)).tells


def test_a_corrected_address_gets_what_the_wrong_one_refused() -> None:
    refused = telling(state=MailState.FAILED, recipient="wrong@example.cn")

    assert only(composed(warning(), told=(refused,))).email == ZHANG.email


def test_what_was_told_before_its_answer_expired_is_told_again_in_another_run() -> None:
    first = only(composed(warning()))
    expired = warning(untold_since=datetime(2025, 7, 20, tzinfo=UTC))

    again = only(composed(expired, told=(telling(DAY),)))

    assert again.run != first.run


def test_the_same_stages_make_the_same_run_and_others_another() -> None:
    assert only(composed(warning(1), warning(2))).run == only(composed(warning(2), warning(1))).run
    assert only(composed(warning(1))).run != only(composed(warning(1, Grade.YELLOW))).run


def test_the_office_is_told_its_own_matters_in_a_mail_of_its_own() -> None:
    drafts, _ = composed(warning(), own_matter())
    office, lead = sorted(drafts, key=lambda each: each.email)

    assert (office.kind, lead.kind) == (MailKind.OFFICE, MailKind.DIGEST)
    assert (ids(office), ids(lead)) == ([50], [1])
    assert "430001 教育局、507001 水利局的 6 月支付明细未到。" in text_of(render(office))


def test_a_doubtful_lag_goes_to_the_office_first_and_after_five_working_days_to_the_lead() -> None:
    doubtful = warning(doubts=(UNMATCHED,))
    one = only(composed(doubtful))
    assert (one.kind, [tell.purpose for tell in one.tells]) == (MailKind.OFFICE, [Purpose.OFFICE])

    asked = telling(DAY, purpose=Purpose.OFFICE, recipient=LI.email)
    assert composed(doubtful, told=(asked,), on=date(2025, 7, 14))[0] == []
    late = only(composed(doubtful, told=(asked,), on=date(2025, 7, 15)))

    assert (late.kind, late.email) == (MailKind.DIGEST, ZHANG.email)
    assert "存疑：另有未匹配支付 2 笔 400.00 元，可能属于本项目；计入后本预警不再成立。" in text_of(
        render(late)
    )


def test_a_doubt_that_would_not_cure_is_named_and_holds_nothing_up() -> None:
    small = Doubt(DoubtKind.IN_TRANSIT, 1, 10_00, cures=False)
    one = only(composed(warning(doubts=(small,))))

    assert one.kind is MailKind.DIGEST
    assert "另有在途支付申请 1 笔 10.00 元，尚未支付。" in text_of(render(one))


def test_deputies_get_a_copy_that_tells_nothing_if_the_office_wants_it() -> None:
    deputy = Contact("430001", "赵六", "zhao@example.cn", Role.DEPUTY, None, None)
    contacts, rules = Contacts((ZHANG, LI, deputy)), replace(RULES, cc_deputies=True)

    assert only(composed(warning(), contacts=contacts)).email == ZHANG.email
    drafts, _ = composed(warning(), contacts=contacts, rules=rules)

    copy = next(each for each in drafts if each.email == deputy.email)
    assert (len(drafts), copy.tells, copy.subject[:4]) == (2, (), "（抄送）")
    assert "由 张三 办理答复" in text_of(render(copy))


@pytest.mark.parametrize("recipient", [ZHANG, WANG])
def test_whoever_was_told_hears_that_it_is_over(recipient: Contact) -> None:
    purpose = Purpose.TELL if recipient is ZHANG else Purpose.ESCALATE
    done = warning(state=State.RESOLVED)

    one = only(composed(done, told=(telling(purpose=purpose, recipient=recipient.email),)))

    assert (one.kind, one.email) == (MailKind.RESOLVED, recipient.email)
    assert "6月底“滞后”　项目1（P1）" in text_of(render(one))
    ended = telling(purpose=Purpose.RESOLVED, recipient=recipient.email, mail_id=2)
    assert composed(done, told=(telling(recipient=recipient.email), ended))[0] == []


def test_who_was_never_told_hears_nothing_of_the_end() -> None:
    assert composed(warning(state=State.RESOLVED))[0] == []
    prepared = telling(state=MailState.PREPARED)
    assert composed(warning(state=State.RESOLVED), told=(prepared,))[0] == []


def test_what_another_warning_of_the_project_took_the_place_of_is_not_over() -> None:
    worse = warning(2, subject="P1", project_code="P1", rule="W02")

    one = only(composed(warning(state=State.RESOLVED), worse, told=(telling(),)))

    assert (one.kind, [tell.warning_id for tell in one.tells]) == (MailKind.DIGEST, [2])


def test_a_lag_is_over_though_its_project_is_looked_ahead_for() -> None:
    ahead = warning(2, subject="P1", project_code="P1", rule="W03", period="09")

    one = only(composed(warning(state=State.RESOLVED), ahead, told=(telling(),)))

    assert (1, Purpose.RESOLVED) in {(t.warning_id, t.purpose) for t in one.tells}


def test_a_mail_that_only_looks_ahead_threatens_nobody_and_asks_for_no_answer() -> None:
    ahead = warning(rule="W03", period="09")
    text = text_of(render(only(composed(ahead))))
    mixed = text_of(render(only(composed(ahead, warning(2)))))

    assert "能按计划支付的，无需答复" in text
    assert "10 个工作日内" not in text
    assert RULES.next_step not in text
    assert "“临近”的项目尚未到期" in mixed
    assert "10 个工作日内" in mixed


def test_many_paid_codes_without_a_document_are_one_list() -> None:
    codes = [
        own_matter(
            50 + n, rule="W10", subject=f"C{n}", project_code=f"C{n}", project_name="公用经费",
            period="year", figures={"budget_fen": None, "paid_fen": 100_00, "lines": 2}, details=(),
        )
        for n in range(3)
    ]  # fmt: skip

    few = text_of(render(only(composed(*codes[:2]))))
    many = text_of(render(only(composed(*codes))))

    assert "3 个编码已有支付" in many
    assert "公用经费（C2，预警 52）：2 笔 100.00 元" in many
    assert many.count("rules/outside.toml") == 1
    assert "个编码已有支付" not in few


def test_what_was_told_at_a_lower_severity_is_not_called_new() -> None:
    risen = own_matter(told=Grade.NOTICE)
    former = only(composed(own_matter(51, period="m05"))).facts

    text = text_of(render(only(composed(risen, former={**former, "parts": []}))))

    assert "上次为6月提示" in text
    assert "本次新增" not in text


def test_other_rules_of_the_office_are_no_measure_of_what_changed() -> None:
    idle = own_matter(rule="W05", subject="P1", project_code="P1", period="year")
    rush = own_matter(51, rule="W06", subject="P1", project_code="P1", period="year")
    former = dict(only(composed(idle)).facts)

    assert "本次新增" in text_of(render(only(composed(rush, former=former))))


def test_a_digest_tells_what_is_over_so_that_there_is_one_mail_a_run() -> None:
    one = only(composed(warning(state=State.RESOLVED), warning(2), told=(telling(),)))

    assert {(t.warning_id, t.purpose) for t in one.tells} == {
        (1, Purpose.RESOLVED), (2, Purpose.TELL),
    }  # fmt: skip
    assert "已消除：6月底“滞后”　项目1（P1）" in text_of(render(one))


def test_a_warning_that_was_wrong_is_withdrawn_with_the_reason_to_whoever_was_told() -> None:
    told = (telling(), telling(purpose=Purpose.ESCALATE, recipient=WANG.email, mail_id=2))
    reasons = {1: "补到 3 月支付明细"}

    drafts, _ = composed(warning(state=State.WITHDRAWN), told=told, reasons=reasons)

    assert {(each.kind, each.email) for each in drafts} == {
        (MailKind.WITHDRAWN, ZHANG.email), (MailKind.WITHDRAWN, WANG.email),
    }  # fmt: skip
    text = text_of(render(drafts[0]))
    assert "不成立，现予撤回" in text
    assert "原因：补到 3 月支付明细" in text


def test_after_the_year_the_unspent_rest_is_told_to_the_office_alone() -> None:
    one = only(composed(warning(period="12"), on=date(2026, 1, 12)))

    assert (one.kind, one.email) == (MailKind.OFFICE, LI.email)
    assert "2025年度已经结束，未支付部分按结余处理" in text_of(render(one, date(2026, 1, 12)))


def test_the_mail_has_its_own_id_and_answers_go_to_the_office() -> None:
    mail = render(only(composed(warning())))

    assert mail["Message-ID"] == "<1@example.cn>"
    assert str(mail["To"]) == "张三 <zhang@example.cn>"
    assert str(mail["Reply-To"]) == "李四 <office@example.cn>"
    assert mail["Date"].datetime.isoformat() == "2025-07-08T08:30:00+08:00"
    assert mail.as_bytes() == render(only(composed(warning()))).as_bytes()


@pytest.mark.parametrize("on", [DAY, LATE])
def test_text_and_html_say_the_same(on: date) -> None:
    mail = render(only(composed(warning(), warning(2, Grade.NOTICE), on=on)), on)
    html = Words(html_of(mail)).words

    def bare(words: str) -> str:
        return "".join(char for char in words if char not in "（）：[]" and not char.isspace())

    assert bare(text_of(mail)) == bare(html)
    for words in ("1,000.00元", "500.00元", "123.45元", "376.55元", "37.66个百分点", "12.35%"):
        assert words in html


def test_the_mail_says_what_is_to_be_paid_by_when_and_whom_to_call() -> None:
    text = text_of(render(only(composed(warning()))))

    assert "到9月底还需支付（计划累计 75.00%）：626.55 元" in text
    assert "请在 10 个工作日内（2025年7月22日前）" in text
    assert "请联系 李四，电话 0315-1234567，邮箱 office@example.cn。" in text
    assert "将予通报。" in text


def test_the_deadline_passes_over_the_national_holiday() -> None:
    text = text_of(render(only(composed(warning())), date(2025, 9, 26)))

    assert "（2025年10月16日前）" in text  # 28 September is worked, 1 to 8 October are not


@pytest.mark.parametrize("on", [date(2025, 11, 1), date(2025, 12, 31)])
def test_late_in_the_year_no_mail_reads_as_an_order_to_spend(on: date) -> None:
    ahead = warning(
        2, rule="W03", period="12", details=("还需支付 500.00 元。",),
        figures={**FIGURES, "estimate_fen": 1, "shortfall_fen": 2},
    )  # fmt: skip
    mail = render(only(composed(warning(), ahead, on=on)), on)

    for body in (text_of(mail), html_of(mail)):
        assert "可支付、申请调减、结转或结余收回" in body
        assert "未支付余额" in body
        for order in ORDERS:
            assert order not in body


def test_the_soft_wording_begins_on_the_day_of_sending_that_the_rules_name() -> None:
    draft = only(composed(warning(), on=date(2025, 10, 31)))

    assert "还需支付" in text_of(render(draft, date(2025, 10, 31)))
    assert "还需支付" not in text_of(render(draft, date(2025, 11, 3)))
    early = replace(RULES, soft_wording_from=(10, 15))
    draft = only(composed(warning(), on=date(2025, 10, 31), rules=early))
    assert "还需支付" not in text_of(render(draft, date(2025, 10, 31)))


def test_a_look_ahead_says_what_must_be_paid_and_where_the_pace_leads() -> None:
    figures = {**FIGURES, "estimate_fen": 400_00, "shortfall_fen": 100_00}
    said = ("按今年以来的支付进度推算。",)
    one = only(composed(warning(rule="W03", period="09", figures=figures, details=said)))
    text = text_of(render(one))

    assert "支出进度需关注" in one.subject
    for words in ("到9月底还需支付：376.55 元", "按目前进度推算到时累计：400.00 元", said[0]):
        assert words in text


def test_what_changed_since_the_last_mail_is_said() -> None:
    before = {"parts": [{"items": [{
        "project_code": "P1", "unit_code": "430001", "rule": "W01", "severity": "yellow",
        "period": "03", "figures": {"paid_fen": 100_00},
    }]}]}  # fmt: skip
    text = text_of(render(only(composed(warning(1), warning(2), former=before))))

    assert "与上次邮件相比：上次为3月底黄色，此后支付 23.45 元。" in text
    assert "与上次邮件相比：本次新增。" in text
    assert "与上次邮件相比" not in text_of(render(only(composed(warning()))))


def test_a_legal_basis_is_cited_only_if_set() -> None:
    cited = replace(RULES, legal_basis="某财〔2025〕1号")

    assert "依据：某财〔2025〕1号" in text_of(render(only(composed(warning(), rules=cited))))
    assert "依据" not in text_of(render(only(composed(warning()))))


def test_the_html_has_no_outside_resource_no_style_sheet_and_no_markup_from_names() -> None:
    html = html_of(render(only(composed(warning(project_name="<script>x</script>&")))))

    for outside in ("http:", "https:", "<img", "<link", "<style", "url(", "<script"):
        assert outside not in html
    assert "&lt;script&gt;x&lt;/script&gt;&amp;" in html


def test_a_name_with_a_line_break_makes_no_header_of_its_own() -> None:
    mail = render(only(composed(warning(unit_name="教育局\r\nBcc: x@y.cn"))))

    assert mail["Bcc"] is None
    assert "\n" not in str(mail["Subject"])


def test_the_sheet_of_explanations_is_attached_under_a_short_ascii_name() -> None:
    mail = render(only(composed(warning(1), warning(2))))
    (sheet,) = mail.iter_attachments()
    content = sheet.get_content()
    book = load_workbook(BytesIO(content))

    assert sheet.get_filename() == "explain-430001-20250630.xlsx"
    cells = [cell.value for row in book.worksheets[0].iter_rows() for cell in row]
    assert {"P1", "P2", "项目1", "项目2"} <= set(cells)


def test_a_long_digest_shows_the_worst_in_full_and_the_rest_as_lines() -> None:
    many = [warning(n) for n in range(1, MOST_CARDS + 6)]
    text = text_of(render(only(composed(*many))))

    assert "其余 5 条从简列出：" in text
    assert all(f"（P{n}" in text for n in range(1, MOST_CARDS + 6))


def test_an_office_mail_names_the_rules_that_it_tells() -> None:
    one = only(composed(own_matter(), own_matter(51, "W09", period="year")))

    assert one.subject == "【财政】2025年支出监控2项待处理（清单未到1、未匹配1）"


def test_a_mail_is_rendered_by_its_facts_and_stationery_alone() -> None:
    one = only(composed(warning()))
    other = Stationery("m@x.cn", "某县财政局", AlertRules())

    text = text_of(render(one, stationery=other))

    assert "某县财政局" in text
    assert "0315-1234567" in text  # as it was when the mail was put together
    assert letters.answerable(one.facts)[0]["year"] == 2025
    assert STATIONERY.domain == "example.cn"


_OTHERS: dict[MailKind, tuple[dict[str, Any], tuple[str, ...]]] = {
    MailKind.RECEIPT: (
        {"file": "6月.xlsx", "outcome": "新增 2 笔", "lines": ["新增 2 笔"], "refused": False},
        ("“6月.xlsx”已处理", "- 新增 2 笔"),
    ),
    MailKind.TROUBLE: (
        {"mails": [{"id": 3, "to": "x@y.cn", "name": "张三", "unit_code": "430001",
                    "subject": "甲", "words": "550 no such user"}]},
        ("收件人：张三 x@y.cn", "对方答复：550 no such user", "monitor mail retry"),
    ),
    MailKind.WEEKLY: (
        {"year": 2025, "from": "2025-07-07", "to": "2025-07-14", "week": [["已消除", 4]],
         "open": [{"name": "滞后", "words": "红色 1（待通知 1）"}], "unanswered": ["教育局：1 项"],
         "data": {"unmatched": 2, "unmatched_fen": 300_00, "missing": ["6月"],
                  "parked": ["邮件 3"]}},
        ("滞后：红色 1（待通知 1）", "已消除：4 条", "未匹配支付：2 笔，300.00 元", "- 邮件 3",
         "清单未到：6月", "- 教育局：1 项"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", list(_OTHERS))
def test_the_offices_other_mails_say_what_their_facts_hold(kind: MailKind) -> None:
    facts, wanted = _OTHERS[kind]
    mail = letters.render(
        kind, facts, to=(LI.name, LI.email), message_id="<2@x>", at=at(), stationery=STATIONERY
    )
    text, html = text_of(mail), Words(html_of(mail)).words

    for words in wanted:
        assert words in text
        assert "".join(words.removeprefix("- ").replace("：", "").split()) in html.replace("：", "")
    assert mail["Subject"]
    assert mail["Reply-To"] is None
