"""A small JQL: enough for a sweep and for looking up what one wrote.

Fields: project, key (issuekey, id), issuetype (type), status, parent, summary, updated, created.
Operators: = != > >= < <= ~ IN, NOT IN, IS [NOT] EMPTY, joined by AND, OR, NOT and parentheses, then ORDER BY.
"""

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

MAX_TERMS = 200


class JqlError(ValueError):
    """The query is refused; the message is what Jira would say."""


class Row(Protocol):
    """What a query can see of an issue."""

    @property
    def values(self) -> dict[str, tuple[str, ...]]:
        """Lower-case values by field, several where a field has several names (key and id)."""

    @property
    def updated(self) -> datetime:
        """When it last changed."""

    @property
    def created(self) -> datetime:
        """When it was created."""

    @property
    def number(self) -> tuple[str, int]:
        """Project key and number, for ordering by key."""


Predicate = Callable[[Row], bool]


@dataclass(frozen=True)
class Query:
    """A parsed query.

    Attributes:
        matches: Whether an issue belongs to the result.
        projects: Project keys or ids outside which nothing can match; `None` when unknown.
        keys: Issue keys or ids outside which nothing can match; `None` when unknown.
        parents: The same for the parent.
        order: Field and whether descending, most significant first.
    """

    matches: Predicate
    projects: frozenset[str] | None
    keys: frozenset[str] | None
    parents: frozenset[str] | None
    order: tuple[tuple[str, bool], ...]


FIELDS = {
    "project": "project",
    "key": "key",
    "issuekey": "key",
    "id": "key",
    "issue": "key",
    "issuetype": "issuetype",
    "type": "issuetype",
    "status": "status",
    "parent": "parent",
    "summary": "summary",
    "text": "summary",
    "labels": "labels",
    "updated": "updated",
    "updateddate": "updated",
    "created": "created",
    "createddate": "created",
}
_DATES = frozenset({"updated", "created"})
_ORDERABLE = frozenset({"updated", "created", "key", "project", "summary", "status", "issuetype"})
_TOKEN = re.compile(
    r"""\s*(?:(?P<quoted>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<op>>=|<=|!=|!~|=|>|<|~|\(|\)|,)"""
    r"""|(?P<word>[^\s"'=!<>~(),]+))"""
)
_RELATIVE = re.compile(r"^(-?)(\d+)([mhdwM])$")
_UNITS = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "M": timedelta(days=30),
}
_DATE_FORMATS = ("%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d")


@dataclass(frozen=True)
class _Token:
    text: str
    quoted: bool


@dataclass(frozen=True)
class _Clause:
    matches: Predicate
    bounds: dict[str, frozenset[str]]


def parse(jql: str, *, now: datetime) -> Query:
    """Read a query; relative dates count from `now`, absolute ones are UTC.

    Raises:
        JqlError: For a syntax error, an unknown field, or a query without any restriction.
    """
    return _Parser(_tokens(jql), now).query()


def _tokens(jql: str) -> list[_Token]:
    tokens: list[_Token] = []
    at = 0
    text = jql.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise JqlError(f"Error in the JQL Query: unexpected character at position {at + 1}.")
        if found["quoted"] is not None:
            tokens.append(_Token(re.sub(r"\\(.)", r"\1", found["quoted"][1:-1]), quoted=True))
        else:
            tokens.append(_Token(found["op"] or found["word"], quoted=False))
        at = found.end()
    return tokens


class _Parser:
    def __init__(self, tokens: Sequence[_Token], now: datetime) -> None:
        self._tokens = tokens
        self._at = 0
        self._now = now
        self._depth = 0

    def query(self) -> Query:
        if not self._tokens or self._is("order"):
            raise JqlError(
                "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."
            )
        clause = self._or()
        order = self._order()
        if self._at < len(self._tokens):
            raise JqlError(f"Error in the JQL Query: '{self._tokens[self._at].text}' is not expected here.")
        bounds = clause.bounds
        return Query(clause.matches, bounds.get("project"), bounds.get("key"), bounds.get("parent"), order)

    def _is(self, *words: str) -> bool:
        if self._at >= len(self._tokens):
            return False
        token = self._tokens[self._at]
        return not token.quoted and token.text.lower() in words

    def _take(self, *words: str) -> bool:
        if self._is(*words):
            self._at += 1
            return True
        return False

    def _next(self, what: str) -> _Token:
        if self._at >= len(self._tokens):
            raise JqlError(f"Error in the JQL Query: expecting {what} but reached the end of the query.")
        self._at += 1
        return self._tokens[self._at - 1]

    def _or(self) -> _Clause:
        parts = [self._and()]
        while self._take("or", "||"):
            parts.append(self._and())
        if len(parts) == 1:
            return parts[0]
        predicates = [part.matches for part in parts]
        shared = set.intersection(*(set(part.bounds) for part in parts))
        bounds = {name: frozenset[str]().union(*(part.bounds[name] for part in parts)) for name in shared}
        return _Clause(lambda row: any(predicate(row) for predicate in predicates), bounds)

    def _and(self) -> _Clause:
        parts = [self._not()]
        while self._take("and", "&&"):
            parts.append(self._not())
        if len(parts) == 1:
            return parts[0]
        predicates = [part.matches for part in parts]
        bounds: dict[str, frozenset[str]] = {}
        for part in parts:
            for name, values in part.bounds.items():
                bounds[name] = bounds[name] & values if name in bounds else values
        return _Clause(lambda row: all(predicate(row) for predicate in predicates), bounds)

    def _not(self) -> _Clause:
        self._depth += 1
        if self._depth > MAX_TERMS:
            raise JqlError("Error in the JQL Query: it has too many terms.")
        if self._take("not", "!"):
            inner = self._not().matches
            return _Clause(lambda row: not inner(row), {})
        if self._take("("):
            clause = self._or()
            if not self._take(")"):
                raise JqlError("Error in the JQL Query: expecting ')'.")
            return clause
        return self._term()

    def _term(self) -> _Clause:
        name = self._next("a field name").text
        field = FIELDS.get(name.lower())
        if field is None:
            raise JqlError(f"Field '{name}' does not exist or you do not have permission to view it.")
        if self._take("is"):
            negated = self._take("not")
            if not self._take("empty", "null"):
                raise JqlError("Error in the JQL Query: expecting EMPTY after IS.")
            return _Clause(lambda row: bool(row.values.get(field)) is negated, {})
        negated = self._take("not")
        operator = self._next("an operator").text.lower()
        values = self._values() if operator == "in" else [self._next("a value").text]
        if negated and operator != "in":
            raise JqlError("Error in the JQL Query: expecting IN after NOT.")
        return self._compare(field, f"not {operator}" if negated else operator, values)

    def _values(self) -> list[str]:
        if not self._take("("):
            raise JqlError("Error in the JQL Query: expecting '(' after IN.")
        values = [self._next("a value").text]
        while self._take(","):
            values.append(self._next("a value").text)
        if not self._take(")"):
            raise JqlError("Error in the JQL Query: expecting ')' after the list.")
        return values

    def _compare(self, field: str, operator: str, values: Sequence[str]) -> _Clause:
        if field in _DATES:
            return _Clause(self._date(field, operator, values), {})
        wanted = frozenset(value.lower() for value in values)
        if operator in {"=", "in"} and field != "summary":
            bounds = {field: wanted} if field in {"project", "key", "parent"} else {}
            return _Clause(lambda row: not wanted.isdisjoint(row.values.get(field, ())), bounds)
        if operator in {"!=", "not in"} and field != "summary":
            return _Clause(lambda row: wanted.isdisjoint(row.values.get(field, ())), {})
        if operator in {"~", "!~"} and field == "summary":
            words = next(iter(wanted)).split()
            found = operator == "~"
            return _Clause(lambda row: all(word in row.values["summary"][0] for word in words) is found, {})
        raise JqlError(f"The operator '{operator}' is not supported by the '{field}' field.")

    def _date(self, field: str, operator: str, values: Sequence[str]) -> Predicate:
        moment = self._moment(field, values[0])

        def value_of(row: Row) -> datetime:
            return row.updated if field == "updated" else row.created

        match operator:
            case ">=":
                return lambda row: value_of(row) >= moment
            case ">":
                return lambda row: value_of(row) > moment
            case "<=":
                return lambda row: value_of(row) <= moment
            case "<":
                return lambda row: value_of(row) < moment
            case "=":
                return lambda row: value_of(row) == moment
            case _:
                raise JqlError(f"The operator '{operator}' is not supported by the '{field}' field.")

    def _moment(self, field: str, value: str) -> datetime:
        try:
            if relative := _RELATIVE.match(value):
                span = int(relative[2]) * _UNITS[relative[3]]
                return self._now - span if relative[1] else self._now + span
            if value.isdecimal():
                return datetime.fromtimestamp(int(value) / 1000, tz=UTC)
            return _absolute(value)
        except (ValueError, OverflowError, OSError) as error:
            raise JqlError(
                f"Date value '{value}' for field '{field}' is invalid. Valid formats include: "
                "'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format "
                "e.g. '-5d'."
            ) from error

    def _order(self) -> tuple[tuple[str, bool], ...]:
        if not self._take("order"):
            return ()
        if not self._take("by"):
            raise JqlError("Error in the JQL Query: expecting BY after ORDER.")
        order = [self._order_term()]
        while self._take(","):
            order.append(self._order_term())
        return tuple(order)

    def _order_term(self) -> tuple[str, bool]:
        name = self._next("a field name").text
        field = FIELDS.get(name.lower())
        if field not in _ORDERABLE:
            raise JqlError(f"Not able to sort using field '{name}'.")
        if self._take("desc"):
            return field, True
        self._take("asc")
        return field, False


def _absolute(value: str) -> datetime:
    for form in _DATE_FORMATS:
        with suppress(ValueError):
            return datetime.strptime(value, form).replace(tzinfo=UTC)
    raise ValueError(value)
