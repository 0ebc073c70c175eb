"""The one writer of courses: a provider's lock, its changes, mappings with their history, and the sums of both.

Whoever writes takes the provider's lock (:mod:`competency_api.courses.ledger.changes`), opens a change, and writes by
the modules ``courses`` and ``mappings``; sums and history follow from there and are never written otherwise.
"""
