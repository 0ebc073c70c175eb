// Nodes of the document. Texts only ever become text: nothing here parses HTML.

const EMPTY = [undefined, null, false];

function node(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (!EMPTY.includes(value)) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat(2).filter((child) => !EMPTY.includes(child)));
  return made;
}

// Class and part have the same names: pages style parts, our own stylesheet classes.
function box(tag, name, attributes, ...children) {
  return node(tag, { class: name, part: name, ...attributes }, ...children);
}

// A text of the taxonomy, with its language and its own direction.
function said(text) {
  return node("bdi", { lang: text.lang }, text.text, text.fallback && foreign(text.lang));
}

function foreign(lang) {
  return node("span", {}, " ", box("span", "language", {}, lang));
}

function filled(pattern, values) {
  return pattern.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

// Without case and accents, for comparison.
function folded(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

function link(item, ...children) {
  return box("a", "link", { href: web(item.uri) }, ...children);
}

// Only addresses of the web become links, whatever the data say.
function web(address) {
  return /^https?:\/\//i.test(address) ? address : undefined;
}
