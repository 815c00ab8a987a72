"""The texts that people type: stripped, and refused in words that a form can show as they are."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError


def text(most: int, *, least: int = 1) -> Any:
    """The type of a text of `least` to `most` characters."""

    def check(value: str) -> str:
        if len(value) < least:
            raise PydanticCustomError("too_short", "This cannot be empty.")
        if len(value) > most:
            raise PydanticCustomError("too_long", "At most {most} characters.", {"most": most})
        return value

    limits = Field(json_schema_extra={"minLength": least, "maxLength": most})
    return Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(check), limits]


Name = text(60)
Role = text(60)
Bio = text(500, least=0)
CommentText = text(1000)
