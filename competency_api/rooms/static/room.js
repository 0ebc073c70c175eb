// What the pages of a room share: their words, the service, what is kept in this browser, and elements.

const page = document.documentElement;
export const language = page.lang;
export const workshop = page.dataset.workshop;
const words = JSON.parse(document.getElementById("words").textContent);

/** A text of the page's language: `say("rank.place", {place: 2})`. */
export const say = (key, values = {}) =>
  words[key].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

/** A counted text. French and Portuguese count nothing as one. */
export const count = (key, number) => {
  const isOne = number === 1 || (number === 0 && ["fr", "pt"].includes(language));
  return say(`${key}.${isOne ? "one" : "other"}`, { number: new Intl.NumberFormat(language).format(number) });
};

/** Of texts by language the one of the page, English, or the first; with the language that it is in. */
export const textOf = (texts) => {
  const tag = [language, "en", ...Object.keys(texts ?? {})].find((name) => texts?.[name]);
  return tag ? { text: texts[tag], lang: tag } : { text: "", lang: language };
};

// -- elements ---------------------------------------------------------------------------------------------------------

/** An element with attributes and children. Texts become text, never markup; a function is a listener. */
export const h = (name, given = {}, ...children) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(given)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(key, value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
};

export const find = (id) => document.getElementById(id);

/** Text that says in which language it is, where that is not the page's. */
export const spoken = (texts, fallback = "") => {
  const { text, lang } = textOf(texts);
  return h("span", { lang: lang === language ? null : lang }, text || fallback);
};

/** Replaces what stands in a place only if it changed; focus, what was typed and what was unfolded stay. */
export const show = (place, ...children) => {
  const holder = h("div", {}, ...children);
  if (holder.innerHTML === place.dataset.shown) return false;
  place.dataset.shown = holder.innerHTML;
  const focused = place.contains(document.activeElement) ? document.activeElement.id : "";
  const typed = [...place.querySelectorAll("input[id], textarea[id]")].map((field) => [field.id, field.value]);
  const unfolded = [...place.querySelectorAll("details[id][open]")].map((details) => details.id);
  place.replaceChildren(...holder.childNodes);
  for (const [id, value] of typed) if (find(id)) find(id).value = value;
  for (const id of unfolded) if (find(id)) find(id).open = true;
  if (focused) find(focused)?.focus({ preventScroll: true });
  return true;
};

let speaking;
/** Says something to those who hear the page, after what it says at present. */
export const announce = (text) => {
  clearTimeout(speaking);
  speaking = setTimeout(() => { find("heard").textContent = text; }, 150);
};

export const tell = (place, text, kind = "") => {
  place.className = `told ${kind}`;
  if (place.textContent !== text) place.textContent = text;
};

// -- the service ------------------------------------------------------------------------------------------------------

/** The service said no: its status and its problem details. */
export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || String(status));
    this.status = status;
    this.problem = problem;
  }
}

const TOO_LONG = 10_000;

/** JSON of the service. Raises Refused for what it refuses, and other errors where there is no connection. */
export const ask = async (path, { method = "GET", body, who = {}, headers = {}, signal } = {}) => {
  const answer = await fetch(`/api/v1${path}`, {
    method,
    headers: { Accept: "application/json", ...(body === undefined ? {} : { "Content-Type": "application/json" }), ...who, ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: signal ?? AbortSignal.timeout(TOO_LONG),
    cache: "no-store",
  });
  const isJson = (answer.headers.get("Content-Type") ?? "").includes("json");
  const said = answer.status === 204 ? null : isJson ? await answer.json() : {};
  if (!answer.ok) throw new Refused(answer.status, said ?? {});
  return { body: said, tag: answer.headers.get("ETag") };
};

export const isRefusal = (failure) => failure instanceof Refused && failure.status < 500 && failure.status !== 429;

// -- kept in this browser ---------------------------------------------------------------------------------------------

const place = (name) => `room/${name}`;

/** What this browser keeps of a workshop; private windows that keep nothing are no failure. */
export const recall = (name = workshop, store = localStorage) => {
  try {
    return JSON.parse(store.getItem(place(name))) ?? {};
  } catch {
    return {};
  }
};

export const keep = (value, name = workshop, store = localStorage) => {
  try {
    if (value === null) store.removeItem(place(name));
    else store.setItem(place(name), JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
};

// -- time -------------------------------------------------------------------------------------------------------------

/** "4:05" or "1:04:05" until then, "0:00" after it. */
export const remaining = (until, now = Date.now()) => {
  const seconds = Math.max(0, Math.ceil((Date.parse(until) - now) / 1000));
  const two = (number) => String(number).padStart(2, "0");
  const minutes = Math.floor(seconds / 60), hours = Math.floor(minutes / 60);
  return `${hours ? `${hours}:${two(minutes % 60)}` : minutes}:${two(seconds % 60)}`;
};

export const clock = (time) => new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" }).format(time);

/** Runs now, then after each pause that it asks for; `wake` runs it at once. */
export const repeatedly = (step) => {
  let waiting, isRunning = false, isAsked = false;
  const run = async () => {
    clearTimeout(waiting);
    if (isRunning) { isAsked = true; return; }
    isRunning = true;
    const pause = await step();
    isRunning = false;
    waiting = setTimeout(run, isAsked ? 0 : pause);
    isAsked = false;
  };
  run();
  return run;
};
