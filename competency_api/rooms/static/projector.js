// For the wall of the room: what is open, how long, how many have ranked, what comes out. Big, and true from the back.
import { announce, count, find, h, language, remaining, say, show, spoken, textOf } from "./room.js";
import { call, live, mine, remember, withKey } from "./staff.js";

const MOST = 12;
let state, chosen, isPinned = false;
const results = {};

const current = () => state.topics.find((topic) => topic.name === chosen);

const pick = () => {
  const open = state.topics.filter((topic) => topic.state === "open");
  const last = state.topics.filter((topic) => topic.state === "closed").at(-1);
  if (!isPinned || !current()) chosen = (open[0] ?? last ?? state.topics[0])?.name;
};

const refresh = async () => {
  state = await board();
  pick();
  const topic = current();
  if (topic && topic.state !== "waiting") results[topic.name] = (await call(`/topics/${encodeURIComponent(topic.name)}/results?matrices=false`)).body;
  draw();
};

const board = async () => {
  const [workshop, tables, topics] = await Promise.all([call(""), call("/tables"), call("/topics")]);
  return { ...workshop.body, tables: tables.body.items, topics: topics.body.items };
};

const draw = () => {
  find("room").textContent = textOf(state.title).text;
  document.body.dataset.state = state.state;
  const topic = current(), result = topic && results[topic.name];
  const isJoining = state.state === "draft" || (state.state === "open" && !state.topics.some((known) => known.state !== "waiting"));
  find("joining").hidden = !(isJoining || find("codes-toggle").getAttribute("aria-pressed") === "true");
  find("standing").hidden = !find("joining").hidden || !topic;
  drawCodes();
  if (topic) drawTopic(topic, result);
};

const drawCodes = () => show(find("codes"), state.tables.map((table) => h("li", {},
  h("img", { src: `/${language}/join/${table.join_code}.svg`, alt: say("projector.qr", { number: table.number }), width: 200, height: 200 }),
  h("strong", {}, say("rank.table", { number: table.number })), h("code", {}, table.join_code),
  h("span", { class: "quiet" }, count("projector.people", table.participants ?? 0)))));

const drawTopic = (topic, result) => {
  find("question").textContent = textOf(topic.question).text;
  find("topic-state").textContent = say(`topic.${topic.state}`);
  const standings = result?.overall?.standings ?? [];
  find("provisional").hidden = !result?.provisional;
  find("counted").textContent = result ? count("projector.ballots", result.overall.ballots) : "";
  drawTimer();
  const most = Math.max(...standings.map((standing) => standing.share), 0.001);
  const options = new Map((result?.options ?? []).map((option) => [option.name, option]));
  const isNew = show(find("bars"), standings.slice(0, MOST).map((standing) => h("li", {},
    h("span", { class: "place" }, String(standing.place)), h("span", { class: "naming" }, spoken(options.get(standing.option)?.texts, standing.option)),
    h("span", { class: "bar", "data-share": (standing.share / most).toFixed(3) }))));
  for (const bar of find("bars").querySelectorAll(".bar")) bar.style.setProperty("--share", bar.dataset.share);
  if (isNew && standings.length) announce(say("projector.first", { option: textOf(options.get(standings[0].option)?.texts).text || standings[0].option }));
  const rest = standings.length - MOST;
  find("rest").textContent = rest > 0 ? count("projector.rest", rest) : "";
};

const drawTimer = () => {
  const topic = state && current();
  find("timer").textContent = topic?.state === "open" && topic.closes_at ? remaining(topic.closes_at) : "";
};

const turn = (step) => {
  const at = state.topics.findIndex((topic) => topic.name === chosen);
  chosen = state.topics[(at + step + state.topics.length) % state.topics.length]?.name;
  isPinned = true;
  wake();
};

find("codes-toggle").addEventListener("click", (event) => {
  const button = event.currentTarget;
  button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
  draw();
});
find("next").addEventListener("click", () => turn(1));
find("previous").addEventListener("click", () => turn(-1));
find("follow").addEventListener("click", () => { isPinned = false; wake(); });
find("scheme").addEventListener("click", () => {
  const isDark = document.documentElement.dataset.scheme === "dark" || (!document.documentElement.dataset.scheme && matchMedia("(prefers-color-scheme: dark)").matches);
  paint(isDark ? "light" : "dark");
});
const paint = (scheme) => { if (scheme) { document.documentElement.dataset.scheme = scheme; remember({ scheme }); } };
document.addEventListener("keydown", (event) => {
  if (!state || event.target.closest("input, select, textarea")) return;
  if (event.key === "ArrowRight") turn(1);
  if (event.key === "ArrowLeft") turn(-1);
});

let wake = () => {};
paint(mine.scheme);
setInterval(drawTimer, 500);
withKey(() => { wake = live(refresh); });
