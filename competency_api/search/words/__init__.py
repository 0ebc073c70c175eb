"""Words: folding them to what people type, their inflections, those of a version, and its labels in order."""
