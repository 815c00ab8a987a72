"""Pages of a list: what a paginated function returns, and pages of a queryset by keyset."""

from __future__ import annotations

import json
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Final,
    Generic,
    TypeVar,
    get_args,
    get_origin,
    overload,
)
from uuid import UUID

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import connections
from django.db.models import F, Field, JSONField, Manager, Model, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.utils.duration import duration_string
from django.utils.timezone import is_naive
from pydantic import BaseModel, ConfigDict
from pydantic_core import from_json

if TYPE_CHECKING:
    from .function import Function

T = TypeVar("T")
B = TypeVar("B", bound=BaseModel)
M = TypeVar("M", bound=Model)

CURSOR: Final = "cursor"
"""The param by which a paginated function is asked for another page than the first."""

_NONE: Final = Q(pk__in=())
"""No row."""


class Page(BaseModel, Generic[T]):
    """One page of a list."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    items: list[T]
    next_cursor: str | None = None
    """What asks for the next page, given as `cursor`; null after the last page."""


def is_paginated(function: Function) -> bool:
    """Whether it is a read that returns a `Page`. A mutation that does just returns a value."""
    if function.kind != "read":
        return False
    annotation = function.result.annotation
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    return isinstance(annotation, type) and issubclass(annotation, Page)


@overload
def paginate(
    queryset: QuerySet[M], cursor: str | None, size: int = 20, *, as_: type[B]
) -> Page[B]: ...
@overload
def paginate(
    queryset: QuerySet[M], cursor: str | None, size: int = 20, *, as_: Callable[[M], T]
) -> Page[T]: ...
@overload
def paginate(queryset: QuerySet[M], cursor: str | None, size: int = 20) -> Page[M]: ...
def paginate(
    queryset: QuerySet[Any], cursor: str | None, size: int = 20, *, as_: Any = None
) -> Page[Any]:
    """The page of `queryset` that `cursor` asks for: the first one without, else the rows after it.

    The pages follow the order of the queryset, by its fields and those of what it refers to, with
    the primary key after them. Rows that come or go meanwhile neither repeat others nor lose any,
    and the last page is as quick as the first, given an index. `as_` makes an item of a row: a
    pydantic model that reads its attributes, or a function.

    A cursor holds the last row's values of the fields in that order: it can be read. Whatever it
    says, the rows are those of `queryset`. Raises `ValidationError` of the field `cursor` for one
    that is none of this order, and `ValueError` for a queryset whose pages it cannot tell apart.
    """
    keyset = _Keyset.of(queryset, size)
    return keyset.page(list(keyset.rows(cursor)), as_)


@overload
async def apaginate(
    queryset: QuerySet[M], cursor: str | None, size: int = 20, *, as_: type[B]
) -> Page[B]: ...
@overload
async def apaginate(
    queryset: QuerySet[M], cursor: str | None, size: int = 20, *, as_: Callable[[M], T]
) -> Page[T]: ...
@overload
async def apaginate(queryset: QuerySet[M], cursor: str | None, size: int = 20) -> Page[M]: ...
async def apaginate(
    queryset: QuerySet[Any], cursor: str | None, size: int = 20, *, as_: Any = None
) -> Page[Any]:
    """`paginate` for an async function. What `as_` reads has to be there: `select_related`."""
    keyset = _Keyset.of(queryset, size)
    return keyset.page([row async for row in keyset.rows(cursor)], as_)


@dataclass(frozen=True)
class _Keyset:
    """A queryset whose every row has a place of its own."""

    queryset: QuerySet[Any]
    terms: Sequence[_Term]
    size: int

    @classmethod
    def of(cls, queryset: QuerySet[Any], size: int) -> _Keyset:
        if size < 1:
            raise ValueError(f"a page has at least one row, not {size}")
        if isinstance(queryset, Manager):
            queryset = queryset.all()
        query = queryset.query
        for wrong, what in (
            (query.is_sliced, "is sliced"),
            (query.combinator, "is combined of several"),
            (query.distinct_fields, "is distinct by some fields"),
            (not query.standard_ordering, "is reversed: order it by what it should be ordered by"),
            (query.extra_order_by, "is ordered by extra()"),
            (queryset._fields is not None, "gives values: pass `as_` a function of the row"),  # type: ignore[attr-defined]
            (not queryset.ordered, "has no order: add order_by()"),
        ):
            if wrong:
                raise ValueError(f"paginate() takes no queryset that {what}")
        nulls_first = connections[queryset.db].features.order_by_nulls_first
        meta = queryset.model._meta
        terms = []
        for each in query.order_by or meta.ordering or ():
            terms.append(_Term.of(queryset.model, each, nulls_first))
            if terms[-1].is_unique:
                break
        else:
            last = "-pk" if terms[-1].order.descending else "pk"
            terms.append(_Term.of(queryset.model, last, nulls_first))
        return cls(queryset, terms, size)

    def rows(self, cursor: str | None) -> QuerySet[Any]:
        """Those of the page, and one more if there is one."""
        queryset = self.queryset
        if cursor is not None:
            queryset = queryset.filter(self._after(self._read(cursor)))
        names = {term.name: F(term.path) for term in self.terms if "__" in term.path}
        ordered = queryset.annotate(**names).order_by(*(term.order for term in self.terms))
        return ordered[: self.size + 1]

    def page(self, rows: Sequence[Any], as_: Any) -> Page[Any]:
        make: Callable[[Any], Any] = as_ or _same
        if isinstance(as_, type) and issubclass(as_, BaseModel):
            make = partial(as_.model_validate, from_attributes=True)
        shown = rows[: self.size]
        cursor = self._write(shown[-1]) if len(rows) > len(shown) else None
        return Page(items=[make(row) for row in shown], next_cursor=cursor)

    def _after(self, values: Sequence[Any]) -> Q:
        """The rows that come after the one with these values."""
        found = _NONE
        same = Q()
        for term, each in zip(self.terms, values, strict=True):
            found |= same & term.after(each)
            same &= term.at(each)
        # Says nothing new, but an index can be asked for it.
        return found & self.terms[0].at_or_after(values[0])

    def _write(self, row: Any) -> str:
        values = []
        for term in self.terms:
            try:
                values.append(_plain(getattr(row, term.name)))
                self._valid(term, values[-1])
            except (ValueError, ValidationError) as error:
                msg = f"paginate() cannot make a cursor of {term.path!r}: {error}"
                raise ValueError(msg) from None
        text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
        return urlsafe_b64encode(text.encode()).rstrip(b"=").decode()

    def _read(self, cursor: str) -> list[Any]:
        """The values in it. Whoever asks may have written anything."""
        try:
            text = b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
            values = from_json(text)
            if not isinstance(values, list):
                raise ValueError("it has another form")
            return [
                self._valid(term, value) for term, value in zip(self.terms, values, strict=True)
            ]
        except (ValueError, ValidationError):
            error = ValidationError("This is no cursor of this list.", code="invalid_cursor")
            raise ValidationError({CURSOR: error}) from None

    def _valid(self, term: _Term, value: Any) -> Any:
        """What stands for the value in a query. Raises `ValueError` or `ValidationError`."""
        if value is None:
            if not term.nullable:
                raise ValueError("it is never null")
            return None
        try:
            meant = term.field.to_python(value)
            written = _plain(meant)
            # Another spelling than ours is nothing that we have written.
            if type(written) is not type(value) or written != value:
                raise ValueError("it is written in another way")
            if isinstance(meant, datetime) and is_naive(meant) is settings.USE_TZ:
                raise ValueError("it is of another kind of time")
            stored = term.field.get_db_prep_value(meant, connections[self.queryset.db])
        except (TypeError, ArithmeticError) as error:
            raise ValueError(str(error)) from None
        if _is_beyond_columns(meant) or _is_beyond_columns(stored):
            raise ValueError("it is too large")
        return meant


@dataclass(frozen=True)
class _Term:
    """One field of the order."""

    path: str
    name: str
    """The attribute of a row that has it."""
    field: Field[Any, Any]
    order: OrderBy
    nullable: bool
    nulls_first: bool

    @classmethod
    def of(cls, model: type[Model], given: Any, nulls_first: bool) -> _Term:
        """`given` as `order_by` takes it; `nulls_first` is what the database does by itself."""
        order = given
        if isinstance(given, str):
            named = F(given.removeprefix("-"))
            order = named.desc() if given.startswith("-") else named.asc()
        elif isinstance(given, F):
            order = given.asc()
        if not isinstance(order, OrderBy) or not isinstance(order.expression, F):
            raise ValueError(f"paginate() takes no order but by fields, not by {given!r}")
        path: str = order.expression.name  # type: ignore[attr-defined]
        if order.nulls_first or order.nulls_last:
            first = bool(order.nulls_first)
        else:
            first = nulls_first is not order.descending
        field, nullable = _field_at(model, path)
        name = f"_cursor_{path}".replace("__", "_") if "__" in path else field.attname
        return cls(path, name, field, order, nullable, first)

    @property
    def is_unique(self) -> bool:
        """No two rows have one value."""
        return "__" not in self.path and self.field.unique and not self.nullable

    def at(self, value: Any) -> Q:
        return self._where("isnull", True) if value is None else self._where("exact", value)

    def after(self, value: Any) -> Q:
        if value is None:
            return self._where("isnull", False) if self.nulls_first else _NONE
        beyond = self._where("lt" if self.order.descending else "gt", value)
        if self.nullable and not self.nulls_first:
            return beyond | self._where("isnull", True)
        return beyond

    def at_or_after(self, value: Any) -> Q:
        """The same in one comparison, where there are no nulls."""
        if self.nullable:
            return Q()
        return self._where("lte" if self.order.descending else "gte", value)

    def _where(self, lookup: str, value: Any) -> Q:
        return Q((f"{self.path}__{lookup}", value))


def _field_at(model: type[Model], path: str) -> tuple[Field[Any, Any], bool]:
    """The field to which the path leads, and whether there may be a null."""
    nullable = False
    *way, last = path.split("__")
    for step in way:
        field = _field(model, step, path)
        # One that refers to many would give rows more than once.
        if not (field.many_to_one or field.one_to_one) or field.related_model is None:
            raise ValueError(f"paginate() cannot order by {path!r}: {step!r} refers to no one row")
        nullable = nullable or field.null
        model = field.related_model
    field = _field(model, last, path)
    if isinstance(field, JSONField) or (field.is_relation and last not in ("pk", field.attname)):
        raise ValueError(f"paginate() cannot order by {path!r}, which is no plain value")
    return field, nullable or field.null


def _field(model: type[Model], name: str, path: str) -> Field[Any, Any]:
    meta = model._meta
    try:
        field = meta.pk if name == "pk" else meta.get_field(name)
    except FieldDoesNotExist:
        field = None
    if not isinstance(field, Field):
        msg = f"paginate() cannot order by {path!r}: {meta.label} has no field {name!r}"
        raise ValueError(msg) from None
    return field


def _plain(value: Any) -> Any:
    """The value as JSON has it. Raises `ValueError` for one that it cannot have exactly."""
    match value:
        case None | bool():
            return value
        case int():
            return int(value)
        case float():
            return float(value)
        case str():
            return str.__str__(value)
        case datetime() if not is_naive(value):
            return value.astimezone(UTC).isoformat()
        case date() | time():
            return value.isoformat()
        case timedelta():
            return duration_string(value)
        case Decimal() | UUID():
            return str(value)
    raise ValueError(f"{type(value).__name__} is no plain value")


def _is_beyond_columns(value: Any) -> bool:
    """Whether it is what a database may answer with an error."""
    match value:
        case int():
            return abs(value) >= 2**63
        case str():
            return "\0" in value
        case Decimal():
            return max(len(value.as_tuple().digits), abs(value.adjusted())) > 1000
    return False


def _same(row: T) -> T:
    return row
