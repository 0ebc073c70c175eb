"""Finished answers served from memory, ahead of the web framework.

What a published version says never changes, so its answers are made once, by the application, and kept as bytes: plain
and compressed, with their validators. :class:`~competency_api.serving.layer.FinishedBodies` is a WSGI layer that
answers what is already finished with a few dictionary lookups, and hands everything else on. It decides nothing about
content: the application marks an answer as published, and only those are kept.
"""
