"""What matching works with: projects, what a payment says of its project, and what is found."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple, Protocol

from monitor.domain.codes import normalise_code, normalise_name

Method = Literal["code", "remembered", "slip", "name", "rule"]
"""How a project was found without a person; `remembered`: as a person decided the same before."""

MOST_CANDIDATES = 5


@dataclass(frozen=True, slots=True)
class MatchSettings:
    """What rules/matching.toml says. `least_score` is what a candidate must reach to be shown."""

    take_slips: bool = False
    most_candidates: int = MOST_CANDIDATES
    least_score: int = 30
    warn_misfits: bool = True


class Known(NamedTuple):
    """A project that payments can belong to; `key` is the caller's own.

    `purpose` is what the document says the money is for; only candidates look at it.
    """

    key: int
    year: int
    unit_code: str
    unit_name: str
    project_code: str
    project_name: str
    purpose: str = ""


class Wording(NamedTuple):
    """What a list says of a payment's unit and project, as written or (`plain`) normalised."""

    unit_code: str
    unit_name: str
    project_code: str
    project_name: str

    def plain(self) -> Wording:
        return Wording(
            normalise_code(self.unit_code),
            normalise_name(self.unit_name),
            normalise_code(self.project_code),
            normalise_name(self.project_name),
        )


class Payable(Protocol):
    """What matching needs to know of a payment."""

    @property
    def pay_date(self) -> date: ...
    @property
    def unit_code(self) -> str: ...
    @property
    def unit_name(self) -> str: ...
    @property
    def project_code(self) -> str: ...
    @property
    def project_name(self) -> str: ...


def wording_of(payment: Payable) -> Wording:
    return Wording(payment.unit_code, payment.unit_name, payment.project_code, payment.project_name)


@dataclass(frozen=True, slots=True)
class Remembered:
    """A person's decision for a wording of one year: payments worded the same belong to `key`."""

    year: int
    unit_code: str
    unit_name: str
    project_code: str
    project_name: str
    key: int

    @property
    def wording(self) -> Wording:
        return Wording(self.unit_code, self.unit_name, self.project_code, self.project_name)


@dataclass(frozen=True, slots=True)
class Match:
    """The project's key, and how it was found; `reason` says more in Chinese where there is more.

    `rules` are the ids of the saved rules that agreed on it.
    """

    key: int
    method: Method
    reason: str = field(default="", compare=False)
    rules: tuple[int, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A project that an unmatched payment may belong to; `score` is 0–100, reasons Chinese."""

    project_code: str
    score: int
    reasons: tuple[str, ...]
