// The search box: looks through what is shown, at once, without asking anybody.

let boxes = 0;

function searchBox(words, search) {
  const id = `search-${++boxes}`;
  const input = box("input", "search", { type: "search", id, autocomplete: "off" });
  const status = box("span", "found", { role: "status" });
  input.addEventListener("input", () => {
    const asked = folded(input.value).split(/\s+/).filter(Boolean);
    const { count, total } = search((text) => asked.every((word) => text.includes(word)));
    status.textContent = !asked.length ? "" : count ? filled(words.found, { count, total }) : words.nothing;
  });
  return box("div", "finding", {}, node("label", { for: id }, words.search), input, status);
}

// An entry stays when it fits, or when something below it does.
function hideOthers(drawn) {
  const items = [...drawn.querySelectorAll(".item")].map((item) => [item, folded(item.textContent)]);
  return (fits) => {
    for (const [item, text] of items) item.hidden = !fits(text);
    return { count: items.filter(([item]) => !item.hidden).length, total: items.length };
  };
}
