"""Types as applications have them. What is generated of them is in codegen/tests/cases/types."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Annotated, Any, Generic, Literal, NamedTuple, NotRequired, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypeAliasType, TypedDict

T = TypeVar("T")


class State(Enum):
    """How far an order is."""

    OPEN = "open"
    PAID = "paid"
    SENT = "sent"


class Priority(IntEnum):
    LOW = 1
    HIGH = 2


class Page(BaseModel, Generic[T]):
    """One page of a list."""

    items: list[T]
    next: str | None = None


class Task(BaseModel):
    """Something to do in the shop."""

    id: UUID
    title: str


class Address(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True)

    street: str
    """Ends here: */ alert("no"); /* does it?"""
    zip: str | None = None
    """日本の郵便番号, if there is one. 👩‍👩‍👧"""


class Card(BaseModel):
    kind: Literal["card"] = "card"
    last4: str


class Transfer(BaseModel):
    kind: Literal["transfer"] = "transfer"
    iban: str


class Voucher(BaseModel):
    kind: Literal["voucher"] = "voucher"
    amount: Decimal


Payment = Annotated[Card | Transfer | Voucher, Field(discriminator="kind")]

Setting = TypeAliasType("Setting", "bool | int | str | list[Setting] | dict[str, Setting] | None")


class Category(BaseModel):
    """A shelf of the shop; shelves stand in shelves."""

    name: str
    parent: Category | None
    children: list[Category]


class Opening(NamedTuple):
    at: time
    until: time


@dataclass
class Size:
    width: float
    height: float


class Label(TypedDict):
    """A word on a parcel."""

    text: str
    colour: NotRequired[Literal["red", "green"]]


class Order(BaseModel):
    """What somebody has bought."""

    id: UUID
    state: State
    priority: Priority
    address: Address
    paid_with: Payment | None
    total: Decimal
    placed: datetime
    due: date | None = None
    took: timedelta
    openings: list[Opening]
    size: Size
    labels: list[Label]
    by_state: dict[State, int]
    by_day: dict[date, Decimal]
    settings: Setting
    checksum: bytes
    note: Annotated[str, Field(deprecated=True, description="Use `labels`.")] = ""
    extra: Any = None
    constructor: str = "a word that JavaScript has a use for"


class Draft(BaseModel):
    """An order that is being written."""

    state: State = State.OPEN
    address: Address
    pay: Payment
    discount: Decimal | None = None
    due: date | None = None
    labels: list[Label] = []
