// The workshops of an organisation: where each stands, and where to go from there.
import { ask, find, h, isRefusal, language, recall, say, show, spoken, tell } from "./room.js";
import { refused, who, withKey } from "./staff.js";

let next = null, shown = [];

const day = ({ starts_at, time_zone }) =>
  new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short", timeZone: time_zone }).format(Date.parse(starts_at));

/** Where one can go, and from a workshop in which state one would, the next step first. */
const places = {
  prepare: ["/prepare", "organise.to_prepare"], facilitate: ["/facilitate", "organise.to_facilitate"],
  projector: ["/projector", "organise.to_projector"], result: ["", "organise.to_result"], report: ["/report", "organise.to_report"],
};
const ways = {
  draft: ["prepare", "facilitate", "projector"], open: ["facilitate", "projector", "prepare"],
  closed: ["facilitate", "result"], reported: ["result", "report"],
};

const draw = () => {
  show(find("workshops"), shown.map((workshop) => h("li", { class: "card" },
    h("h2", {}, spoken(workshop.title, workshop.code)),
    h("p", { class: "quiet" }, h("span", { class: `tag topic-${workshop.state}` }, say(`state.${workshop.state}`)), " ", spoken(workshop.place), Object.keys(workshop.place).length ? " · " : null, day(workshop)),
    h("p", { class: "acts" }, ways[workshop.state].map((way, index) =>
      h("a", { class: index ? null : "button", href: `/${language}/workshops/${encodeURIComponent(workshop.code)}${places[way][0]}` }, say(places[way][1])))))));
  find("none").hidden = shown.length > 0;
  find("more").hidden = !next;
};

const load = async () => {
  tell(find("told"), say("room.asking"));
  try {
    const { body } = await ask(next ?? "/workshops?own=true&limit=50", { who: who() });
    shown = next ? [...shown, ...body.items] : body.items;
    next = body.next?.replace("/api/v1", "") ?? null;
    tell(find("told"), "");
    draw();
  } catch (failure) {
    if (isRefusal(failure) && [401, 403].includes(failure.status)) refused("organise.refused");
    else tell(find("told"), say(isRefusal(failure) ? "staff.problem" : "organise.offline"), "warn");
  }
};

find("more").addEventListener("click", load);
find("retry").addEventListener("click", () => { next = null; load(); });
find("begun").hidden = !recall("set_up").values;
withKey(load);
