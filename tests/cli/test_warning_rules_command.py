from __future__ import annotations

from monitor.alerts.rule_catalogue import WARNING_RULES
from tests.cli.conftest import Monitor

OVERRIDE = '\n[[override]]\nrule = "W01"\nunit = "430"\nyellow_ratio = 70\nto = "office"\n'


def test_every_rule_is_explained_with_the_values_in_force(monitor: Monitor) -> None:
    text = monitor.ok("warnings", "rules").out

    for rule in WARNING_RULES.values():
        assert f"{rule.id} {rule.name}" in text
    assert "W11 底线（已关闭）" in text
    assert "80.00%" in text
    path = monitor.folder / "rules" / "alerts.toml"
    path.write_text(
        path.read_text("utf-8").replace("yellow_ratio = 80", "yellow_ratio = 75"), "utf-8"
    )
    assert "75.00%" in monitor.ok("warnings", "rules").out


def test_overrides_stand_beside_their_rule_and_hold_for_their_units(monitor: Monitor) -> None:
    path = monitor.folder / "rules" / "alerts.toml"
    path.write_text(path.read_text("utf-8") + OVERRIDE, "utf-8")

    general = monitor.json("warnings", "rules")
    mine = monitor.json("warnings", "rules", "--unit", "430001")

    assert general[0]["overrides"] == [
        {
            "unit": "430", "fund": "", "on": None, "audience": "office",
            "thresholds": {"yellow_ratio_bp": 7_000},
            "explanation": "单位编码以 430 开头的：先告知财政部门；"
            "已支付 ÷ 应支付的黄色界限 70.00%。",
        }
    ]  # fmt: skip
    assert (general[0]["thresholds"]["yellow_ratio_bp"], general[0]["audience"]) == (8_000, "lead")
    assert (mine[0]["thresholds"]["yellow_ratio_bp"], mine[0]["audience"]) == (7_000, "office")
    assert "另行设置：单位编码以 430 开头的" in monitor.ok("warnings", "rules").out


def test_the_rules_can_be_had_as_csv(monitor: Monitor) -> None:
    lines = monitor.ok("warnings", "rules", "--format", "csv").out.splitlines()

    assert lines[0] == "规则,名称,开关,先告知,说明,另行设置"
    assert len(lines) == 13
    assert lines[11].startswith("W11,底线,关,单位财务负责人,")
