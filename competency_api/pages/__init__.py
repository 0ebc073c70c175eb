"""The public site: the taxonomy as pages for people, made on the server, in the languages of the interface.

Every page is a function of published versions: :mod:`~competency_api.pages.content` says what it shows,
:mod:`~competency_api.pages.pictures` draws, templates lay out, and :mod:`~competency_api.pages.routes` gives it an
address.
"""
