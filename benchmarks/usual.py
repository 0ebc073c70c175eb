"""The usual way to write such endpoints: models with relationships, marshmallow schemas, ``jsonify``, on Flask.

Not a caricature: related rows are loaded with one query per table (``selectinload``), the schemas are made once, and
answers carry an entity tag, as the handbooks of these libraries show it.
"""

from __future__ import annotations

import os
from typing import Any

import marshmallow as ma
import sqlalchemy as sa
from flask import Flask, abort, jsonify, request
from sqlalchemy import orm
from werkzeug import Response

from competency_api.taxonomy.concept import Concept
from competency_api.taxonomy.taxonomy import Taxonomy


class Base(orm.DeclarativeBase):
    pass


class ConceptRow(Base):
    __tablename__ = "concept"
    code: orm.Mapped[str] = orm.mapped_column(primary_key=True)
    uuid: orm.Mapped[str]
    kind: orm.Mapped[str] = orm.mapped_column(index=True)
    definition: orm.Mapped[str]
    type: orm.Mapped[str]
    labels: orm.Mapped[list[LabelRow]] = orm.relationship()
    relations: orm.Mapped[list[RelationRow]] = orm.relationship()
    alignments: orm.Mapped[list[AlignmentRow]] = orm.relationship()


class LabelRow(Base):
    __tablename__ = "label"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    concept: orm.Mapped[str] = orm.mapped_column(sa.ForeignKey("concept.code"), index=True)
    language: orm.Mapped[str]
    type: orm.Mapped[str]
    text: orm.Mapped[str]


class RelationRow(Base):
    __tablename__ = "relation"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    concept: orm.Mapped[str] = orm.mapped_column(sa.ForeignKey("concept.code"), index=True)
    type: orm.Mapped[str]
    target: orm.Mapped[str]


class AlignmentRow(Base):
    __tablename__ = "alignment"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    concept: orm.Mapped[str] = orm.mapped_column(sa.ForeignKey("concept.code"), index=True)
    match: orm.Mapped[str]
    uri: orm.Mapped[str]
    scheme: orm.Mapped[str]


class LabelSchema(ma.Schema):
    language = ma.fields.String()
    type = ma.fields.String()
    text = ma.fields.String()


class RelationSchema(ma.Schema):
    type = ma.fields.String()
    target = ma.fields.String()


class AlignmentSchema(ma.Schema):
    match = ma.fields.String()
    uri = ma.fields.String()
    scheme = ma.fields.String()


class ConceptSchema(ma.Schema):
    code = ma.fields.String()
    uuid = ma.fields.String()
    kind = ma.fields.String()
    definition = ma.fields.String()
    type = ma.fields.String()
    labels = ma.fields.List(ma.fields.Nested(LabelSchema))
    relations = ma.fields.List(ma.fields.Nested(RelationSchema))
    alignments = ma.fields.List(ma.fields.Nested(AlignmentSchema))


def fill(database_url: str, taxonomy: Taxonomy) -> None:
    """Write all concepts into new tables."""
    engine = sa.create_engine(database_url)
    Base.metadata.create_all(engine)
    with orm.Session(engine) as session:
        session.add_all(map(_row, taxonomy))
        session.commit()
    engine.dispose()


def _row(concept: Concept) -> ConceptRow:
    labels = [
        LabelRow(language=tag, type=type_, text=text)
        for tag, label in concept.labels.items()
        for type_, texts in (("preferred", (label.preferred,)), ("alternative", label.alternative))
        for text in texts
    ]
    return ConceptRow(
        code=concept.code,
        uuid=concept.uuid,
        kind=concept.kind,
        definition=concept.definition.get("en", ""),
        type=str(concept.attributes.get("type", "")),
        labels=labels,
        relations=[RelationRow(type=name, target=r.code) for name, links in concept.relations.items() for r in links],
        alignments=[AlignmentRow(match=a.match, uri=a.uri, scheme=a.scheme) for a in concept.alignments],
    )


def create_app() -> Flask:
    """The application over the database of ``BENCH_DATABASE_URL``."""
    app = Flask(__name__)
    engine = app.extensions["engine"] = sa.create_engine(os.environ["BENCH_DATABASE_URL"])
    one, many = ConceptSchema(), ConceptSchema(many=True)
    whole = [orm.selectinload(part) for part in (ConceptRow.labels, ConceptRow.relations, ConceptRow.alignments)]

    def conditional(body: Any) -> Response:
        response = jsonify(body)
        response.add_etag()
        return response.make_conditional(request)

    @app.get("/concepts/<code>")
    def read(code: str) -> Response:
        with orm.Session(engine) as session:
            row = session.get(ConceptRow, code, options=whole)
            return conditional(one.dump(row)) if row else abort(404)

    @app.get("/concepts")
    def listed() -> Response:
        limit = min(int(request.args.get("limit", 20)), 100)
        with orm.Session(engine) as session:
            rows = session.scalars(sa.select(ConceptRow).order_by(ConceptRow.code).limit(limit).options(*whole))
            return conditional({"items": many.dump(rows)})

    return app
