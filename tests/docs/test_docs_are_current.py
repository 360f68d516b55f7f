"""The documents say what the program is: generated parts are current, nothing is left out."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from docs import generate
from monitor.alerts.contact_kinds import KINDS
from monitor.alerts.rule_catalogue import WARNING_RULES
from monitor.cli.mail import STATES as MAIL_STATES
from monitor.cli.warning_labels import STATES as WARNING_STATES
from monitor.config import _MAIL, _TOP, RULES
from monitor.domain.form_kinds import FORM_KINDS
from monitor.ingest.adjustment_kinds import ADJUSTMENT_KINDS
from monitor.ingest.answer_kinds import ANSWER_KINDS
from monitor.ingest.form_return_kinds import FORM_RETURN_KINDS
from monitor.ingest.import_payments import OUTCOMES
from monitor.ingest.match_kinds import MATCH_KINDS
from monitor.ingest.payment_kinds import PAYMENT_KINDS
from monitor.ingest.plan_kinds import PLAN_KINDS
from monitor.ingest.readers.kinds import FILE_KINDS
from monitor.ingest.target_kinds import TARGET_KINDS
from monitor.reports.assessment import scoring_settings
from tests.conftest import ROOT

COMMANDS = [pytest.param(command, id=ctx.command_path) for command, ctx in generate.commands()]
OF_TARGETS = (*TARGET_KINDS, *FILE_KINDS, *PLAN_KINDS, *ADJUSTMENT_KINDS)
OF_FORMS = (*ANSWER_KINDS, *FORM_KINDS, *FORM_RETURN_KINDS)
IDS = [kind.id for kind in (*OF_TARGETS, *PAYMENT_KINDS, *MATCH_KINDS, *OF_FORMS, *KINDS)]
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
MANUAL = generate.MANUAL.read_text(encoding="utf-8")


def test_the_page_of_diagnostics_is_current() -> None:
    written = generate.DIAGNOSTICS.read_text(encoding="utf-8")

    assert written == generate.diagnostics_page(), "run `make docs`"


def test_the_manuals_section_of_commands_is_current() -> None:
    assert generate.with_commands(MANUAL) == MANUAL, "run `make docs`"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_in_chinese(command: click.Command) -> None:
    assert is_chinese(command.help)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_has_help_in_chinese(command: click.Command) -> None:
    options = [param for param in command.params if isinstance(param, click.Option)]

    assert [option.name for option in options if not is_chinese(option.help)] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_value_of_an_option_or_argument_has_a_name_that_users_know(
    command: click.Command,
) -> None:
    valued = [p for p in command.params if not (isinstance(p, click.Option) and p.is_flag)]

    assert [param.name for param in valued if not param.metavar] == []


@pytest.mark.parametrize(
    ("command", "ctx"),
    [pytest.param(*each, id=each[1].command_path) for each in generate.commands()],
)
def test_every_usage_line_is_in_chinese(command: click.Command, ctx: click.Context) -> None:
    usage = command.collect_usage_pieces(ctx)

    assert [piece for piece in usage if re.search("[A-Z]{2}", piece)] == []


@pytest.mark.parametrize(
    ("command", "ctx"),
    [pytest.param(*each, id=each[1].command_path) for each in generate.commands()],
)
def test_no_help_page_tells_of_an_option_in_clicks_own_words(
    command: click.Command, ctx: click.Context
) -> None:
    assert re.findall(r"\brequired\b|\bdefault:|x[<>]=|<=x", command.get_help(ctx)) == []


def test_no_two_diagnostics_share_an_id() -> None:
    assert sorted({*IDS, *WARNING_RULES}) == sorted([*IDS, *WARNING_RULES])


@pytest.mark.parametrize("rule", WARNING_RULES)
def test_every_warning_rule_is_explained_in_the_manual(rule: str) -> None:
    assert f"**{rule} {WARNING_RULES[rule].name}**" in MANUAL


@pytest.mark.parametrize("states", [WARNING_STATES, MAIL_STATES], ids=["warnings", "mails"])
def test_every_state_is_in_the_manual_with_both_its_names(states: dict[str, str]) -> None:
    assert [name for name, label in states.items() if f"| {label} | `{name}` |" not in MANUAL] == []


def test_every_outcome_of_a_receipt_is_in_the_manual() -> None:
    assert [label for label in OUTCOMES.values() if f"| {label} |" not in MANUAL] == []


def test_every_setting_is_in_the_manual() -> None:
    settings = [*(key for key in _TOP if key != "mail"), *(f"mail.{key}" for key in _MAIL)]

    assert [key for key in settings if f"| `{key}` |" not in MANUAL] == []
    files = (*RULES, *scoring_settings.SHIPPED)
    assert [name for name in files if f"| `{name}.toml` |" not in MANUAL] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_to_a_file_or_a_heading(document: Path) -> None:
    text = document.read_text(encoding="utf-8")

    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        path, _, heading = link.partition("#")
        if "://" in link:
            continue
        target = document.parent / path if path else document
        assert target.exists(), link
        assert not heading or heading in anchors(target.read_text(encoding="utf-8")), link


def anchors(text: str) -> set[str]:
    """The headings of a page as its links name them."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each).strip().lower().replace(" ", "-") for each in headings}


def is_chinese(text: str | None) -> bool:
    return re.search(r"[\u4e00-\u9fff]", text or "") is not None
