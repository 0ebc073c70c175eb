// Ranking on a phone. A ballot is kept in this browser with every touch, and sent when there is a connection: the page
// always says which of both is true. It asks the service now and then what is open; a stream for each phone of a room
// would hold more connections than a service has.
import { draggable } from "./dragging.js";
import { listen } from "./forms.js";
import { added, dropped, isSame, kept, listed, moved, tied, without } from "./order.js";
import { announce, ask, clock, count, find, h, isRefusal, keep, language, recall, remaining, repeatedly, say, show, spoken, tell, textOf, workshop } from "./room.js";

const PAUSE = 4000, RETRY = 2000, LONGEST_RETRY = 15_000, SETTLING = 600, MANY = 12;
/** Options are long and seldom change (a need is released): they are asked for every so many times. */
const SELDOM = 3;
/** Why a change was refused: it has words of its own in each language. */
const LATE = "late";
const here = `/workshops/${encodeURIComponent(workshop)}`;
const memory = { ballots: {}, ...recall() };
let me = memory.me, asked = 0, seen = "", chosen = memory.topic, isOffline = false, isGone = false, failures = 0, settling, filter = "";
const results = {};

const who = () => ({ "Participant-Token": memory.token });
const save = () => keep(memory);
const topics = () => me?.topics ?? [];
const topicOf = (name) => topics().find((topic) => topic.name === name);
const isOpen = (topic) => topic?.state === "open" && !(topic.closes_at && Date.parse(topic.closes_at) <= Date.now());
const optionsOf = (topic) => new Map(topic.options.map((option) => [option.name, option]));
const labelOf = (topic, name) => textOf(optionsOf(topic).get(name)?.texts).text || name;
const ballotOf = (topic) => memory.ballots[topic.name] ?? { levels: topic.levels ?? [], isSent: true };
const unsent = () => Object.keys(memory.ballots).filter((name) => !memory.ballots[name].isSent);

// -- the ballot -------------------------------------------------------------------------------------------------------

const change = (levels, heard) => {
  const topic = topicOf(chosen);
  if (!isOpen(topic) || isSame(levels, ballotOf(topic).levels)) return;
  memory.ballots[topic.name] = { levels, isSent: false };
  const isKept = save();
  draw();
  if (!isKept) tell(find("told"), say("rank.not_kept"), "warn");
  if (heard) announce(heard());
  clearTimeout(settling);
  settling = setTimeout(wake, SETTLING);
};

const stepped = (topic, option, levels) => () => {
  const at = listed(levels).find((entry) => entry.option === option);
  const values = { option: labelOf(topic, option), place: at?.place, of: levels.flat().length };
  return say(!at ? "rank.heard_removed" : at.isShared ? "rank.heard_equal" : "rank.heard_place", values);
};

const act = (option, change_of) => {
  const topic = topicOf(chosen), levels = kept(change_of(ballotOf(topic).levels), optionsOf(topic));
  change(levels, stepped(topic, option, levels));
};

/** Sends what is not sent. A ballot that was changed meanwhile stays unsent. */
const send = async () => {
  for (const name of unsent()) {
    const topic = topicOf(name), sending = memory.ballots[name];
    try {
      await ask(`${here}/topics/${encodeURIComponent(name)}/ballots/mine`, { method: "PUT", body: { levels: sending.levels }, who: who() });
      if (memory.ballots[name] === sending) memory.ballots[name] = { levels: sending.levels, isSent: true, at: Date.now() };
    } catch (failure) {
      if (!isRefusal(failure)) throw failure;
      if (failure.status === 422 && topic) mend(topic, sending);
      else if (failure.status === 401 || failure.status === 403) throw failure;
      else memory.ballots[name] = { ...sending, isSent: true, refused: failure.problem.code === "conflict" && topic ? LATE : failure.message };
    }
    save();
  }
};

/** Without options that are no longer there; if it is not for these, the service's own words are shown. */
const mend = (topic, ballot) => {
  const levels = kept(ballot.levels, optionsOf(topic));
  if (isSame(levels, ballot.levels)) memory.ballots[topic.name] = { ...ballot, isSent: true, refused: say("rank.refused") };
  else memory.ballots[topic.name] = { levels, isSent: false };
};

/** Of a change that came too late, what counts is shown instead. What is not sent yet is rid of options that are not
 * there any more; what was sent stays as it is, also when its table had options that the next one has not. */
const settle = () => {
  for (const topic of topics()) {
    const ballot = memory.ballots[topic.name];
    if (ballot?.refused === LATE && topic.state === "open") delete memory.ballots[topic.name];
    else if (ballot?.refused === LATE) ballot.levels = topic.levels ?? [];
    else if (ballot && !ballot.isSent) ballot.levels = kept(ballot.levels, optionsOf(topic));
  }
};

/** Seen only by those who were there: what came out of topics that are closed. */
const fetchResults = async () => {
  for (const topic of topics().filter((known) => known.state === "closed" && !results[known.name])) {
    try {
      results[topic.name] = (await ask(`${here}/topics/${encodeURIComponent(topic.name)}/results?matrices=false`, { who: who() })).body;
    } catch (failure) {
      if (!isRefusal(failure)) throw failure;
    }
  }
};

/** What is open and one's own ballots; and now and then, or when that changed, what there is to rank. */
const look = async () => {
  const { body } = await ask(`${here}/participants/me`, { who: who() });
  const states = JSON.stringify([body.table.number, body.topics.map((topic) => [topic.name, topic.state])]);
  const isDue = asked % SELDOM === 0 || states !== seen;
  asked += 1;
  seen = states;
  const known = isDue ? (await ask(`${here}/topics`, { who: who() })).body.items : topics();
  const table = isDue ? (await ask(`${here}/tables/${body.table.number}`, { who: who() })).body : me.table;
  const whole = new Map(known.map((topic) => [topic.name, topic]));
  me = { ...body, table, topics: body.topics.map((topic) => ({ ...whole.get(topic.name), ...topic })).filter((topic) => topic.options) };
  memory.me = me;
};

const step = async () => {
  if (isGone) return LONGEST_RETRY;
  if (!memory.token) { leave("rank.no_token"); return PAUSE; }
  try {
    await send();
    await look();
    settle();
    for (const topic of topics()) if (topic.state === "open") delete results[topic.name];
    await fetchResults();
    isOffline = false;
    failures = 0;
  } catch (failure) {
    if (isRefusal(failure)) { leave("rank.left"); return LONGEST_RETRY; }
    isOffline = true;
    failures += 1;
  }
  save();
  draw();
  return isOffline ? Math.min(LONGEST_RETRY, RETRY * failures) : PAUSE + Math.random() * 2000;
};

/** The token is of no use any more: the workshop is closed, or it was another browser's. */
const leave = (key) => {
  isGone = true;
  if (recall().token === memory.token) keep(null); // another tab may have joined again
  find("ranking").hidden = true;
  show(find("gone"), h("p", {}, say(key)), h("p", {},
    h("a", { class: "button", href: `/${language}/workshops/${encodeURIComponent(workshop)}` }, say("rank.to_result")), " ",
    h("a", { href: `/${language}/join` }, say("rank.to_join"))));
};

// -- the page ---------------------------------------------------------------------------------------------------------

const draw = () => {
  if (!me || dragging.isDragging()) return;
  if (!topicOf(chosen)) chosen = (topics().find(isOpen) ?? topics()[0])?.name;
  find("room").textContent = textOf(me.title).text;
  const challenge = textOf(me.table?.challenge?.question ?? me.table?.challenge?.texts).text;
  find("table").textContent = say("rank.table", { number: me.table?.number ?? "" }) + (challenge ? ` · ${challenge}` : "");
  drawTopics();
  const topic = topicOf(chosen);
  if (topic) drawTopic(topic);
  drawState(topic);
};

const stateOf = (topic) => say(`topic.${topic.state === "open" && !isOpen(topic) ? "closed" : topic.state}`);

const drawTopics = () => show(find("topics"), topics().map((topic, index) => h("li", {},
  h("button", { type: "button", id: `topic-${topic.name}`, "data-topic": topic.name, "aria-current": topic.name === chosen ? "true" : null },
    h("strong", {}, String(index + 1)), h("span", {}, stateOf(topic)), ballotOf(topic).levels.length ? h("span", { class: "has" }, say("rank.has_order")) : null))));

const button = (id, key, sign, option, label, more = {}) => h("button",
  { type: "button", id: `${id}-${option}`, "data-act": id, "data-option": option, "aria-label": say(key, { option: label }), title: say(key, { option: label }), ...more }, sign);

const drawRanked = (topic, canChange) => {
  const options = optionsOf(topic), entries = listed(kept(ballotOf(topic).levels, options));
  show(find("ranked"), entries.map((entry, index) => {
    const label = labelOf(topic, entry.option);
    return h("li", { "data-option": entry.option, class: entry.isTied ? "is-tied" : null },
      canChange ? button("grip", "rank.grip", "⠿", entry.option, label, { class: "grip", "aria-describedby": "grip-help" }) : null,
      h("span", { class: "place" }, h("span", { class: "unseen" }, `${say("rank.place")} `), String(entry.place), entry.isShared ? h("span", { class: "unseen" }, ` ${say("rank.shared")}`) : null),
      h("span", { class: "naming" }, spoken(options.get(entry.option)?.texts, entry.option)),
      canChange ? h("span", { class: "acts" },
        button("up", "rank.up", "▲", entry.option, label, index === 0 ? { "aria-disabled": "true" } : {}),
        button("down", "rank.down", "▼", entry.option, label, index === entries.length - 1 && !entry.isShared ? { "aria-disabled": "true" } : {}),
        button("tie", "rank.tie", "=", entry.option, label, { "aria-pressed": String(entry.isTied), ...(index === 0 ? { "aria-disabled": "true" } : {}) }),
        button("remove", "rank.remove", "✕", entry.option, label)) : null);
  }));
  find("nothing").hidden = entries.length > 0;
};

const drawRest = (topic, canChange) => {
  const ranked = new Set(ballotOf(topic).levels.flat());
  const rest = topic.options.filter((option) => !ranked.has(option.name));
  const matching = rest.filter((option) => labelOf(topic, option.name).toLowerCase().includes(filter.toLowerCase()));
  find("filtering").hidden = !canChange || topic.options.length <= MANY;
  find("rest-title").textContent = count("rank.rest", rest.length);
  show(find("rest"), (canChange ? matching : rest).map((option) => h("li", {}, canChange
    ? h("button", { type: "button", id: `add-${option.name}`, "data-act": "add", "data-option": option.name },
      h("span", { "aria-hidden": "true" }, "+"), h("span", { class: "unseen" }, `${say("rank.add")}: `), spoken(option.texts, option.name))
    : spoken(option.texts, option.name))));
};

const drawOutcome = (topic) => {
  const result = results[topic.name], standings = result?.overall?.standings ?? [];
  find("outcome").hidden = !standings.length;
  show(find("outcome-list"), standings.map((standing) => h("li", {}, h("span", { class: "place" }, String(standing.place)),
    h("span", { class: "naming" }, labelOf(topic, standing.option)))));
};

const drawTopic = (topic) => {
  const canChange = isOpen(topic);
  find("question").textContent = textOf(topic.question).text;
  find("choosing").hidden = topic.state === "waiting";
  find("needing").hidden = !(canChange && topic.takes_needs);
  find("help").hidden = !canChange;
  drawRanked(topic, canChange);
  drawRest(topic, canChange);
  drawOutcome(topic);
  drawTimer();
};

const drawTimer = () => {
  const topic = topicOf(chosen);
  const text = topic?.state === "open" && topic.closes_at ? say("topic.remaining", { time: remaining(topic.closes_at) }) : "";
  if (find("timer").textContent !== text) find("timer").textContent = text;
};

const drawState = (topic) => {
  const ballot = topic && ballotOf(topic), place = find("told");
  if (isOffline) tell(place, say(unsent().length ? "rank.offline_unsent" : "rank.offline"), "warn");
  else if (unsent().length) tell(place, say("rank.sending"));
  else if (ballot?.refused) tell(place, ballot.refused === "late" ? say("rank.late") : ballot.refused, "warn");
  else if (topic?.state === "waiting") tell(place, say("rank.waiting"));
  else if (topic && !isOpen(topic)) tell(place, say("rank.closed"));
  else if (ballot?.levels.length || ballot?.at) tell(place, ballot.at ? say("rank.sent_at", { time: clock(ballot.at) }) : say("rank.sent"), "good");
  else tell(place, say("rank.begin"));
};

// -- what people do ---------------------------------------------------------------------------------------------------

const ACTS = {
  add: (option) => (levels) => added(levels, option),
  up: (option) => (levels) => moved(levels, option, -1),
  down: (option) => (levels) => moved(levels, option, 1),
  tie: (option) => (levels) => tied(levels, option),
  remove: (option) => (levels) => without(levels, option),
};

document.addEventListener("click", (event) => {
  const pressed = event.target.closest("[data-act], [data-topic]");
  if (!pressed || pressed.getAttribute("aria-disabled")) return;
  if (pressed.dataset.topic) { chosen = memory.topic = pressed.dataset.topic; filter = find("filter").value = ""; save(); draw(); find("question").focus(); asked = 0; wake(); return; }
  const { act: name, option } = pressed.dataset;
  if (!ACTS[name]) return;
  const next = name === "remove" || name === "add" ? (pressed.closest("li").nextElementSibling ?? pressed.closest("li").previousElementSibling)?.querySelector("button")?.id : "";
  act(option, ACTS[name](option));
  if (name === "remove") (find(next ?? "") ?? find(`add-${option}`))?.focus({ preventScroll: true });
  if (name === "add") (find(next ?? "") ?? find(`grip-${option}`))?.focus({ preventScroll: true });
});

document.addEventListener("keydown", (event) => {
  const option = event.target.closest?.("[data-act=grip]")?.dataset.option;
  const way = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!option || !way) return;
  event.preventDefault();
  act(option, (levels) => moved(levels, option, way));
  find(`grip-${option}`)?.focus();
});

/** Who was at the grip stays there: an element that is moved in the page loses the focus. */
const drawKeeping = (option) => {
  draw();
  find(`grip-${option}`)?.focus({ preventScroll: true });
};

const dragging = draggable(find("ranked"), {
  grip: ".grip",
  drop: ({ dataset: { option } }, followers) => {
    delete find("ranked").dataset.shown; // the list is not what was shown any more
    act(option, (levels) => dropped(levels, option, followers.map((other) => other.dataset.option)));
    drawKeeping(option);
  },
  stay: ({ dataset: { option } }) => drawKeeping(option),
});

find("filter").addEventListener("input", (event) => { filter = event.target.value.trim(); draw(); });

const wake = repeatedly(step);
listen({ here, who, topic: () => chosen, moved: () => { asked = 0; wake(); } });
addEventListener("online", wake);
addEventListener("offline", () => { isOffline = true; draw(); });
document.addEventListener("visibilitychange", () => { if (!document.hidden) wake(); });
setInterval(() => { drawTimer(); if (topicOf(chosen)) drawState(topicOf(chosen)); }, 1000);
draw();
