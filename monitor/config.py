"""monitor.toml, rules/*.toml and the environment → one frozen Settings; all mistakes at once."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, ParamSpec, TypeVar

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from monitor.alerts.rule_settings import AlertRules
from monitor.alerts.smtp import MailServer
from monitor.domain.advice import AdviceRules
from monitor.domain.matchable import MatchSettings
from monitor.domain.money_words import MoneyWords
from monitor.domain.outside import OutsideRules
from monitor.domain.plan_review import PlanRules
from monitor.errors import ConfigError, WorkspaceError, system_words, toml_words
from monitor.ingest.labels import Labels
from monitor.ingest.match_settings import read_matching
from monitor.ingest.outside_settings import read_outside
from monitor.ingest.profiles import Columns
from monitor.ingest.shipped import shipped
from monitor.reports.assessment import scoring_settings
from monitor.reports.assessment.advice_settings import read_advice
from monitor.reports.assessment.scoring_settings import ScoringBook, read_scoring
from monitor.reports.monitoring.settings import MonitoringRules

FILE = "monitor.toml"
RULES = (
    "advice",
    "alerts",
    "calendar",
    "columns",
    "funds",
    "labels",
    "matching",
    "monitoring",
    "outside",
    "plans",
)
_SHIPPED = (
    *(FILE, "contacts.csv"),
    *(f"rules/{name}.toml" for name in RULES),
    *(f"{scoring_settings.FOLDER}/{name}.toml" for name in scoring_settings.SHIPPED),
)
_FOLDERS = (scoring_settings.FOLDER, "inbox", "archive", "outbox", "reports")
_MAIL: Mapping[str, type] = {
    "host": str,
    "port": int,
    "security": str,
    "user": str,
    "password_file": str,
    "sender": str,
    "sender_name": str,
    "timeout": int,
    "ca_file": str,
}
_SECURITY: Mapping[str, Literal["starttls", "tls", "none"]] = {
    "starttls": "starttls",
    "tls": "tls",
    "none": "none",
}
_TOP: Mapping[str, type] = {"office": str, "database": str, "mail": dict}
_KINDS = {str: "文字", int: "整数", dict: "一节"}
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Settings:
    """A workspace's settings. `mail` is None where mails only become files in outbox/."""

    folder: Path
    office: str
    database: URL
    mail: MailServer | None
    advice: AdviceRules
    alerts: AlertRules
    columns: Columns
    funds: MoneyWords
    labels: Labels
    matching: MatchSettings
    monitoring: MonitoringRules
    outside: OutsideRules
    plans: PlanRules
    scoring: ScoringBook

    @property
    def archive(self) -> Path:
        return self.folder / "archive"

    @property
    def outbox(self) -> Path:
        return self.folder / "outbox"

    @property
    def contacts(self) -> Path:
        return self.folder / "contacts.csv"


def find(folder: str | Path | None = None) -> Path:
    """The workspace: `folder`, else MONITOR_WORKSPACE, else the nearest one from here upward."""
    named = folder or os.environ.get("MONITOR_WORKSPACE")
    if named:
        if not (Path(named) / FILE).is_file():
            raise WorkspaceError(f"{named} 不是工作区（没有 {FILE}）。", "用 monitor init 建立。")
        return Path(named)
    here = Path.cwd()
    for each in (here, *here.parents):
        if (each / FILE).is_file():
            return each
    raise WorkspaceError(
        f"{here} 和上级文件夹里没有工作区。", "用 monitor init 建立，或用 --workspace 指明。"
    )


def make(folder: Path) -> list[Path]:
    """Makes a workspace's folders and copies the defaults; what is there stays untouched."""
    for name in _FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
    made = []
    for name in _SHIPPED:
        target = folder / name
        if not target.exists() and not _stands_for(folder, name):
            # Excel knows UTF-8 in a CSV file by its mark alone
            encoding = "utf-8-sig" if target.suffix == ".csv" else "utf-8"
            target.write_text(shipped(name), encoding=encoding)
            made.append(target)
    return made


def _stands_for(folder: Path, name: str) -> bool:
    """Whether an older workspace's rules/scoring.toml is what this file would be."""
    is_standard = name == f"{scoring_settings.FOLDER}/{scoring_settings.STANDARD}.toml"
    return is_standard and (folder / f"{scoring_settings.FOLDER}.toml").exists()


def load(folder: Path) -> Settings:
    """Reads a workspace's settings. Raises ConfigError that names every mistake in them."""
    faults: list[str] = []
    top = _noting(faults, _toml, folder / FILE) or {}
    read = {name: _noting(faults, _rule, folder, name) for name in RULES}
    # What is missing in a file that cannot be read says nothing: the shipped one stands in.
    rules = {name: _shipped_rule(name) if each is None else each for name, each in read.items()}
    advice = _noting(faults, read_advice, rules["advice"])
    alerts = _noting(faults, AlertRules.from_toml, {**rules["alerts"], **rules["calendar"]})
    columns = _noting(faults, Columns.from_toml, rules["columns"])
    funds = _noting(faults, MoneyWords.from_toml, rules["funds"])
    labels = _noting(faults, Labels.from_toml, rules["labels"])
    matching = _noting(faults, read_matching, rules["matching"])
    monitoring = _noting(faults, MonitoringRules.from_toml, rules["monitoring"])
    outside = _noting(faults, read_outside, rules["outside"])
    plans = _noting(faults, PlanRules.from_toml, rules["plans"])
    scoring = _noting(faults, read_scoring, _scoring(faults, folder))
    faults += _kind_faults(top, _TOP, "")
    mail = top.get("mail", {}) if isinstance(top.get("mail", {}), dict) else {}
    wrong_mail = list(_kind_faults(mail, _MAIL, "mail."))
    faults += wrong_mail
    database = _noting(faults, _database, folder, top)
    server = None if wrong_mail else _noting(faults, _mail_server, folder, mail)
    if faults or not (
        advice
        and alerts
        and columns
        and funds
        and labels
        and matching
        and monitoring
        and outside
        and plans
        and scoring
        and database
    ):
        raise ConfigError("工作区设置有误：\n  " + "\n  ".join(faults))
    return Settings(
        folder=folder,
        office=top.get("office", ""),
        database=database,
        mail=server,
        advice=advice,
        alerts=alerts,
        columns=columns,
        funds=funds,
        labels=labels,
        matching=matching,
        monitoring=monitoring,
        outside=outside,
        plans=plans,
        scoring=scoring,
    )


def _noting(faults: list[str], read: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
    """What `read` gives; where it refuses, notes why and goes on: all mistakes in one message."""
    try:
        return read(*args, **kwargs)
    except ConfigError as error:
        faults.append(str(error))
        return None


def _toml(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8-sig")  # Notepad writes a mark before the text
        return tomllib.loads(text)
    except OSError as error:
        raise ConfigError(f"{path} 读不出来（{system_words(error)}）。") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path} 不是 UTF-8 文字。", "请另存为 UTF-8。") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} 的写法不对：{toml_words(error)}。") from None


def _rule(folder: Path, name: str) -> dict[str, Any]:
    """The workspace's copy is in force; where it has been deleted, the shipped one is."""
    path = folder / "rules" / f"{name}.toml"
    return _toml(path) if path.exists() else _shipped_rule(name)


def _scoring(faults: list[str], folder: Path) -> dict[str, dict[str, Any]]:
    """All files of rules/scoring by their names; a shipped one that has been deleted stands in.

    rules/scoring.toml, as older workspaces have it, is the national set there.
    """
    tables = {name: _shipped_rule(f"scoring/{name}") for name in scoring_settings.SHIPPED}
    paths = {path.stem: path for path in sorted((folder / scoring_settings.FOLDER).glob("*.toml"))}
    old = folder / f"{scoring_settings.FOLDER}.toml"
    if old.exists() and paths.setdefault(scoring_settings.STANDARD, old) != old:
        faults.append(
            f"{old} 已由 {scoring_settings.FOLDER}/{scoring_settings.STANDARD}.toml 代替，"
            "两个不能并存，请把改动移入后者，删去前者。"
        )
    for name, path in paths.items():
        table = _noting(faults, _toml, path)
        if table is not None:
            tables[name] = table
    return tables


def _shipped_rule(name: str) -> dict[str, Any]:
    return tomllib.loads(shipped(f"rules/{name}.toml"))


def _kind_faults(table: Mapping[str, Any], known: Mapping[str, type], where: str) -> Iterable[str]:
    for key, value in table.items():
        if key not in known:
            yield f"{FILE} 没有 {where}{key} 这一项，请检查拼写。"
        elif type(value) is not known[key]:
            yield f"{FILE} 的 {where}{key} 应当是{_KINDS[known[key]]}，现在是 {value!r}。"


def _database(folder: Path, top: Mapping[str, Any]) -> URL:
    text = os.environ.get("MONITOR_DATABASE") or top.get("database") or "sqlite:///monitor.db"
    try:
        url = make_url(str(text))
    except ArgumentError:
        raise ConfigError(f"database 不是数据库地址：{text}。") from None
    if url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:"):
        return url.set(database=str((folder / str(url.database)).absolute()))
    return url


def _mail_server(folder: Path, mail: Mapping[str, Any]) -> MailServer | None:
    if not mail.get("host"):
        return None
    faults = []
    security = _SECURITY.get(mail.get("security", "starttls"))
    if security is None:
        faults.append("mail.security 应当是 starttls、tls 或 none")
    if not _ADDRESS.fullmatch(mail.get("sender", "")):
        faults.append("mail.sender 要写发件人的邮箱地址")
    if not mail.get("sender_name", "").isprintable():
        faults.append("mail.sender_name 不能有换行等控制字符")
    if not 0 < mail.get("port", 587) < 65_536:
        faults.append("mail.port 应当在 1 到 65535 之间")
    if not 0 < mail.get("timeout", 30) <= 600:
        faults.append("mail.timeout 应当在 1 到 600 秒之间")
    password = _password(folder, mail.get("password_file", ""), faults)
    if faults or security is None:
        raise ConfigError(f"{FILE}：{'；'.join(faults)}。")
    return MailServer(
        host=mail["host"],
        port=mail.get("port", 587),
        security=security,
        user=mail.get("user", ""),
        password=password,
        sender=mail["sender"],
        sender_name=mail.get("sender_name", ""),
        timeout=mail.get("timeout", 30),
        ca_file=str(folder / mail["ca_file"]) if mail.get("ca_file") else None,
    )


def _password(folder: Path, file: str, faults: list[str]) -> str:
    from_environment = os.environ.get("MONITOR_MAIL_PASSWORD")
    if from_environment is not None:
        return from_environment
    if not file:
        return ""
    try:
        return (folder / file).read_text(encoding="utf-8").strip()
    except OSError as error:
        faults.append(f"mail.password_file 读不出来（{system_words(error)}）")
        return ""
