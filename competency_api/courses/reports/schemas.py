"""What is asked and answered about coverage."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from competency_api.catalogue.schemas import EXACT, Spoken
from competency_api.core.http import LanguageQuerySchema, ResponseSchema
from competency_api.core.http.fields import Choice, CommaList, SafeString
from competency_api.courses.coverage.comparison import Development
from competency_api.courses.coverage.report import State
from competency_api.courses.values import LONGEST_EXTERNAL_ID, Modality
from competency_api.taxonomy.kinds import KINDS, PHASES
from competency_api.taxonomy.migration import MappingOutcome

MOST_CODES = 500
#: Courses that one list may name.
MOST_COURSES = 200

_VERSION = {"description": "Number, prefix, day or `latest`: mappings as of other versions count as they would move."}
_LEVEL = {"minimum": 1, "maximum": 4}


def _is(meaning: str, **more: Any) -> dict[str, Any]:
    return {"required": True, "metadata": {"description": meaning, **more}}


def _may_be(meaning: str, **more: Any) -> dict[str, Any]:
    return {**_is(meaning, **more), "allow_none": True}


def _list(inner: type[ma.Schema], meaning: str) -> ma.fields.List[Any]:
    return ma.fields.List(ma.fields.Nested(inner), **_is(meaning))


def _about(meaning: str) -> dict[str, Any]:
    return {"metadata": {"description": meaning}}


class AgainstQuerySchema(LanguageQuerySchema):
    """Against what courses are held; every competency where it is not said."""

    profile = SafeString(least=1, most=80, **_about("Code of a profile: what it expects, with its levels."))
    kind = Choice(list(KINDS), **_about("Every active concept of this kind."))
    discipline = SafeString(least=1, most=80, **_about("Code of a discipline: what is part of it or of one below it."))
    codes = CommaList(SafeString(least=1, most=80), most=MOST_CODES, **_about("Exactly these concepts."))


class PublicCoverageQuerySchema(AgainstQuerySchema):
    version = SafeString(least=1, most=40, load_default="latest", metadata=_VERSION)


_COURSES = {"description": "Only these courses, by the provider's own ids; one that holds a comma cannot be listed."}


class CoverageQuerySchema(PublicCoverageQuerySchema):
    courses = CommaList(SafeString(least=1, most=LONGEST_EXTERNAL_ID), most=MOST_COURSES, metadata=_COURSES)


class ComparisonQuerySchema(CoverageQuerySchema):
    older = SafeString(least=1, most=40, required=True, metadata={"description": "The version to compare with."})


class CodeSchema(ResponseSchema):
    code = ma.fields.String(**_is("of the concept", examples=["C017"]))
    label = Spoken(required=True, allow_none=True)


class PartSchema(ResponseSchema):
    """A share, with its denominator."""

    count = ma.fields.Float(**_is("how much of it"))
    of = ma.fields.Float(**_is("of how much"))
    percent = ma.fields.Float(**_may_be("the share, null of nothing"))


class StatesSchema(ResponseSchema):
    covered = ma.fields.Nested(PartSchema, **_is("taught, up to the expected level where there is one"))
    below = ma.fields.Nested(PartSchema, **_is("taught, up to a lower level than expected"))
    missing = ma.fields.Nested(PartSchema, **_is("not taught"))
    level_not_told = ma.fields.Nested(
        PartSchema, data_key=State.LEVEL_NOT_TOLD.value, **_is("taught, no course says up to which level")
    )


class GroupSchema(ResponseSchema):
    """Concepts in question, added up. One that belongs to several groups is counted in each of them."""

    concepts = ma.fields.Integer(**_is("how many there are: the denominator of `states`"))
    states = ma.fields.Nested(StatesSchema, **_is("how they are covered"))
    teaching = ma.fields.Integer(**_is("mappings that teach one of them"))
    hours = ma.fields.Float(**_is("hours of those mappings"))
    gap = ma.fields.Integer(**_is("levels that are missing, of all of them together"))


class DisciplineGroupSchema(GroupSchema):
    code = ma.fields.String(**_is("of the discipline", examples=["D001"]))
    label = Spoken(required=True, allow_none=True)


class KindGroupSchema(GroupSchema):
    kind = ma.fields.String(**_is("of the concepts", enum=list(KINDS)))


class PhaseGroupSchema(GroupSchema):
    phase = ma.fields.String(**_is("in which they are needed", enum=list(PHASES)))


class ModalityShareSchema(ResponseSchema):
    """Courses held in one way: their part in the mappings that teach a concept in question."""

    modality = ma.fields.String(**_may_be("null: not told", enum=[*(m.value for m in Modality), None]))
    mappings = ma.fields.Nested(PartSchema, required=True)
    hours = ma.fields.Nested(PartSchema, required=True)


class CourseCountsSchema(ResponseSchema):
    teaching = ma.fields.Integer(required=True)
    assessing = ma.fields.Integer(required=True)
    requiring = ma.fields.Integer(required=True)


class MeasuresSchema(ResponseSchema):
    state = ma.fields.String(**_is("how it is covered", enum=[state.value for state in State]))
    expected = ma.fields.Integer(**_may_be("level that the profile expects", **_LEVEL))
    taught = ma.fields.Integer(**_may_be("highest level that a course teaches", **_LEVEL))
    assessed = ma.fields.Integer(**_may_be("highest level that a course assesses", **_LEVEL))
    gap = ma.fields.Integer(**_may_be("expected minus taught level; null where either is not known"))
    courses = ma.fields.Nested(CourseCountsSchema, **_is("how many teach, assess and require it"))
    levels = ma.fields.Dict(
        keys=ma.fields.String(), values=ma.fields.Integer(), **_is("courses that teach it by level, or `not-told`")
    )
    hours = ma.fields.Float(**_is("in which it is taught"))


class CoveredConceptSchema(MeasuresSchema):
    code = ma.fields.String(**_is("of the concept", examples=["C017"]))
    label = Spoken(required=True, allow_none=True)
    kind = ma.fields.String(**_is("of the concept", enum=list(KINDS)))
    merged = ma.fields.List(
        ma.fields.String(), **_is("concepts whose mappings count here: a course mapped to several counts for each")
    )


class EndingConceptSchema(CoveredConceptSchema):
    transition_until = ma.fields.String(**_may_be("last day on which mappings to it count", format="date"))


class RedundancySchema(CodeSchema):
    level = ma.fields.Integer(**_may_be("taught up to it by all of them; null: not told", **_LEVEL))
    courses = ma.fields.Integer(**_is("two or more"))


class PrerequisiteSchema(CodeSchema):
    """Required before, and not taught."""

    courses = ma.fields.Integer(**_is("courses that require it themselves"))
    required_by = _list(CodeSchema, "concepts, taught or required, that cannot be mastered without it")


class WaitingConceptSchema(ResponseSchema):
    version = ma.fields.String(**_is("as of which the mappings are"))
    concept = ma.fields.String(**_is("its code"))
    name = ma.fields.String(**_is("its name in that version"))
    outcome = ma.fields.String(
        **_is("what a migration finds", enum=[outcome.value for outcome in MappingOutcome if outcome.waits])
    )
    mappings = ma.fields.Integer(**_is("how many"))
    reason = ma.fields.String(**_is("in a sentence"))


class WaitingSchema(ResponseSchema):
    """Mappings that are not counted: a person has to decide what becomes of them."""

    mappings = ma.fields.Integer(**_is("how many there are"))
    items = _list(WaitingConceptSchema, "by version and concept")


class AgainstSchema(ResponseSchema):
    by = ma.fields.String(**_is("profile, kind, discipline or codes"))
    values = ma.fields.List(ma.fields.String(), required=True)


class _HeadSchema(ResponseSchema):
    version = ma.fields.String(**_is("exact number", **EXACT))
    provider = ma.fields.String(**_may_be("whose courses; null: everything public"))
    courses = ma.fields.List(ma.fields.String(), **_may_be("only these; null: all of them"))
    against = ma.fields.Nested(AgainstSchema, required=True)
    on = ma.fields.String(**_is("the day: mappings to retired concepts count until a day", format="date"))
    waiting = ma.fields.Nested(WaitingSchema, required=True)


class CoverageSchema(_HeadSchema):
    summary = ma.fields.Nested(GroupSchema, **_is("all concepts in question"))
    disciplines = _list(DisciplineGroupSchema, "by code")
    kinds = _list(KindGroupSchema, "by name")
    phases = _list(PhaseGroupSchema, "in the order of a programme")
    modalities = _list(ModalityShareSchema, "by name")
    concepts = _list(CoveredConceptSchema, "every concept in question, by code")
    redundancies = _list(RedundancySchema, "the same level taught more than once")
    prerequisites = _list(PrerequisiteSchema, "what is required before and not taught")
    in_transition = _list(EndingConceptSchema, "retired concepts whose mappings still count; they are in no sum")


class ComparedSchema(CodeSchema):
    development = ma.fields.String(
        **_is("what became of its coverage", enum=[development.value for development in Development])
    )
    before = ma.fields.Nested(MeasuresSchema, **_may_be("null: not in question in the older version"))
    after = ma.fields.Nested(MeasuresSchema, **_may_be("null: not in question in this version"))
    successors = _list(CodeSchema, "what stands in for it in this version")
    waiting = ma.fields.Integer(**_is("mappings to it that are not counted until somebody decides"))


class ComparisonSchema(_HeadSchema):
    older = ma.fields.String(**_is("exact number of the version compared with"))
    before = ma.fields.Nested(GroupSchema, **_is("all concepts in question in the older version"))
    after = ma.fields.Nested(GroupSchema, **_is("all concepts in question in this version"))
    developments = ma.fields.Dict(
        keys=ma.fields.String(), values=ma.fields.Integer(), **_is("number of concepts by what became of them")
    )
    concepts = _list(ComparedSchema, "every concept in question in either, by code")
