"""What units report of their indicators at a checkpoint; the rule W12 reads it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, update

from monitor.store.alert_tables import indicator_results


def record(
    connection: Connection,
    project_id: int,
    position: int,
    period: str,
    *,
    result: str,
    on_target: bool | None,
    source: str,
    at: datetime,
    actor: str,
) -> None:
    """Records a result in place of the one in force; an empty one only takes that back.

    `position` is the indicator's in the project's document, from 1; `period` the month, `06`;
    `on_target` None where it cannot be told.
    """
    same = (
        indicator_results.c.project_id == project_id,
        indicator_results.c.position == position,
        indicator_results.c.period == period,
    )
    connection.execute(
        update(indicator_results)
        .where(*same, indicator_results.c.undone == 0)
        .values(undone=indicator_results.c.id, undone_at=at, undone_by=actor)
    )
    if result:
        connection.execute(
            insert(indicator_results).values(
                project_id=project_id,
                position=position,
                period=period,
                result=result,
                on_target=on_target,
                source=source,
                recorded_at=at,
                actor=actor,
                undone=0,
            )
        )
