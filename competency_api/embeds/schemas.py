"""What is asked of embeds: the filters of concepts, and how what they find is shown."""

from __future__ import annotations

import marshmallow as ma

from competency_api.concepts.parameters import DEEPEST, FiltersQuerySchema
from competency_api.core.http import LanguageQuerySchema, QuerySchema, ResponseSchema
from competency_api.core.http.fields import Choice, CommaList, Integer, SafeString
from competency_api.core.languages import LONGEST_TAG
from competency_api.courses.values import MappingRelation
from competency_api.embeds.views import COLUMNS, COURSE_COLUMNS, VIEWS

#: As many as one can look through; what goes beyond is told.
MOST_ITEMS = 500
MOST_COURSES = 50
_EXAMPLE = "http://127.0.0.1:8000/id/C017"

VIEW_PARAMETER = {
    "in": "path",
    "name": "view",
    "description": f"Form: {', '.join(VIEWS)}.",
    "schema": {"type": "string", "minLength": 1},
    "example": "list",
}


class EmbedQuerySchema(FiltersQuerySchema, LanguageQuerySchema):  # type: ignore[misc, valid-type]  # made from the table
    code = SafeString(
        least=1,
        most=80,
        metadata={"description": "the concept or profile that is shown, or whose courses are; only in those forms"},
    )
    relation = CommaList(
        Choice([relation.value for relation in MappingRelation]),
        metadata={"description": "what courses do with the concept; only in their form"},
    )
    provider = SafeString(least=1, most=80, metadata={"description": "provider of the courses; only in their form"})
    course = CommaList(
        SafeString(least=1, most=40),
        most=MOST_COURSES,
        metadata={"description": "these courses, by their ids, and nothing else; only in their form"},
    )
    columns = CommaList(
        Choice(tuple(dict.fromkeys((*COLUMNS, *COURSE_COLUMNS)))),
        metadata={"description": "what is said of each beside its name; courses have others than concepts"},
    )
    sort = Choice(["label", "code"], load_default="label", metadata={"description": "order, by name or by code"})
    depth = Integer(least=1, most=DEEPEST, metadata={"description": "levels of a tree, the first one included"})
    limit = Integer(
        least=1, most=MOST_ITEMS, load_default=MOST_ITEMS, metadata={"description": "entries shown at most"}
    )


class FrameQuerySchema(EmbedQuerySchema):
    theme = Choice(
        ["auto", "light", "dark"],
        load_default="light",
        metadata={"description": "colours; `auto` is what the reader's device wants"},
    )
    dir = Choice(["ltr", "rtl"], metadata={"description": "direction, where it is not that of the language"})


class GeneratorQuerySchema(QuerySchema):
    """What the form of the generator sends: every field, also those that were left empty."""

    ui = SafeString(most=LONGEST_TAG)
    view = SafeString(most=80)
    version = SafeString(most=80)
    kind = SafeString(most=80)
    discipline = SafeString(most=80)
    profile = SafeString(most=80)
    code = SafeString(most=80)
    relation = SafeString(most=80)
    provider = SafeString(most=80)
    course = SafeString(most=2000)
    lang = SafeString(most=LONGEST_TAG)
    columns = ma.fields.List(SafeString(most=200))
    sort = SafeString(most=80)
    theme = SafeString(most=80)
    search = SafeString(most=8)


class OembedQuerySchema(QuerySchema):
    url = SafeString(
        least=1,
        most=2000,
        required=True,
        metadata={"description": "address of a concept or of an embed's frame", "example": _EXAMPLE},
    )
    format = Choice(["json", "xml"], load_default="json", metadata={"description": "of the answer"})
    maxwidth = Integer(least=1, metadata={"description": "width of the frame at most, in pixels"})
    maxheight = Integer(least=1, metadata={"description": "height of the frame at most, in pixels"})
    dnt = SafeString(most=10, metadata={"description": "taken and passed over: nobody is tracked anyway"})


class OembedSchema(ResponseSchema):
    """As https://oembed.com has it."""

    version = ma.fields.String(required=True)
    type = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    provider_name = ma.fields.String(required=True)
    provider_url = ma.fields.String(required=True, metadata={"format": "uri"})
    cache_age = ma.fields.Integer(required=True, metadata={"description": "seconds"})
    html = ma.fields.String(required=True)
    width = ma.fields.Integer(required=True)
    height = ma.fields.Integer(required=True)


class EmbeddedTextSchema(ResponseSchema):
    text = ma.fields.String(required=True)
    lang = ma.fields.String(metadata={"description": "language, of texts of the taxonomy"})
    fallback = ma.fields.Boolean(metadata={"description": "whether it is another language than the asked one"})
    review = ma.fields.String(metadata={"description": "original, draft (nobody has reviewed it) or reviewed"})


class EmbeddedItemLevelSchema(ResponseSchema):
    value = ma.fields.Integer(required=True)
    text = ma.fields.String(required=True)


class EmbeddedItemSchema(ResponseSchema):
    code = ma.fields.String(required=True)
    uri = ma.fields.String(required=True, metadata={"format": "uri"})
    label = ma.fields.Nested(EmbeddedTextSchema, required=True)
    cells = ma.fields.Dict(
        keys=ma.fields.String(), values=ma.fields.List(ma.fields.Nested(EmbeddedTextSchema)), required=True
    )
    level = ma.fields.Nested(EmbeddedItemLevelSchema)
    children = ma.fields.List(ma.fields.Nested("EmbeddedItemSchema"))
    retired = ma.fields.String(metadata={"description": "a sentence, of a retired concept"})
    instead = ma.fields.Nested("EmbeddedInsteadSchema")


class EmbeddedInsteadSchema(ResponseSchema):
    text = ma.fields.String(required=True)
    items = ma.fields.List(ma.fields.Nested(EmbeddedItemSchema), required=True)


class EmbeddedColumnSchema(ResponseSchema):
    name = ma.fields.String(required=True)
    title = ma.fields.String(required=True)


class EmbeddedAboutSchema(ResponseSchema):
    text = ma.fields.String(required=True)
    uri = ma.fields.String(required=True, metadata={"format": "uri"})
    newer = ma.fields.String(metadata={"description": "a sentence, where a newer version is published"})


class EmbedSchema(ResponseSchema):
    version = ma.fields.String(required=True)
    newest = ma.fields.String(required=True)
    view = ma.fields.String(required=True)
    lang = ma.fields.String(required=True, metadata={"description": "language of the interface's words"})
    title = ma.fields.String(required=True)
    subject = ma.fields.Nested(EmbeddedItemSchema)
    columns = ma.fields.List(ma.fields.Nested(EmbeddedColumnSchema), required=True)
    items = ma.fields.List(ma.fields.Nested(EmbeddedItemSchema), required=True)
    total = ma.fields.Integer(required=True)
    open = ma.fields.Boolean(required=True, metadata={"description": "whether a tree begins unfolded"})
    notes = ma.fields.List(ma.fields.String(), required=True)
    about = ma.fields.Nested(EmbeddedAboutSchema, required=True)
    words = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String(), required=True)


class EmbeddedOptionSchema(ResponseSchema):
    value = ma.fields.String(required=True, metadata={"description": "code"})
    label = ma.fields.String(required=True)
    version = ma.fields.String(required=True)
