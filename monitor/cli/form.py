"""`monitor form …`: the forms that units fill in, out and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from monitor.cli.lazy import LazyGroup

if TYPE_CHECKING:
    from monitor.bootstrap import App
    from monitor.reports.forms.asking import FormRules

_FORMS = {
    "export": "form_export",
    "import": "form_import",
    "status": "form_status",
    "check": "form_check",
}


@click.group("form", cls=LazyGroup, modules=_FORMS)
def form_command() -> None:
    """填报表：导出给单位填写，逐格检查后收回，查看填报情况，检查填好的自评表。"""


def form_rules(app: App) -> FormRules:
    """The settings of a workspace that its forms are made by."""
    from monitor.reports.forms.asking import FormRules

    settings = app.settings
    return FormRules(
        scoring=settings.scoring,
        limits=settings.alerts.limits,
        words=settings.funds,
        sure_bp=settings.monitoring.sure_bp,
    )
