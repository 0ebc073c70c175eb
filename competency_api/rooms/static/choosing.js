// Choosing a challenge of a version: by words of it, by its code, from what was found below the field.
import { announce, ask, count, find, h, language, say, show } from "./room.js";
import { codeOf } from "./plan.js";

const PAUSE = 250, MOST = 12;
let waiting;

const label = (concept) => {
  const said = concept.label ?? concept.labels?.preferred;
  return typeof said === "string" ? said : said?.text ?? "";
};
export const named = (concept) => `${concept.code} ${label(concept)}`;
export const query = (values) => new URLSearchParams(Object.entries(values).filter(([, text]) => text));

/** The field with what is found for it. */
export const chooser = (number) => [
  h("input", { id: `challenge-${number}`, autocomplete: "off", maxlength: 300, "data-challenge": number }),
  h("ul", { class: "offered", id: `found-${number}`, "aria-label": say("setup.challenge", { number }) })];

const offer = async (field, version) => {
  const typed = field.value.trim(), place = find(`found-${field.dataset.challenge}`);
  if (typed.length < 2) { show(place); return; }
  const asked = { kind: "challenge", lang: language, limit: MOST };
  let { items } = (await ask(`${version}/search?${query({ ...asked, q: typed })}`)).body;
  const isFound = items.length > 0;
  if (!isFound) items = (await ask(`${version}/concepts?${query(asked)}`)).body.items;
  if (field.value.trim() !== typed || !field.closest("li").contains(document.activeElement)) return;
  show(place, isFound ? null : h("li", { class: "quiet" }, say("setup.found_none")),
    items.map((concept) => h("li", {}, h("button", { type: "button", class: "second", "data-chosen": named(concept) }, h("code", {}, concept.code), " ", label(concept)))));
  announce(isFound ? count("setup.found", items.length) : say("setup.found_none"));
};

/** What the code in the field stands for; or that it is none, told beside it. */
const settle = async (field, version) => {
  const typed = field.value.trim(), code = codeOf(typed), fault = find(`${field.id}-fault`);
  show(find(`found-${field.dataset.challenge}`));
  fault.textContent = "";
  if (!typed) return;
  const unknown = () => { fault.textContent = say("setup.fault.challenge", { typed }); };
  if (!code) { unknown(); return; }
  try {
    const { body } = await ask(`${version}/concepts/${code}?${query({ lang: language, fields: "code,kind,labels.preferred" })}`);
    if (body.kind === "challenge") field.value = named(body);
    else unknown();
  } catch (failure) {
    if (failure.status === 404) unknown();
  }
};

/** Listens in a list of rows. `version` gives the path of the version, `chosen` is told of each choice. */
export const choosing = (list, { version, chosen }) => {
  const softly = (step) => step.catch(() => undefined); // without a connection the service looks at it in the end
  list.addEventListener("input", ({ target }) => {
    if (!target.dataset.challenge) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => softly(offer(target, version())), PAUSE);
  });
  list.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-chosen]");
    if (!button) return;
    const field = button.closest("li.pair").querySelector("[data-challenge]");
    field.value = button.dataset.chosen;
    field.focus();
    find(`${field.id}-fault`).textContent = "";
    show(find(`found-${field.dataset.challenge}`));
    chosen();
  });
  list.addEventListener("focusout", ({ target, relatedTarget }) => {
    const row = target.closest("li.pair"), field = row?.querySelector("[data-challenge]");
    if (field && target !== row && (target === field || target.dataset.chosen) && !field.parentElement.contains(relatedTarget)) softly(settle(field, version()).then(chosen));
  });
};
