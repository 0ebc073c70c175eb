// Where the data come from: one request for each question, shared on a page, and the last good copy of it.

const ORIGIN = new URL(import.meta.url).origin;
const HELP = `${ORIGIN}/embed#trouble`;
const PATIENCE = 10_000;
const KEPT = "competency-list";
const MOST_KEPT = 12;
const MOST_CHARACTERS = 400_000;
const OWN = ["code", "relation", "provider", "course", "columns", "sort", "depth", "limit"];
const underWay = new Map();

function address(host, lang) {
  const query = new URLSearchParams({ lang });
  for (const name of [...FILTERS, ...OWN]) {
    const value = host.getAttribute(name.replaceAll("_", "-"));
    if (value) query.set(name, value.replace(/\s*,\s*|\s+(?=[A-Z]\d)/g, ",").trim());
  }
  query.sort();
  const version = encodeURIComponent(host.getAttribute("version") || "latest");
  const view = encodeURIComponent(host.getAttribute("view") || "list");
  return `${ORIGIN}/embed/v1/${version}/${view}/data?${query}`;
}

// The language of the element, else that of the page around it, where that is one.
function languageOf(host) {
  const around = host.closest("[lang]")?.lang || navigator.language;
  try {
    return host.getAttribute("lang") || Intl.getCanonicalLocales(around)[0] || "en";
  } catch {
    return "en";
  }
}

// The answer, or a failure: { code, detail }.
function ask(url) {
  if (!underWay.has(url)) {
    underWay.set(url, fetched(url).finally(() => underWay.delete(url)));
  }
  return underWay.get(url);
}

async function fetched(url) {
  let answer;
  try {
    answer = await fetch(url, {
      credentials: "omit",
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.ok) return await answer.json();
  } catch (reason) {
    throw { code: "unavailable", detail: `${url} cannot be read (${reason.name}).` };
  }
  const problem = await answer.json().catch(() => ({}));
  const code = answer.status === 404 ? "not-found" : answer.status < 500 && answer.status !== 429 ? "invalid-input" : "unavailable";
  const details = (problem.errors ?? []).map((error) => `${error.parameter}: ${error.detail}`);
  throw { code, detail: details.join(" ") || problem.detail || `${url} answers ${answer.status}.` };
}

// Copies are kept by the browser for this page's site alone, a dozen at most. No storage, no copies.
function copies() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) ?? {};
  } catch {
    return {};
  }
}

function keep(url, data) {
  const newest = Object.entries({ ...copies(), [url]: { at: Date.now(), data } })
    .sort(([, a], [, b]) => b.at - a.at)
    .slice(0, MOST_KEPT);
  while (newest.length && JSON.stringify(newest).length > MOST_CHARACTERS) newest.pop();
  try {
    localStorage.setItem(KEPT, JSON.stringify(Object.fromEntries(newest)));
  } catch {
    // full or forbidden: the page works without
  }
}
