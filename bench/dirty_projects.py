"""The projects of a made-up county, monitored and not: some differ by a year, a phase, a place."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from bench.dirty_names import ALPHABET, COMMON, ORGANS, OWN, PLACES, SCHOOLS
from monitor.domain.codes import check_character
from monitor.domain.matching import Known

YEAR = 2025


def projects(random: Random, units: int) -> tuple[list[Known], list[Known]]:
    """The projects monitored (some 35 a unit), and unmonitored ones of the same units."""
    monitored: list[Known] = []
    hidden: list[Known] = []
    for n in range(units):
        organ = ORGANS[n % len(ORGANS)]
        unit = f"{301 + n % len(ORGANS)}{1 + n // len(ORGANS):03d}"
        name = f"玉田县{organ}" + (
            "本级" if n < len(ORGANS) else f"下属第{n // len(ORGANS)}服务中心"
        )
        names = list(dict.fromkeys(_names(random)))
        for m, project in enumerate(names):
            code = _code(random, n, m)
            known = Known(len(monitored), YEAR, unit, name, code, project)
            if m % 5 == 4:  # a neighbour in the same unit that is not monitored
                hidden.append(known._replace(key=-1 - len(hidden)))
            else:
                monitored.append(known)
                if m % 7 == 0:  # last year's project of the same name, still being paid
                    last = recoded(code, code[:6] + "24" + code[8:])
                    hidden.append(known._replace(key=-1 - len(hidden), project_code=last))
    return monitored, hidden


def _names(random: Random) -> Iterator[str]:
    yield from random.sample(COMMON, 12)
    for name in random.sample(OWN, 12):
        style = random.randrange(5)
        if style == 0:
            yield from (f"{name}（一期）", f"{name}（二期）")
        elif style == 1:
            yield from (f"2024年{name}", f"2025年{name}")
        elif style == 2:
            yield from (f"{place}{name}" for place in random.sample(PLACES, 4))
        elif style == 3:
            yield from (f"{school}{name}" for school in random.sample(SCHOOLS, 4))
        else:
            yield name


def _code(random: Random, unit: int, number: int) -> str:
    """Four of five of the newer kind, numbered one after another; the others as units make them."""
    if unit % 5:
        return recoded("P", f"13022925P00{unit:03d}{number:02d}{random.randrange(100):02d}1" + "00")
    if unit % 2:
        return f"13022925X{unit:04d}{number:02d}0" + "".join(random.choices(ALPHABET, k=5))
    return f"13022925{unit:05d}{number:08d}"


def recoded(like: str, code: str) -> str:
    """The code with its right check character where codes like it have one."""
    if "P" not in like[:9]:
        return code
    return code[:20] + str(check_character(code[:20]))
