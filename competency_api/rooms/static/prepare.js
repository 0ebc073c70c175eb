// What an organiser needs once a workshop is set up: cards for its tables, keys for who leads them, where to go.
import { find, h, isRefusal, keep, language, recall, say, show, spoken, tell, textOf, workshop } from "./room.js";
import { call, refused, withKey } from "./staff.js";

/** In this tab only: while it lasts, the same keys are shown again, and half of them is no harm. */
const STORED = `keys_${workshop}`;
const MARK = "keys";
let state;
const secrets = {};

const board = async () => {
  const [about, tables] = await Promise.all([call(""), call("/tables")]);
  return { ...about.body, tag: about.tag, tables: tables.body.items };
};

const day = () => new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "short", timeZone: state.time_zone }).format(Date.parse(state.starts_at));
const named = (table) => [say("rank.table", { number: table.number }), /^Table \d+$/.test(table.name) ? null : `: ${table.name}`];

const draw = () => {
  find("room").textContent = textOf(state.title).text;
  find("state").textContent = say(`state.${state.state}`);
  find("when").replaceChildren(spoken(state.place), Object.keys(state.place).length ? " · " : "", day());
  show(find("cards"), state.tables.map((table) => h("li", { class: "table-card" },
    h("p", { class: "quiet" }, spoken(state.title)),
    h("h3", {}, ...named(table)),
    table.challenge ? h("p", { class: "asked" }, spoken(table.challenge.question ?? {}, "").textContent ? spoken(table.challenge.question) : spoken(table.challenge.texts, table.challenge.code)) : null,
    h("img", { src: `/${language}/join/${table.join_code}.svg`, alt: say("projector.qr", { number: table.number }), width: 200, height: 200 }),
    h("p", { class: "code-of" }, h("code", {}, table.join_code)),
    h("p", {}, say("projector.join", { address: document.documentElement.dataset.join })),
    h("p", { class: "quiet" }, say("prepare.honest")))));
  find("no-tables").hidden = state.tables.length > 0;
  find("deleting").hidden = state.state !== "draft";
  find("key-part").hidden = !["draft", "open"].includes(state.state) || !state.tables.length;
  drawKeys();
};

const drawKeys = () => {
  const isMade = Object.keys(secrets).length > 0;
  show(find("secrets"), state.tables.filter((table) => secrets[table.number]).map((table) => {
    const link = `${location.origin}/${language}/workshops/${encodeURIComponent(workshop)}/facilitate#key=${secrets[table.number]}&table=${table.number}`;
    return h("li", {}, h("label", { for: `link-${table.number}` }, ...named(table)),
      h("div", { class: "row" }, h("input", { id: `link-${table.number}`, readonly: true, value: link, "data-table": table.number }),
        navigator.clipboard ? h("button", { type: "button", "data-copies": `link-${table.number}` }, say("prepare.copy")) : null));
  }));
  find("shown-once").hidden = !isMade;
  find("make-keys").textContent = say(isMade || state.tables.some((table) => table.facilitated_by) ? "prepare.renew" : "prepare.make");
};

// -- keys -------------------------------------------------------------------------------------------------------------

const random = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** One key for each table. Asked again under the same word, the service answers with the same keys. */
const makeKeys = async () => {
  const word = recall(STORED, sessionStorage).word ?? random();
  keep({ word }, STORED, sessionStorage);
  find("make-keys").disabled = true;
  tell(find("key-told-of"), say("room.asking"));
  try {
    for (const { number } of state.tables) {
      if (secrets[number]) continue;
      const { body } = await call(`/tables/${number}/key`, { method: "POST", body: {}, headers: { "Idempotency-Key": `${word}-${number}` } });
      secrets[number] = body.secret;
      drawKeys();
    }
    tell(find("key-told-of"), say("prepare.made"), "good");
  } catch (failure) {
    tell(find("key-told-of"), isRefusal(failure) ? failure.message : say("prepare.half"), "warn");
  }
  find("make-keys").disabled = false;
  drawKeys();
};

const renewKeys = () => {
  if (state.tables.every(({ number }) => secrets[number])) {
    keep(null, STORED, sessionStorage);
    for (const number of Object.keys(secrets)) delete secrets[number];
  }
  return makeKeys();
};

const copy = async (button) => {
  await navigator.clipboard.writeText(find(button.dataset.copies).value);
  button.textContent = say("prepare.copied");
  setTimeout(() => { button.textContent = say("prepare.copy"); }, 2000);
};

// -- the page ---------------------------------------------------------------------------------------------------------

const remove = async () => {
  try {
    await call("", { method: "DELETE", headers: { "If-Match": state.tag } });
    location.assign(`/${language}/organise`);
  } catch (failure) {
    tell(find("told"), isRefusal(failure) ? failure.message : say("organise.offline"), "warn");
  }
};

const load = async () => {
  tell(find("told"), say("room.asking"));
  try {
    state = await board();
  } catch (failure) {
    if (isRefusal(failure) && [401, 403, 404].includes(failure.status)) refused("prepare.refused");
    else tell(find("told"), say("organise.offline"), "warn");
    return;
  }
  if (state.you.part !== "organiser") { refused("prepare.refused"); return; }
  tell(find("told"), "");
  draw();
  const isAsked = location.hash === `#${MARK}`;
  if (isAsked) history.replaceState(null, "", location.pathname);
  if (isAsked || recall(STORED, sessionStorage).word) await makeKeys();
};

document.addEventListener("click", (event) => {
  const pressed = event.target.closest("button");
  if (pressed?.dataset.copies) copy(pressed);
});
find("secrets").addEventListener("focusin", (event) => { event.target.select?.(); });
find("make-keys").addEventListener("click", renewKeys);
find("print").addEventListener("click", () => window.print());
find("whole-pages").addEventListener("change", (event) => { find("cards").classList.toggle("whole-pages", event.target.checked); });
find("delete").addEventListener("click", remove);
find("retry").addEventListener("click", load);
withKey(load);
