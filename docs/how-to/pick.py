"""Print members of a JSON answer: ``curl … | python pick.py id links.self items.0.code``."""

import json
import sys

answer = json.load(sys.stdin)
for path in sys.argv[1:]:
    value = answer
    for part in path.split("."):
        value = value[int(part) if isinstance(value, list) else part]
    sys.stdout.write((value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)) + "\n")
