"""Columns that the tables share: ids, references, points in time, the mark of what is undone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Integer, Text, TypeDecorator
from sqlalchemy.engine import Dialect


class Moment(TypeDecorator[datetime]):
    """A point in time: aware datetimes go in, aware datetimes in UTC come out, on every database.

    Raises ValueError for a datetime without a time zone, whose instant would be a guess.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Id = BigInteger().with_variant(Integer, "sqlite")


def id_column() -> Column[int]:
    return Column("id", Id, primary_key=True, autoincrement=True)


def undone_columns() -> list[Column[Any]]:
    return [
        Column("undone", Id, nullable=False, default=0),
        Column("undone_at", Moment),
        Column("undone_by", Text),
    ]


def to(target: str) -> ForeignKey:
    return ForeignKey(f"{target}.id")
