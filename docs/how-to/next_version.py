"""Write what a next version of the starter taxonomy changes: ``python next_version.py seeds/2.0.0 > edited.json``.

The risks of suppliers become part of C006, which therefore means more; C051 is retired into it; C064 gets another name.
"""

import datetime as dt
import json
import sys
from pathlib import Path

folder = Path(sys.argv[1])
files = [json.loads((folder / name).read_text("utf-8")) for name in ("competencies.json", "profiles.json")]
concepts = {concept["code"]: concept for file in files for concept in file["concepts"]}

risks, suppliers, maps = concepts["C006"], concepts["C051"], concepts["C064"]
risks["definition"]["en"] += " That includes what the programme depends on suppliers for."
risks["meaning"] = 2
suppliers["retirement"] = {
    "reason": "The risks of suppliers are risks of the programme.",
    "on": dt.datetime.now(dt.UTC).date().isoformat(),
    "successors": [{"code": "C006", "match": "equivalent"}],
}
maps["labels"]["en"]["preferred"] = "Use geographic information"

edited = [risks, suppliers, maps]
for concept in concepts.values():
    for links in concept.get("relations", {}).values():
        if suppliers["code"] in [link["code"] for link in links] and concept is not suppliers:
            links[:] = [link for link in links if link["code"] != suppliers["code"]]
            edited.append(concept)
json.dump({"format": "competency-taxonomy/1", "concepts": edited}, sys.stdout, ensure_ascii=False)
