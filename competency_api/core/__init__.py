"""The kernel: configuration, database, errors, texts, languages, HTTP. It knows no feature and imports none."""
