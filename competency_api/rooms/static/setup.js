// Setting a workshop up: what is written here stays in this browser until the service has all of it, in one request.
import { announce, ask, count, find, h, isRefusal, keep, language, recall, say, show, tell } from "./room.js";
import { chooser, choosing, named, query } from "./choosing.js";
import { bodyOf, faultsOf, fieldOf, zoneOf } from "./plan.js";
import { refused, who, withKey } from "./staff.js";

/** No code of a workshop, which begins with a letter or a digit. */
const STORED = "set_up";
const PAUSE = 250, TIMES = 3, MANY = 25;
const form = find("set-up"), told = find("told");
const { template } = JSON.parse(find("given").textContent);
let attempt = recall(STORED).attempt, chosen = null;

const fields = () => [...form.querySelectorAll("input[id], select[id], textarea[id]")];
const ticked = (name) => [...form.querySelectorAll(`[name=${name}]:checked`)].map((box) => box.value);
const value = (id) => find(id).value.trim();
const whole = (id, most) => Math.min(Math.max(Math.trunc(Number(value(id))) || 0, 0), most);
const upTo = (number) => Array.from({ length: number }, (_, index) => index + 1);

// -- what is written --------------------------------------------------------------------------------------------------

const rows = (id) => upTo(whole(id, Number(find(id).max)));

const entries = () => {
  const tags = ticked("language");
  const filters = { kind: ticked("kind"), ...(ticked("discipline").length ? { discipline: ticked("discipline") } : {}) };
  return {
    languages: [language, ...tags].filter((tag, index, all) => tags.includes(tag) && all.indexOf(tag) === index),
    texts: Object.fromEntries(tags.map((tag) => [tag, Object.fromEntries(["title", "purpose", "place"].map((name) => [name, value(`${name}-${tag}`)]))])),
    starts: value("starts"), ends: value("ends"), zone: value("zone"), version: value("version") || "latest",
    rounds: rows("rounds").map((number) => ({ title: value(`round-${number}`), minutes: value(`minutes-${number}`) ? Number(value(`minutes-${number}`)) : null })),
    tables: rows("tables").map((number) => ({ name: value(`name-${number}`), challenge: value(`challenge-${number}`) })),
    topics: ticked("topic").map((name) => ({ name, round: Number(find(`of-${name}`)?.value) || null, ...(name === "contents" ? { filters } : {}) })),
    offered: template.map((topic) => topic.name),
  };
};

const remembered = () => keep({
  values: { ...recall(STORED).values, ...Object.fromEntries(fields().map((field) => [field.id, field.type === "checkbox" ? field.checked : field.value])) },
  attempt,
}, STORED);

/** Rows before their fields: what was written in them comes back. */
const restore = (values) => {
  const fill = () => {
    for (const field of fields()) {
      if (!(field.id in values)) continue;
      if (field.type === "checkbox") field.checked = values[field.id];
      else field.value = values[field.id];
    }
  };
  fill();
  draw();
  fill();
};

// -- what is shown ----------------------------------------------------------------------------------------------------

const labelled = (id, text, ...field) => h("p", {}, h("label", { for: id }, text), ...field, h("span", { class: "fault", id: `${id}-fault` }));

const draw = () => {
  for (const part of form.querySelectorAll("[data-language]")) part.hidden = !find(`language-${part.dataset.language}`).checked;
  grow("round-rows", rows("rounds"), (number) => h("li", { class: "pair" },
    labelled(`round-${number}`, say("setup.round", { number }), h("input", { id: `round-${number}`, maxlength: 200 })),
    labelled(`minutes-${number}`, say("staff.minutes"), h("input", { id: `minutes-${number}`, type: "number", min: 1, max: 1440, inputmode: "numeric" }))));
  grow("table-rows", rows("tables"), (number) => h("li", { class: "pair" },
    labelled(`name-${number}`, say("setup.name", { number }), h("input", { id: `name-${number}`, maxlength: 200, placeholder: say("rank.table", { number }) })),
    labelled(`challenge-${number}`, say("setup.challenge", { number }), ...chooser(number))));
  for (const { name } of template) drawRounds(find(`of-${name}`), find(`topic-${name}`).checked);
  find("filters").hidden = !find("topic-contents").checked;
};

/** Rows are added and taken away at the end; what stands in the others stays. */
const grow = (id, numbers, row) => {
  const place = find(id);
  while (place.children.length > numbers.length) place.lastChild.remove();
  for (const number of numbers.slice(place.children.length)) place.append(row(number));
};

const drawRounds = (select, isChosen) => {
  const before = select.value;
  select.replaceChildren(h("option", { value: "" }, say("setup.any_round")),
    ...rows("rounds").map((number) => h("option", { value: number, selected: String(number) === before }, value(`round-${number}`) || say("setup.round", { number }))));
  select.closest("p").hidden = !isChosen || !rows("rounds").length;
};

const mark = (faults) => {
  for (const place of form.querySelectorAll(".fault")) place.textContent = "";
  for (const field of form.querySelectorAll("[aria-invalid]")) { field.removeAttribute("aria-invalid"); describe(field, false); }
  for (const { field, text, lang } of faults) {
    const place = field && find(`${field}-fault`);
    if (!place) continue;
    place.append(h("span", { lang }, place.textContent ? ` ${text}` : text));
    find(field).setAttribute("aria-invalid", "true");
    describe(find(field), true);
  }
  find("faults").hidden = !faults.length;
  show(find("fault-list"), faults.map(({ field, text, lang }) => h("li", { lang }, field ? h("a", { href: `#${field}` }, text) : text)));
};

/** A field is described by its fault, beside what describes it always. */
const describe = (field, isFaulty) => {
  const fault = `${field.id}-fault`;
  const others = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && id !== fault);
  const ids = isFaulty ? [...others, fault] : others;
  if (ids.length) field.setAttribute("aria-describedby", ids.join(" "));
  else field.removeAttribute("aria-describedby");
};

/** Where each fault of a group of boxes stands; of other fields it stands at their own. */
const groups = {
  language: ["language-en", ...[...form.querySelectorAll("input[id^=title-]")].map((field) => field.id)],
  topic: template.map((topic) => `topic-${topic.name}`), kind: ["topic-contents"], discipline: ["topic-contents"],
};

/** What is changed is no longer said to be wrong. */
const forgive = (field) => {
  for (const id of groups[field.name] ?? (field.id === "starts" ? ["starts", "ends"] : [field.id])) {
    const place = find(`${id}-fault`);
    if (!place?.textContent) continue;
    place.textContent = "";
    find(id).removeAttribute("aria-invalid");
    describe(find(id), false);
  }
};

const worded = ({ field, key, values }) => ({ field, text: say(key, values), lang: null });

const complain = (faults) => {
  mark(faults);
  tell(told, "");
  find("faults").focus();
};

// -- what the taxonomy has --------------------------------------------------------------------------------------------

const versionPath = () => `/versions/${encodeURIComponent(value("version") || "latest")}`;
const offerVersions = async () => {
  const { body } = await ask("/versions");
  const before = value("version") || recall(STORED).values?.version;
  show(find("version"), body.items.map(({ number, title }) => h("option", { value: number }, `${number} · ${title}`)));
  if (body.items.some(({ number }) => number === before)) find("version").value = before;
};

const offerDisciplines = async () => {
  const { body } = await ask(`${versionPath()}/concepts?${query({ kind: "discipline", limit: "all", lang: language })}`);
  const kept = recall(STORED).values ?? {};
  show(find("disciplines"), body.items.map((concept) => h("label", { class: "tick" },
    h("input", { type: "checkbox", id: `discipline-${concept.code}`, name: "discipline", value: concept.code, checked: kept[`discipline-${concept.code}`] === true }), " ", named(concept).slice(concept.code.length + 1))));
};

const countContents = async () => {
  chosen = null;
  const { filters } = entries().topics.find(({ name }) => name === "contents") ?? {};
  if (!filters?.kind.length) { tell(find("counted"), ""); return; }
  const { body } = await ask(`${versionPath()}/concepts?${query({ kind: filters.kind.join(","), discipline: filters.discipline?.join(","), limit: 1 })}`);
  chosen = body.total;
  const many = chosen > MANY ? `. ${say("setup.many")}` : "";
  tell(find("counted"), `${count("setup.options", chosen)}${many}`, chosen ? "" : "warn");
};

/** Without a connection the page still takes what is written; the service checks all of it in the end. */
const softly = async (step) => {
  try { await step(); } catch (failure) { if (failure instanceof TypeError && navigator.onLine) console.warn(failure); }
};

const offerAll = async () => {
  await softly(offerDisciplines);
  await softly(countContents);
};

// -- sending ----------------------------------------------------------------------------------------------------------

const random = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** Once, whatever becomes of the connection: the same body is sent with the same key. */
const send = async (body, times = TIMES) => {
  const text = JSON.stringify(body);
  if (attempt?.text !== text) attempt = { text, key: random() };
  remembered();
  try {
    return (await ask("/workshops", { method: "POST", body, who: who(), headers: { "Idempotency-Key": attempt.key } })).body;
  } catch (failure) {
    if (isRefusal(failure) || times < 2) throw failure;
    await new Promise((done) => { setTimeout(done, PAUSE * (TIMES - times + 1) * 4); });
    return send(body, times - 1);
  }
};

const refusedFaults = (failure, written) => (failure.problem.errors?.length ? failure.problem.errors : [{ detail: failure.message }])
  .map((error) => ({ field: fieldOf(error.pointer, written), text: error.detail ?? error.message, lang: "en" }))
  .map((fault) => ({ ...fault, field: find(`${fault.field}-fault`) ? fault.field : null }));

const create = async (event) => {
  event.preventDefault();
  const written = entries(), faults = faultsOf(written).map(worded);
  if (chosen === 0 && find("topic-contents").checked) faults.push(worded({ field: "topic-contents", key: "setup.fault.nothing", values: {} }));
  if (faults.length) return complain(faults);
  mark([]);
  tell(told, say("setup.creating"));
  find("create").disabled = true;
  try {
    const made = await send(bodyOf(written, template));
    const wantsKeys = find("keys").checked;
    keep(null, STORED);
    form.removeEventListener("input", changed);
    location.assign(`/${language}/workshops/${encodeURIComponent(made.code)}/prepare${wantsKeys ? "#keys" : ""}`);
  } catch (failure) {
    find("create").disabled = false;
    if (!isRefusal(failure)) return tell(told, say("setup.offline"), "warn");
    if (failure.status === 401) return refused("organise.refused");
    complain(refusedFaults(failure, written));
  }
  return undefined;
};

// -- the page ---------------------------------------------------------------------------------------------------------

let waiting;
const recount = () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => softly(countContents), PAUSE);
};

const changed = (event) => {
  const field = event.target;
  forgive(field);
  draw();
  if (!remembered()) tell(told, say("setup.not_kept"), "warn");
  if (["kind", "discipline", "topic"].includes(field.name)) recount();
  if (field.id === "version") offerAll();
};

form.addEventListener("input", changed);
choosing(find("table-rows"), { version: versionPath, chosen: remembered });
form.addEventListener("submit", create);
find("fault-list").addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (link) { event.preventDefault(); find(link.hash.slice(1)).focus(); }
});
find("again").addEventListener("click", () => {
  keep(null, STORED);
  form.removeEventListener("input", changed);
  location.reload();
});

const begin = async () => {
  show(find("zones"), (Intl.supportedValuesOf?.("timeZone") ?? []).map((name) => h("option", { value: name })));
  if (!value("zone")) find("zone").value = zoneOf(Intl.DateTimeFormat().resolvedOptions().timeZone) ?? "";
  const kept = recall(STORED).values;
  if (kept) { restore(kept); announce(say("setup.kept")); find("kept").hidden = false; } else draw();
  await softly(offerVersions);
  await offerAll();
};

withKey(begin);
