"""What the schema says of types is what the generator is tested with, in every detail."""

from __future__ import annotations

import json
import os
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from django.http import HttpRequest
from library.models import Book
from library.models import Task as Errand
from openapi_spec_validator import validate
from pydantic import Field
from shop.models import Category, Draft, Order, Page, Payment, Setting, State, Task

from django_mizan import client, schema

GOLDEN = Path(__file__).parents[2] / "codegen/tests/cases/types/schema.json"


def declare() -> None:
    @client(context="shop")
    def orders(request: HttpRequest, state: State | None = None) -> Page[Order]:
        """The newest orders.

        A page of them. */ Not the end of it.
        """
        raise NotImplementedError

    @client(context="shop")
    def categories(request: HttpRequest) -> list[Category]:
        raise NotImplementedError

    @client(context="shop")
    def tasks(request: HttpRequest) -> Page[Task]:
        raise NotImplementedError

    @client(context="order")
    def order(
        request: HttpRequest, order_id: Annotated[UUID, Field(description="Of `Order.id`.")]
    ) -> Order | None:
        raise NotImplementedError

    @client(context="order")
    def payments(request: HttpRequest, order_id: UUID, since: date | None = None) -> list[Payment]:
        raise NotImplementedError

    @client(context="order")
    def changed(request: HttpRequest, order_id: UUID) -> datetime:
        raise NotImplementedError

    @client(context="library")
    def errands(request: HttpRequest, shelf: Literal[1, 2, 3]) -> Page[Errand]:
        raise NotImplementedError

    @client(context="library")
    def lost(request: HttpRequest, shelf: Literal[1, 2, 3]) -> Page[Book | None]:
        raise NotImplementedError

    @client(affects=["shop", "order"])
    def place(request: HttpRequest, draft: Draft, key: UUID, gift: bool | None = None) -> Order:
        """Buys what is in the cart."""
        raise NotImplementedError

    @client
    def refund(request: HttpRequest, order_id: UUID, amount: Decimal) -> Decimal:
        raise NotImplementedError

    @client
    def configure(request: HttpRequest, settings: dict[str, Setting]) -> None:
        raise NotImplementedError

    @client
    def rename(request: HttpRequest, task: Errand, category: Category) -> Errand:
        raise NotImplementedError


@pytest.mark.usefixtures("empty")
def test_the_generator_is_tested_with_what_is_exported() -> None:
    declare()
    document = schema.document()
    validate(document)
    document["paths"] = {}  # the generator reads nothing of it
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    if os.environ.get("MIZAN_BLESS"):
        GOLDEN.write_text(text, encoding="utf-8", newline="\n")
    assert text == GOLDEN.read_text(encoding="utf-8"), "MIZAN_BLESS=1 writes it; then run codegen's"


@pytest.fixture
def components() -> Any:
    return json.loads(GOLDEN.read_text(encoding="utf-8"))["components"]["schemas"]


def test_a_decimal_has_a_format(components: Any) -> None:
    assert components["Order"]["properties"]["total"] == {"type": "string", "format": "decimal"}
    amount = components["RefundArgs"]["properties"]["amount"]
    assert [(each["type"], each.get("format")) for each in amount["anyOf"]] == [
        ("number", None),
        ("string", "decimal"),
    ]


def test_bytes_are_text_and_no_file(components: Any) -> None:
    assert components["Order"]["properties"]["checksum"] == {"type": "string"}
