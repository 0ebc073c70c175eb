"""Languages of the interface for people, with which the addresses of its pages begin."""

#: In the order in which a reader is offered them.
SITE_LANGUAGES = ("en", "es", "pt", "fr", "de", "nl")
#: The beginnings of the addresses of pages.
SITE_PREFIXES = tuple(f"/{tag}/" for tag in SITE_LANGUAGES)
