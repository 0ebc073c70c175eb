"""Coverage of a provider's courses, of a list of them, or of everything public: asked, counted, shown.

:mod:`asking` reads the question, :mod:`measuring` answers it from the kept sums, :mod:`presentation` and :mod:`writing`
show the answer: as JSON, as a table, as a page for people with a heat map.
"""
