"""JSON Schemas of arguments and results, as generated code wants them."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core.core_schema import (
    DataclassField,
    IsInstanceSchema,
    ModelField,
    TypedDictField,
)


class Generator(GenerateJsonSchema):
    """A member with a default is always there in a result: the reader need not allow for less."""

    def field_is_required(
        self,
        field: ModelField | DataclassField | TypedDictField,
        total: bool,
    ) -> bool:
        if self.mode == "serialization" and field["type"] != "typed-dict-field":
            return "serialization_exclude_if" not in field
        return super().field_is_required(field, total)

    def is_instance_schema(self, schema: IsInstanceSchema) -> dict[str, Any]:
        """An uploaded file, as OpenAPI describes one; nothing else has a JSON form."""
        if isinstance(schema["cls"], type) and issubclass(schema["cls"], UploadedFile):
            return {"type": "string", "format": "binary"}
        return super().is_instance_schema(schema)

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False
