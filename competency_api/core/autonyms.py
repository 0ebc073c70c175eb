"""What languages are called in themselves: those of the European Union, and some that its cities speak as well."""

from __future__ import annotations

_AUTONYMS = {
    "ar": "العربية", "bg": "български", "ca": "català", "cs": "čeština", "da": "dansk", "de": "Deutsch",
    "el": "ελληνικά", "en": "English", "es": "español", "et": "eesti", "eu": "euskara", "fi": "suomi",
    "fr": "français", "ga": "Gaeilge", "gl": "galego", "he": "עברית", "hr": "hrvatski", "hu": "magyar",
    "is": "íslenska", "it": "italiano", "lb": "Lëtzebuergesch", "lt": "lietuvių", "lv": "latviešu", "mt": "Malti",
    "nb": "norsk bokmål", "nl": "Nederlands", "nn": "norsk nynorsk", "no": "norsk", "pl": "polski", "pt": "português",
    "ro": "română", "ru": "русский", "sk": "slovenčina", "sl": "slovenščina", "sq": "shqip", "sr": "српски",
    "sv": "svenska", "tr": "Türkçe", "uk": "українська", "zh": "中文",
}  # fmt: skip


def autonym(tag: str) -> str:
    """The language's own name, with its further subtags behind it: ``português (BR)``; an unknown tag as it is."""
    language, _, rest = tag.partition("-")
    name = _AUTONYMS.get(language.lower())
    if name is None:
        return tag
    return f"{name} ({rest})" if rest else name
