"""Keyset pages: rows after a sort key, one more than asked for to know whether there is a next page."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Row, Select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from casewright_gateway.domain.cursor import Part, decode, encode
from casewright_gateway.domain.records import Page

ItemT = TypeVar("ItemT")


async def fetch_page(
    connection: AsyncConnection,
    query: Select[Any],
    *,
    key: Sequence[tuple[ColumnElement[Any], type[Part]]],
    limit: int,
    cursor: str | None,
    build: Callable[[Row[Any]], ItemT],
    descending: bool = False,
) -> Page[ItemT]:
    """One page of `query`, sorted by `key`.

    Args:
        connection: An open transaction.
        query: What to list, unsorted.
        key: Columns of a unique sort key and the type of each.
        limit: Most items on the page.
        cursor: Where the page begins; `None` for the first.
        build: Makes an item of a row.
        descending: Whether the largest key comes first.

    Raises:
        InvalidFieldError: The cursor isn't one of this list.
    """
    columns = [column for column, _ in key]
    query = query.order_by(*(column.desc() if descending else column.asc() for column in columns))
    if cursor is not None:
        after = decode(cursor, [kind for _, kind in key])
        place = tuple_(*columns)
        query = query.where(place < after if descending else place > after)
    rows = (await connection.execute(query.limit(limit + 1))).all()
    following = None
    if len(rows) > limit:
        last = rows[limit - 1]._mapping  # noqa: SLF001  # SQLAlchemy's public name for it
        following = encode([last[column.key] for column in columns])
    return Page(items=tuple(build(row) for row in rows[:limit]), next_cursor=following)
