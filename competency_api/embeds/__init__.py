"""The taxonomy inside other people's pages: an element, HTML that needs no script, oEmbed, and plain data.

Everything that is shown comes from one document for each question (:mod:`competency_api.embeds.document`): the element
draws it in the browser (``element/``), the templates draw it here, and those who render themselves read it. Texts of
the interface are in ``texts/``, one file a language.
"""
