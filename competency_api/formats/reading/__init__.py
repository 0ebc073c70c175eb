"""From bytes to concepts, the same for every format: encoding, JSON with places, shapes, texts."""
