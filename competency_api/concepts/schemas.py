"""What is answered about concepts; members of attributes and links follow from the tables of kinds and relations.

Members that ``fields`` may leave out are not required.
"""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from competency_api.catalogue.schemas import EXACT, ChangeSchema, Spoken, TextSchema
from competency_api.core.http import ResponseSchema, Schema, page_schema
from competency_api.core.http.fields import Language, SafeString
from competency_api.taxonomy.conversion import Outcome
from competency_api.taxonomy.kinds import INVERSES, KINDS, RELATIONS, Attribute, Shape

MOST_ITEMS = 1000
_CODE = {"description": "kind letter and digits; never changes, is never used again", "examples": ["C017"]}


def _is(meaning: str) -> dict[str, Any]:
    return {"metadata": {"description": meaning}}


def _texts(**options: Any) -> ma.fields.Dict:
    return ma.fields.Dict(keys=Language(), values=ma.fields.String(), **options)


def _spoken(**options: Any) -> ma.fields.Nested:
    return ma.fields.Nested(TextSchema, allow_none=True, **options)


class LabelsSchema(ResponseSchema):
    """The labels in one language; `hidden` ones serve search only."""

    preferred = ma.fields.String()
    alternative = ma.fields.List(ma.fields.String())
    hidden = ma.fields.List(ma.fields.String())


class SpokenLabelsSchema(ResponseSchema):
    """The labels in the chosen language."""

    preferred = _spoken()
    alternative = ma.fields.List(ma.fields.Nested(TextSchema))
    hidden = ma.fields.List(ma.fields.Nested(TextSchema))


class _Link(ResponseSchema):
    code = ma.fields.String(metadata=_CODE)
    level = ma.fields.Integer(**_is("where the relation carries one, 1 to 4"))


class LinkSchema(_Link):
    """Another concept of the version. With `include`, all its members beside these."""

    label = _texts(**_is("preferred label by language"))


class SpokenLinkSchema(_Link):
    """The same with its label in one language."""

    label = _spoken()


class _Successor(ResponseSchema):
    match = ma.fields.String(metadata={"enum": ["equivalent", "narrower", "broader", "not-equivalent"]})


class SuccessorSchema(LinkSchema, _Successor):
    """What to use instead. Only `equivalent` lets a mapping move without a person."""


class SpokenSuccessorSchema(SpokenLinkSchema, _Successor):
    """The same with its label in one language."""


class _Retirement(ResponseSchema):
    reason = ma.fields.String()
    on = ma.fields.String(metadata={"format": "date"})
    transition_until = ma.fields.String(allow_none=True, **_is("last day on which course mappings to it count"))
    combine = ma.fields.String(metadata={"enum": ["any", "all"]})


class RetirementSchema(_Retirement):
    successors = ma.fields.List(ma.fields.Nested(SuccessorSchema))
    use = ma.fields.List(
        ma.fields.Nested(SuccessorSchema),
        required=True,
        **_is("active concepts at the ends of the chain of successors"),
    )


class SpokenRetirementSchema(_Retirement):
    successors = ma.fields.List(ma.fields.Nested(SpokenSuccessorSchema))
    use = ma.fields.List(ma.fields.Nested(SpokenSuccessorSchema))


class AlignmentSchema(ResponseSchema):
    """A link to a concept of another scheme; absent members are not known."""

    match = ma.fields.String(metadata={"enum": ["exact", "close", "broad", "narrow", "related"]})
    uri = ma.fields.String()
    scheme = ma.fields.String(metadata={"examples": ["ESCO"]})
    label = ma.fields.String()
    note = ma.fields.String()


class SourceSchema(ResponseSchema):
    title = ma.fields.String()
    publisher = ma.fields.String()
    year = ma.fields.Integer()
    url = ma.fields.String()


def _attribute(attribute: Attribute, spoken: bool) -> ma.fields.Field[Any]:
    about: dict[str, Any] = {"metadata": {"description": attribute.meaning}}
    if attribute.shape is Shape.CHOICE:
        about["metadata"]["enum"] = list(attribute.values)
    if attribute.shape in (Shape.CHOICES, Shape.TERMS):
        return ma.fields.List(ma.fields.String(), **about)
    if attribute.shape is Shape.REFERENCES:
        return ma.fields.List(ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String()), **about)
    if attribute.shape is Shape.TEXT:
        return _spoken(**about) if spoken else _texts(**about)
    if attribute.shape is Shape.LEVELS:
        inner = _spoken() if spoken else _texts()
        return ma.fields.Dict(keys=ma.fields.String(), values=inner, **about)
    return ma.fields.String(**about)


def _attributes(name: str, *, spoken: bool) -> type[ma.Schema]:
    members = {a.name: _attribute(a, spoken) for kind in KINDS.values() for a in kind.attributes}
    return ResponseSchema.from_dict(members, name=name)


def _links(name: str, link: type[ma.Schema], meanings: dict[str, str]) -> type[ma.Schema]:
    """A list of links for each relation; those that a concept does not have are left out."""
    members: dict[str, Any] = {
        relation: ma.fields.List(ma.fields.Nested(link), metadata={"description": meaning})
        for relation, meaning in meanings.items()
    }
    return ResponseSchema.from_dict(members, name=name)


_OUT = {relation.name: f"it {relation.meaning} these" for relation in RELATIONS.values()}
_IN = {inverse: f"for these it is `{relation.name}`" for inverse, relation in INVERSES.items()}

AttributesSchema = _attributes("AttributesSchema", spoken=False)
SpokenAttributesSchema = _attributes("SpokenAttributesSchema", spoken=True)
RelationsSchema = _links("RelationsSchema", LinkSchema, _OUT)
SpokenRelationsSchema = _links("SpokenRelationsSchema", SpokenLinkSchema, _OUT)
InverseSchema = _links("InverseSchema", LinkSchema, _IN)
SpokenInverseSchema = _links("SpokenInverseSchema", SpokenLinkSchema, _IN)


class _Concept(ResponseSchema):
    """What does not depend on the language. With `fields`, members that are not asked for are left out."""

    code = ma.fields.String(metadata=_CODE)
    uri = ma.fields.String(metadata={"format": "uri", "description": "permanent, the same in every version"})
    uuid = ma.fields.String(metadata={"format": "uuid"})
    kind = ma.fields.String(metadata={"enum": list(KINDS)})
    status = ma.fields.String(metadata={"enum": ["active", "retired"]})
    version = ma.fields.String(required=True, metadata=EXACT)
    digest = ma.fields.String(metadata={"description": "SHA-256 of its canonical JSON", "pattern": "^[0-9a-f]{64}$"})
    translations = ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.String(metadata={"enum": ["draft", "reviewed"]}),
        **_is("state of the texts by language"),
    )
    alignments = ma.fields.List(ma.fields.Nested(AlignmentSchema))
    sources = ma.fields.List(ma.fields.Nested(SourceSchema))
    former_codes = ma.fields.List(ma.fields.String())
    meaning = ma.fields.Integer(**_is("raised when the meaning is changed on purpose"))


class ConceptSchema(_Concept):
    """A concept with its texts in all languages, by tag."""

    labels = ma.fields.Dict(keys=Language(), values=ma.fields.Nested(LabelsSchema))
    definition = _texts()
    scope_note = _texts()
    example = _texts()
    relations = ma.fields.Nested(RelationsSchema)
    inverse = ma.fields.Nested(InverseSchema)
    attributes = ma.fields.Nested(AttributesSchema)
    retirement = ma.fields.Nested(RetirementSchema, allow_none=True)


class SpokenConceptSchema(_Concept):
    """A concept with each text in one language (`lang`)."""

    labels = ma.fields.Nested(SpokenLabelsSchema)
    definition = _spoken()
    scope_note = _spoken()
    example = _spoken()
    relations = ma.fields.Nested(SpokenRelationsSchema)
    inverse = ma.fields.Nested(SpokenInverseSchema)
    attributes = ma.fields.Nested(SpokenAttributesSchema)
    retirement = ma.fields.Nested(SpokenRetirementSchema, allow_none=True)


class _PlaceInTime(ResponseSchema):
    first_version = ma.fields.String(**_is("the first version that contains it"))
    changed_in = ma.fields.List(ma.fields.String(), **_is("versions up to this one that changed it, oldest first"))
    retired_in = ma.fields.String(allow_none=True, **_is("the version that retired it"))


class ConceptInVersionSchema(ConceptSchema, _PlaceInTime):
    """A concept with its place in the history up to the version."""


class SpokenConceptInVersionSchema(SpokenConceptSchema, _PlaceInTime):
    """The same with each text in one language (`lang`)."""


class _OfVersion(ResponseSchema):
    version = ma.fields.String(required=True, metadata=EXACT)
    missing = ma.fields.List(ma.fields.String(), **_is("with `codes`: those that the version does not contain"))


class ConceptPageSchema(page_schema(ConceptSchema), _OfVersion):  # type: ignore[misc]  # the base is made by a function
    """A page of concepts."""


class SpokenConceptPageSchema(page_schema(SpokenConceptSchema), _OfVersion):  # type: ignore[misc]  # made by a function
    """A page of concepts with each text in one language (`lang`)."""


class NodeSchema(ResponseSchema):
    code = ma.fields.String(required=True, metadata=_CODE)
    kind = ma.fields.String(required=True)
    label = Spoken(required=True, allow_none=True)
    children_total = ma.fields.Integer(required=True, **_is("active concepts directly below, shown or not"))
    children = ma.fields.List(ma.fields.Nested("NodeSchema"), required=True)


class TreeSchema(ResponseSchema):
    version = ma.fields.String(required=True, metadata=EXACT)
    items = ma.fields.List(ma.fields.Nested(NodeSchema), required=True)


class StepSchema(ResponseSchema):
    version = ma.fields.String(required=True)
    published_at = ma.fields.String(required=True, metadata={"format": "date-time"})
    valid_from = ma.fields.String(required=True, metadata={"format": "date"})
    changes = ma.fields.List(ma.fields.Nested(ChangeSchema), required=True)


class HistorySchema(_PlaceInTime):
    """A concept over all versions."""

    code = ma.fields.String(required=True, metadata=_CODE)
    uri = ma.fields.String(required=True)
    uuid = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    status = ma.fields.String(required=True, **_is("in the newest version"))
    label = Spoken(required=True, allow_none=True)
    former_codes = ma.fields.List(ma.fields.String(), required=True)
    newest_version = ma.fields.String(required=True, **_is("the newest version that contains it"))
    versions = ma.fields.List(ma.fields.String(), required=True, **_is("every version that contains it, oldest first"))
    history = ma.fields.List(ma.fields.Nested(StepSchema), required=True, **_is("what changed where, oldest first"))
    links = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String(), required=True)


class ConversionSchema(ResponseSchema):
    asked = ma.fields.String(required=True)
    outcome = ma.fields.String(required=True, metadata={"enum": [outcome.value for outcome in Outcome]})
    concept = ma.fields.Raw(required=True, allow_none=True, **_is("what it meant in `from`: code and label"))
    result = ma.fields.Raw(required=True, allow_none=True, **_is("what to use in `to`; null unless certain"))
    candidates = ma.fields.List(ma.fields.Dict(), required=True, **_is("what to choose from, each with its `match`"))
    alignment = ma.fields.Nested(
        AlignmentSchema, required=True, allow_none=True, **_is("how an outside URI led to `concept`")
    )


class ConversionsSchema(ResponseSchema):
    from_ = ma.fields.String(required=True, data_key="from", metadata=EXACT)
    to = ma.fields.String(required=True, metadata=EXACT)
    counts = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), required=True)
    items = ma.fields.List(ma.fields.Nested(ConversionSchema), required=True)


class ConversionRequestSchema(Schema):
    """Codes or URIs of one version to be found again in another."""

    from_ = SafeString(required=True, least=1, most=40, data_key="from", **_is("version that they are from"))
    to = SafeString(required=True, least=1, most=40, **_is("version that they are wanted in"))
    items = ma.fields.List(
        SafeString(least=1, most=2000),
        required=True,
        validate=ma.validate.Length(1, MOST_ITEMS),
        **_is("codes, former codes, our URIs (`…/id/C017`) or URIs of aligned concepts"),
    )
