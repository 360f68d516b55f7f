from __future__ import annotations

from datetime import date, datetime
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any

import pytest

from monitor.alerts.digest import Digest, UnitPart, compose
from monitor.alerts.letters import Stationery, write
from monitor.alerts.rules import AlertRules
from monitor.domain.calendar import CHINA
from monitor.domain.contact import Contact, Contacts, Role
from monitor.domain.progress import Grade
from monitor.domain.warning import MailState, Recorded, State, Telling

DAY = date(2025, 7, 8)
ZHANG = Contact("430001", "张三", "zhang@example.cn", Role.LEAD, None, None)
LI = Contact("", "李四", "office@example.cn", Role.OFFICE, None, None)
STATIONERY = Stationery("monitor@example.cn", "玉田县财政局", AlertRules(next_step="将予通报。"))


def warning(number: int = 1, severity: Grade = Grade.RED, **other: Any) -> Recorded:
    values: dict[str, Any] = {
        "rule": "W01", "year": 2025, "unit_code": "430001", "unit_name": "教育局",
        "project_code": f"P{number}", "project_name": f"项目{number}", "checkpoint": 6,
        "state": State.RAISED, "as_of": date(2025, 6, 30), "judged": date(2025, 6, 30),
        "told": None,
        "figures": {
            "budget_fen": 1_000_00, "planned_bp": 5_000, "due_fen": 500_00, "paid_fen": 123_45,
            "gap_fen": 376_55, "lag_bp": 3_766, "rate_bp": 1_235, "next_checkpoint": 9,
            "next_planned_bp": 7_500, "needed_fen": 626_55,
        },
    }  # fmt: skip
    return Recorded(id=number, severity=severity, **{**values, **other})


def with_gap(number: int, gap_fen: int, severity: Grade) -> Recorded:
    figures = {**warning().figures, "gap_fen": gap_fen}
    return warning(number, severity, figures=figures)


def told(state: MailState, recipient: str = ZHANG.email, severity: Grade = Grade.RED) -> Telling:
    return Telling(1, recipient, severity, state)


def letter(digest: Digest, on: date = DAY, **other: Any) -> EmailMessage:
    values: dict[str, Any] = {"missing_months": [], "office": LI, **other}
    at = datetime(on.year, on.month, on.day, 8, 30, tzinfo=CHINA)
    return write(digest, values.pop("stationery", STATIONERY), message_id="<1@x>", at=at, **values)


def digest(*warnings: Recorded, without_lead: bool = False) -> Digest:
    return Digest(ZHANG, 2025, (UnitPart("430001", "教育局", without_lead, warnings),))


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body
    return str(body.get_content())


def html_of(mail: EmailMessage) -> str:
    body = mail.get_body(("html",))
    assert body
    return str(body.get_content())


def test_a_lead_is_told_all_of_his_unit_in_one_digest_red_first_then_the_largest_gap() -> None:
    warnings = [
        with_gap(1, 9_00, Grade.NOTICE), with_gap(2, 1_00, Grade.RED), with_gap(3, 5_00, Grade.RED)
    ]  # fmt: skip

    (one,), diagnostics = compose(warnings, [], Contacts((ZHANG, LI)), on=DAY)

    assert [each.id for each in one.warnings] == [3, 2, 1]
    assert (one.recipient, one.counts, diagnostics) == (ZHANG, "红色 2、提示 1", [])


def test_a_person_who_leads_two_units_gets_one_digest() -> None:
    second = Contact("507001", "张三", "Zhang@example.cn", Role.LEAD, None, None)
    warnings = [warning(1), warning(2, unit_code="507001", unit_name="水利局")]

    (one,), _ = compose(warnings, [], Contacts((ZHANG, second)), on=DAY)

    assert (one.subjects, one.unit_code) == ("教育局等 2 个单位", "")


def test_without_a_lead_on_the_day_the_office_is_told_and_a_note_says_so() -> None:
    gone = Contact("430001", "张三", "zhang@example.cn", Role.LEAD, None, date(2025, 7, 7))

    (one,), (note,) = compose([warning()], [], Contacts((gone, LI)), on=DAY)

    assert (one.recipient, one.units[0].without_lead, note.id) == (LI, True, "W101")
    assert str(letter(one)["Subject"]).startswith("【6月底】教育局（暂无财务负责人）：1个项目")
    assert "请财政部门代为转达" in text_of(letter(one))


def test_without_anybody_the_warnings_wait_and_a_diagnostic_says_so() -> None:
    digests, (diagnostic,) = compose([warning()], [], Contacts(), on=DAY)

    assert (digests, diagnostic.id) == ([], "W102")
    assert "1 条预警留待发送" in diagnostic.meaning


def test_the_warning_of_a_project_that_is_gone_waits_and_a_diagnostic_says_so() -> None:
    digests, (diagnostic,) = compose([warning(unit_code="")], [], Contacts((ZHANG, LI)), on=DAY)

    assert (digests, diagnostic.id) == ([], "W103")


@pytest.mark.parametrize("state", [State.SENT, State.RESOLVED, State.CARRIED_ON])
def test_only_what_is_raised_is_told(state: State) -> None:
    assert compose([warning(state=state)], [], Contacts((ZHANG,)), on=DAY) == ([], [])


@pytest.mark.parametrize("state", list(MailState))
def test_what_a_mail_tells_already_is_not_told_again(state: MailState) -> None:
    assert compose([warning()], [told(state)], Contacts((ZHANG,)), on=DAY)[0] == []


def test_a_rise_is_told_though_a_mail_told_the_lower_severity() -> None:
    tellings = [told(MailState.SENT, severity=Grade.YELLOW)]

    assert len(compose([warning()], tellings, Contacts((ZHANG,)), on=DAY)[0]) == 1


def test_a_corrected_address_gets_what_the_wrong_one_refused() -> None:
    tellings = [told(MailState.FAILED, "wrong@example.cn")]

    assert len(compose([warning()], tellings, Contacts((ZHANG,)), on=DAY)[0]) == 1


def test_the_same_stages_make_the_same_run_and_others_another() -> None:
    assert digest(warning(1), warning(2)).run == digest(warning(2), warning(1)).run
    assert digest(warning(1)).run != digest(warning(1, Grade.YELLOW)).run


def test_the_subject_names_checkpoint_unit_and_counts() -> None:
    mail = letter(digest(warning(1), warning(2, Grade.YELLOW), warning(3, Grade.YELLOW)))

    assert mail["Subject"] == "【6月底】教育局：3个项目支出进度滞后（红色1、黄色2）"
    assert mail["Message-ID"] == "<1@x>"
    assert str(mail["To"]) == "张三 <zhang@example.cn>"
    assert str(mail["Reply-To"]) == "李四 <office@example.cn>"
    assert mail["Date"].datetime.isoformat() == "2025-07-08T08:30:00+08:00"


class Words(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.words = ""
        self.feed(html)

    def handle_data(self, data: str) -> None:
        self.words += "".join(data.split())


@pytest.mark.parametrize("on", [DAY, date(2025, 11, 8)])
def test_text_and_html_give_the_same_figures_and_sentences(on: date) -> None:
    mail = letter(digest(warning()), on)
    text, html = "".join(text_of(mail).split()), Words(html_of(mail)).words

    for words in ("1,000.00元", "500.00元", "123.45元", "376.55元", "37.66个百分点", "50.00%",
                  "12.35%", "10个工作日内", "李四", "数据截至2025年6月30日", "项目1"):  # fmt: skip
        assert words in text
        assert words in html
    duty = text.partition("二、请您办理")[2].partition("依据")[0].partition("（本邮件由")[0]
    assert duty in html


def test_the_mail_says_what_is_to_be_paid_by_the_next_checkpoint() -> None:
    text = text_of(letter(digest(warning())))

    assert "到9月底：计划累计 75.00%，还需支付 626.55 元" in text
    assert "将予通报。" in text


def test_the_office_is_asked_to_pass_on_what_no_lead_can_be_told() -> None:
    passed_on = letter(digest(warning(), without_lead=True))
    to_lead = letter(digest(warning()))

    assert "请转告上列单位在收到后 10 个工作日内回复，" in text_of(passed_on)
    assert "请转告上列单位在收到后10个工作日内回复，" in Words(html_of(passed_on)).words
    assert "请在收到本邮件后 10 个工作日内直接回复，" in text_of(to_lead)
    assert "转告" not in html_of(to_lead)


@pytest.mark.parametrize("on", [date(2025, 11, 1), date(2025, 12, 31), date(2026, 1, 8)])
def test_late_in_the_year_and_after_it_no_mail_reads_as_an_order_to_spend(on: date) -> None:
    mail = letter(digest(warning()), on)

    for body in (text_of(mail), html_of(mail)):
        assert "可支付、申请调减、结转或结余收回" in body
        assert "未支付余额" in body
        for order in ("还需支付", "及时办理", "抓紧", "加快", "将予通报"):
            assert order not in body


def test_the_soft_wording_begins_on_the_day_that_the_rules_name() -> None:
    assert "还需支付" in text_of(letter(digest(warning()), date(2025, 10, 31)))
    early = Stationery("m@x.cn", "财政局", AlertRules(soft_wording_from=(10, 15)))
    late = letter(digest(warning()), date(2025, 10, 31), stationery=early)
    assert "还需支付" not in text_of(late)


def test_months_without_a_list_are_named() -> None:
    with_note = letter(digest(warning()), missing_months=[5, 6])

    for body in (text_of(with_note), html_of(with_note)):
        assert "2025年5月、6月的支付明细尚未导入" in body
    assert "尚未导入" not in text_of(letter(digest(warning())))


def test_a_legal_basis_is_cited_only_if_set() -> None:
    cited = Stationery("m@x.cn", "财政局", AlertRules(legal_basis="某财〔2025〕1号"))

    assert "依据：某财〔2025〕1号" in text_of(letter(digest(warning()), stationery=cited))
    assert "依据" not in text_of(letter(digest(warning())))


def test_the_html_has_no_outside_resource_no_style_sheet_and_no_markup_from_names() -> None:
    html = html_of(letter(digest(warning(project_name="<script>x</script>&"))))

    for outside in ("http:", "https:", "<img", "<link", "<style", "url(", "<script"):
        assert outside not in html
    assert "&lt;script&gt;x&lt;/script&gt;&amp;" in html


def test_the_last_checkpoint_of_a_plan_asks_for_no_next_one() -> None:
    figures = {**warning().figures, "next_checkpoint": None, "next_planned_bp": None,
               "needed_fen": None}  # fmt: skip

    assert "还需支付" not in text_of(letter(digest(warning(figures=figures))))


def test_figures_of_different_days_say_which_day_each_is_of() -> None:
    text = text_of(letter(digest(warning(1), warning(2, as_of=date(2025, 7, 5)))))

    assert "截至 2025年6月30日、2025年7月5日" in text
    assert "数据截至：2025年7月5日" in text
