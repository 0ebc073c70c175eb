// Each form is drawn from the same document, in the same HTML that the service itself writes for pages without scripts.

const DRAWN = { list, courses: list, tree, table, cards, profile, concept };

function cell(item, name) {
  const texts = item.cells[name] ?? [];
  return texts.map((text, place) => [place ? ", " : "", said(text)]);
}

function column(data, name) {
  return data.columns.find((known) => known.name === name);
}

function code(item) {
  return item.cells.code && box("span", "code", {}, item.code);
}

function notice(item) {
  if (!item.retired) return undefined;
  const ends = item.instead?.items.map((end, place) => [place ? ", " : " ", link(end, said(end.label))]);
  return box("p", "retired", {}, item.retired, ends && [" ", item.instead.text, ends]);
}

// What is said below a name: definition first, then the other columns with their titles.
function details(data, item) {
  const others = data.columns.filter(({ name }) => !["code", "definition"].includes(name) && item.cells[name]);
  const definition = item.cells.definition;
  return [
    notice(item),
    definition && box("p", "definition", {}, cell(item, "definition")),
    others.length > 0 &&
      box("dl", "facts", {}, others.map(({ name, title }) => [node("dt", {}, title), node("dd", {}, cell(item, name))])),
  ];
}

function list(data) {
  return box("ul", "list", {}, data.items.map((item) => entry(data, item)));
}

function entry(data, item) {
  return box("li", "item", {}, link(item, said(item.label)), " ", code(item), details(data, item));
}

function tree(data) {
  const branch = (items) =>
    items.map((item) => {
      if (!item.children?.length) return box("li", "item", {}, link(item, said(item.label)), " ", code(item), details(data, item));
      // no link inside a summary, which is a button to assistive technology
      const summary = node("summary", {}, said(item.label), " ", code(item));
      const label = `${data.words.open}: ${item.label.text}`;
      const open = box("a", "link", { href: web(item.uri), "aria-label": label }, data.words.open);
      const below = node("ul", {}, branch(item.children));
      return box("li", "item branch", {}, node("details", { open: data.open }, summary, details(data, item), node("p", { class: "open" }, open), below));
    });
  return box("ul", "tree", {}, branch(data.items));
}

// Roles are said again, since the stylesheet stacks cells on narrow pages and tables without their display lose them.
function table(data) {
  const others = data.columns.filter(({ name }) => name !== "code");
  const first = column(data, "code");
  const heads = [...(first ? [first.title] : []), data.words.name, ...others.map(({ title }) => title)];
  const row = (item) =>
    box(
      "tr",
      "item",
      { role: "row" },
      first && node("td", { role: "cell", "data-title": first.title }, code(item)),
      node("th", { scope: "row", role: "rowheader" }, link(item, said(item.label)), notice(item)),
      others.map(({ name, title }) => node("td", { role: "cell", "data-title": title }, cell(item, name))),
    );
  return box(
    "table",
    "table",
    { role: "table" },
    node("caption", {}, data.title),
    node("thead", { role: "rowgroup" }, node("tr", { role: "row" }, heads.map((title) => node("th", { scope: "col", role: "columnheader" }, title)))),
    node("tbody", { role: "rowgroup" }, data.items.map(row)),
  );
}

function cards(data) {
  const card = (item) =>
    box("li", "item card", {}, box("p", "name", {}, link(item, said(item.label)), " ", code(item)), details(data, item));
  return box("ul", "cards", {}, data.items.map(card));
}

function profile(data) {
  const row = (item) =>
    box("li", "item", {}, node("div", { class: "line" }, node("span", {}, link(item, said(item.label)), " ", code(item)), steps(item.level)), details(data, item));
  return [
    box("p", "name", {}, link(data.subject, said(data.subject.label)), " ", box("span", "code", {}, data.subject.code)),
    notice(data.subject),
    data.subject.cells.definition && box("p", "definition", {}, cell(data.subject, "definition")),
    box("ul", "list profile", {}, data.items.map(row)),
  ];
}

function steps(level) {
  const marks = [1, 2, 3, 4].map((step) => node("i", { class: step <= level.value ? "on" : "" }));
  return box("span", "level", {}, node("span", { class: "steps", "aria-hidden": "true" }, marks), " ", level.text);
}

function foot(data, host) {
  const { about } = data;
  return box(
    "div",
    "about",
    {},
    data.notes.map((note) => box("p", "note", {}, note)),
    host.hasAttribute("quiet")
      ? undefined
      : node("p", {}, box("a", "link", { href: web(about.uri) }, about.text), about.newer && [" ", box("span", "newer", {}, about.newer)]),
  );
}
