// For the one who leads a table, or the room: needs as they are typed, topics and their time, conclusions.
import { announce, count, find, h, isRefusal, language, remaining, say, show, spoken, tell, textOf } from "./room.js";
import { call, live, mine, remember, withKey } from "./staff.js";

let state, wake = () => {};
const needs = {}, counts = {};
/** No name of a topic: these begin with a letter or a digit. */
const PLENARY = "-report";

const board = async () => {
  const [workshop, tables, topics] = await Promise.all([call(""), call("/tables"), call("/topics")]);
  return { ...workshop.body, tag: workshop.tag, tables: tables.body.items, topics: topics.body.items };
};

const refresh = async () => {
  state = await board();
  for (const topic of state.topics.filter((known) => known.takes_needs)) {
    needs[topic.name] = (await call(`/topics/${encodeURIComponent(topic.name)}/needs`)).body.items;
  }
  for (const topic of state.topics.filter((known) => known.state === "open")) {
    counts[topic.name] = (await call(`/topics/${encodeURIComponent(topic.name)}/ballots`)).body.ballots;
  }
  draw();
};

/** Those that the key may lead: all for organisers, their own for facilitators. */
const led = () => state.tables.filter((known) => state.you.part === "organiser" || state.you.tables.includes(known.number));
const tableNumber = () => (led().find((known) => known.number === Number(mine.table)) ?? led()[0])?.number;
const table = () => state.tables.find((known) => known.number === tableNumber());

/** Does it and says how it went: in words, never silently. */
const attempt = async (done, action) => {
  try {
    await action();
    tell(find("told"), done, "good");
  } catch (failure) {
    tell(find("told"), isRefusal(failure) ? failure.message : say("room.offline"), "warn");
  }
  wake();
};

// -- the room ---------------------------------------------------------------------------------------------------------

const draw = () => {
  find("room").textContent = textOf(state.title).text;
  const select = find("table");
  show(select, led().map((known) => h("option", { value: known.number, selected: known.number === tableNumber() }, say("rank.table", { number: known.number }))));
  const own = table();
  show(find("code"), own ? [h("img", { src: `/${language}/join/${own.join_code}.svg`, alt: say("projector.qr", { number: own.number }), width: 132, height: 132 }),
    h("p", {}, h("code", { class: "big" }, own.join_code)), h("p", { class: "quiet" }, count("projector.people", own.participants ?? 0))] : []);
  find("state").textContent = say(`state.${state.state}`);
  find("organising").hidden = state.you.part !== "organiser";
  for (const step of ["opening", "closing", "reporting"]) find(step).hidden = !state.next.includes(step);
  drawTopics();
  drawConclusions();
  drawNeeds();
};

const drawTopics = () => show(find("topics"), state.topics.map((topic) => h("li", { class: "card" },
  h("h3", {}, spoken(topic.question)),
  h("p", {}, h("span", { class: `tag topic-${topic.state}` }, say(`topic.${topic.state}`)), " ",
    counts[topic.name] === undefined ? null : h("span", { class: "quiet" }, count("projector.ballots", counts[topic.name])), " ",
    h("span", { class: "timer", "data-until": topic.state === "open" ? topic.closes_at : null })),
  state.state === "open" ? h("p", { class: "acts" },
    topic.state === "open"
      ? h("button", { type: "button", id: `close-${topic.name}`, "data-close": topic.name }, say("staff.close_topic"))
      : [h("label", {}, say("staff.minutes"), " ", h("input", { id: `minutes-${topic.name}`, type: "number", min: 1, max: 600, inputmode: "numeric", size: 4 })), " ",
        h("button", { type: "button", id: `open-${topic.name}`, "data-open": topic.name }, say(topic.state === "closed" ? "staff.reopen_topic" : "staff.open_topic"))]) : null)));

/** Apart from the topics, which change with every ballot while somebody writes here. */
const drawConclusions = () => {
  const subjects = state.topics.filter((topic) => topic.state !== "waiting")
    .map((topic) => [topic.name, spoken(topic.question), say("staff.sign", { number: tableNumber() })]);
  if (state.you.part === "organiser") subjects.push([PLENARY, say("staff.plenary"), say("staff.sign_report")]);
  const isNew = show(find("conclusions"), subjects.map(([name, title, sign]) => h("li", { class: "card" },
    h("form", { "data-conclude": name }, h("h3", {}, h("label", { for: `conclusion-${name}` }, title)),
      h("textarea", { id: `conclusion-${name}`, name: "text", rows: 3, maxlength: 5000, required: true }),
      h("p", { class: "acts" }, h("button", { type: "submit", id: `sign-${name}` }, sign))))));
  if (isNew) fillConclusions();
};

/** What is signed already stands in the fields that are empty, to be written on. */
const fillConclusions = async () => {
  const { items, report } = (await call("/conclusions")).body;
  const own = items.filter((item) => item.table === tableNumber()).map((item) => [item.topic, item]);
  for (const [name, item] of report ? [...own, [PLENARY, report]] : own) {
    const field = find(`conclusion-${name}`);
    if (field && !field.value) field.value = textOf(item.text).text;
  }
};

const drawNeeds = () => {
  const waiting = state.topics.flatMap((topic) => (needs[topic.name] ?? []).filter((need) => need.state === "waiting").map((need) => [topic, need]));
  const isNew = show(find("needs"), waiting.map(([topic, need]) => h("li", { class: "card", "data-need": need.id, "data-topic": topic.name },
    h("p", { class: "need", lang: need.language ?? null }, need.text),
    h("p", { class: "quiet" }, say("rank.table", { number: need.table ?? "" })),
    need.suggestions?.length ? h("div", {}, h("p", {}, say("staff.same_as")), h("p", { class: "acts" }, need.suggestions.slice(0, 3).map((found) =>
      h("button", { type: "button", class: "second", id: `merge-${need.id}-${found.code}`, "data-merge": found.code }, h("code", {}, found.code), " ", labelOf(found))))) : h("p", { class: "quiet" }, say("staff.nothing_like_it")),
    h("p", { class: "acts" },
      h("button", { type: "button", id: `release-${need.id}`, "data-release": "table" }, say("staff.release")),
      state.you.part === "organiser" ? h("button", { type: "button", class: "second", id: `everyone-${need.id}`, "data-release": "everyone" }, say("staff.release_everyone")) : null,
      h("button", { type: "button", class: "second", id: `decline-${need.id}`, "data-decline": true }, say("staff.decline"))))));
  find("no-needs").hidden = waiting.length > 0;
  find("needs-count").textContent = waiting.length ? String(waiting.length) : "";
  if (isNew && waiting.length) announce(count("staff.waiting", waiting.length));
};

const labelOf = (found) => (typeof found.label === "string" ? found.label : found.label?.text ?? textOf(found.label).text);

const drawTimers = () => {
  for (const timer of document.querySelectorAll("[data-until]")) timer.textContent = remaining(timer.dataset.until);
};

// -- what is done -----------------------------------------------------------------------------------------------------

/** A step in the life of the room or a topic, from the state that it has now. */
const verb = async (path, body) => {
  const { tag } = await call(path.slice(0, path.lastIndexOf("/")));
  return call(path, { method: "POST", body, headers: tag ? { "If-Match": tag } : {} });
};

document.addEventListener("click", (event) => {
  const pressed = event.target.closest("button");
  const { open, close, merge, release, decline, workshop: step } = pressed?.dataset ?? {};
  const card = pressed?.closest("[data-need]");
  const need = card && `/topics/${encodeURIComponent(card.dataset.topic)}/needs/${card.dataset.need}`;
  const topic = `/topics/${encodeURIComponent(open ?? close ?? "")}`;
  if (open) {
    const minutes = Number(find(`minutes-${open}`).value);
    attempt(say("staff.opened"), () => verb(`${topic}/opening`, minutes ? { minutes } : {}));
  } else if (close) attempt(say("staff.closed"), () => verb(`${topic}/closing`));
  else if (merge) attempt(say("staff.merged"), () => call(`${need}/merging`, { method: "POST", body: { concept: merge } }));
  else if (release) attempt(say("staff.released"), () => call(`${need}/release`, { method: "POST", body: { everyone: release === "everyone" } }));
  else if (decline !== undefined) attempt(say("staff.declined"), () => call(`${need}/declining`, { method: "POST", body: {} }));
  else if (step) attempt(say("staff.done"), () => verb(`/${step}`));
});

find("table").addEventListener("change", (event) => { remember({ table: event.target.value }); wake(); });

document.addEventListener("submit", (event) => {
  const topic = event.target.dataset.conclude;
  if (!topic) return;
  event.preventDefault();
  const text = event.target.elements.text.value.trim();
  attempt(say("staff.signed"), () => conclude(topic, text));
});

const conclude = async (topic, text) => {
  const path = topic === PLENARY ? "/report/text" : `/tables/${tableNumber()}/conclusions/${encodeURIComponent(topic)}`;
  let condition = { "If-None-Match": "*" };
  try {
    const { tag } = await call(path);
    if (tag) condition = { "If-Match": tag };
  } catch (failure) {
    if (failure.status !== 404) throw failure;
  }
  await call(path, { method: "PUT", body: { text: { [language]: text } }, headers: condition });
};

setInterval(drawTimers, 500);
withKey(() => { wake = live(refresh); });
