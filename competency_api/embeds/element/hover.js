// One entry inside a sentence: a link that shows a card (WCAG 1.4.13: it stays under the pointer, Escape closes it).

function concept(data, host) {
  const [item] = data.items;
  // a link and not a button, which cannot break in the middle of its text
  const term = box("a", "term", { href: web(item.uri), "aria-expanded": "false", "aria-controls": "card" }, said(item.label));
  const card = box(
    "div",
    "card",
    { id: "card", hidden: true, class: `card ${host.getAttribute("theme") ?? ""}` },
    box("p", "name", {}, said(item.label), " ", code(item)),
    details(data, item),
    node("p", {}, link(item, data.words.open)),
    foot(data, host),
  );
  const whole = box("span", "concept", {}, term, card);
  const show = (shown) => {
    card.hidden = !shown;
    term.setAttribute("aria-expanded", String(shown));
    if (shown) place(card);
  };
  whole.addEventListener("pointerenter", (event) => event.pointerType !== "touch" && show(true));
  whole.addEventListener("pointerleave", () => whole.matches(":focus-within") || show(false));
  whole.addEventListener("focusin", () => show(true));
  whole.addEventListener("focusout", (event) => whole.contains(event.relatedTarget) || show(false));
  // the first touch shows the card, which has a link of its own
  let touched = false;
  term.addEventListener("pointerdown", (event) => (touched = event.pointerType === "touch" && card.hidden));
  term.addEventListener("click", (event) => touched && (event.preventDefault(), show(true)));
  const closing = (event) => event.key === "Escape" && !card.hidden && show(false);
  whole.addEventListener("keydown", closing);
  whole.addEventListener("pointerenter", () => document.addEventListener("keydown", closing));
  whole.addEventListener("pointerleave", () => document.removeEventListener("keydown", closing));
  return whole;
}

// Moved as far as it takes to be inside the window.
function place(card) {
  card.style.translate = "";
  const { left, right } = card.getBoundingClientRect();
  const beyond = Math.max(0, right + 8 - document.documentElement.clientWidth);
  card.style.translate = `${left < 8 ? 8 - left : -Math.min(beyond, left - 8)}px`;
}
