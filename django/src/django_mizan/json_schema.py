"""JSON Schemas of arguments and results, as generated code wants them."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core.core_schema import (
    BytesSchema,
    DataclassField,
    DecimalSchema,
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

    def bytes_schema(self, schema: BytesSchema) -> dict[str, Any]:
        """Text: "binary" is for files, which are not part of the JSON."""
        described = super().bytes_schema(schema)
        if described.get("format") == "binary":
            del described["format"]
        return described

    def decimal_schema(self, schema: DecimalSchema) -> dict[str, Any]:
        """Generated code keeps a decimal number apart from any other text."""
        described = super().decimal_schema(schema)
        for each in described.get("anyOf", [described]):
            if each.get("type") == "string":
                each["format"] = "decimal"
        return described

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False
