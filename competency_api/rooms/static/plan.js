// A workshop as it is written down on the page, and as the service takes it. Pure: nothing here knows the page.

const MINUTE = 60_000;

/** The name of a time zone as IANA writes it; null for what is none. */
export const zoneOf = (typed) => {
  try {
    const found = new Intl.DateTimeFormat("en", { timeZone: typed.trim() }).resolvedOptions().timeZone;
    return /^[A-Za-z]/.test(found) ? found : null;
  } catch {
    return null;
  }
};

/** How far the clocks of a zone are ahead of UTC at a moment, in milliseconds. */
const ahead = (moment, zone) => {
  const form = new Intl.DateTimeFormat("en", {
    timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric",
  });
  const { year, month, day, hour, minute } = Object.fromEntries(form.formatToParts(moment).map((part) => [part.type, Number(part.value)]));
  return Date.UTC(year, month - 1, day, hour, minute) - Math.floor(moment / MINUTE) * MINUTE;
};

/** The moment at which clocks of the zone show this ("2026-12-12T09:00"); null for what is no time. Of an hour that is
 * there twice the first is meant; one that is left out counts on from the hour before. */
export const momentOf = (local, zone) => {
  const shown = Date.parse(`${local}Z`);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(local) || Number.isNaN(shown)) return null;
  const day = 24 * 60 * MINUTE, before = ahead(shown - day, zone), after = ahead(shown + day, zone);
  const right = [before, after].map((offset) => shown - offset).find((moment) => ahead(moment, zone) === shown - moment);
  return new Date(right ?? shown - before).toISOString().replace(".000Z", "Z");
};

/** The code that somebody chose or typed, with or without what it says behind it; null for what begins with none. */
export const codeOf = (typed) => typed.trim().toUpperCase().match(/^[A-Z]+\d+\b/)?.[0] ?? null;

/** What is wrong, field by field: `{field, key, values}`, where `key` names a text. */
export const faultsOf = (entries) => {
  const found = [], fault = (field, key, values = {}) => found.push({ field, key, values });
  const zone = zoneOf(entries.zone), [main] = entries.languages;
  if (!main) fault("language-en", "setup.fault.language");
  else if (!entries.languages.some((tag) => entries.texts[tag].title)) fault(`title-${main}`, "setup.fault.title");
  const [starts, ends] = ["starts", "ends"].map((name) => momentOf(entries[name], zone ?? "UTC"));
  if (!starts) fault("starts", "setup.fault.starts");
  if (!ends) fault("ends", "setup.fault.ends");
  if (starts && ends && ends <= starts) fault("ends", "setup.fault.order");
  if (!zone) fault("zone", entries.zone.trim() ? "setup.fault.zone" : "setup.fault.no_zone", { zone: entries.zone.trim() });
  entries.rounds.forEach(({ minutes }, index) => { if (minutes !== null && !(Number.isInteger(minutes) && minutes >= 1 && minutes <= 1440)) fault(`minutes-${index + 1}`, "setup.fault.minutes"); });
  if (!entries.topics.length) fault(`topic-${entries.offered[0]}`, "setup.fault.topics");
  entries.topics.forEach(({ name, filters }) => { if (filters && !filters.kind.length) fault(`topic-${name}`, "setup.fault.kinds"); });
  if (!entries.tables.length) fault("tables", "setup.fault.tables");
  entries.tables.forEach(({ challenge }, index) => {
    if (challenge && !codeOf(challenge)) fault(`challenge-${index + 1}`, "setup.fault.challenge", { typed: challenge });
  });
  return found;
};

const without = (texts) => Object.fromEntries(Object.entries(texts).filter(([, text]) => text));

/** The body of `POST /workshops`; `template` are the topics that there are to choose from. */
export const bodyOf = (entries, template) => {
  const zone = zoneOf(entries.zone), [main] = entries.languages;
  const said = (name) => without(Object.fromEntries(entries.languages.map((tag) => [tag, entries.texts[tag][name]])));
  return {
    title: said("title"), purpose: said("purpose"), place: said("place"),
    starts_at: momentOf(entries.starts, zone), ends_at: momentOf(entries.ends, zone), time_zone: zone,
    languages: entries.languages, version: entries.version,
    rounds: entries.rounds.map(({ title, minutes }) => ({ title: without({ [main]: title }), minutes })),
    tables: entries.tables.map(({ name, challenge }) => without({ name, challenge: challenge && codeOf(challenge) })),
    topics: entries.topics.map(({ name, round, filters }) => {
      const { question, takes_needs, options } = template.find((topic) => topic.name === name);
      return { name, question, takes_needs, round, ...(filters ? { filters } : { options }) };
    }),
  };
};

/** The field in which stands what the service refused (a JSON Pointer into the body). */
export const fieldOf = (pointer, entries) => {
  const [, member, index, below] = (pointer ?? "").split("/");
  const number = Number(index) + 1;
  if (member === "tables") return Number.isNaN(number) ? "tables" : `${below === "name" ? "name" : "challenge"}-${number}`;
  if (member === "rounds") return Number.isNaN(number) ? "rounds" : `${below === "minutes" ? "minutes" : "round"}-${number}`;
  if (member === "topics") return `topic-${entries.topics[number - 1]?.name ?? entries.offered[0]}`;
  const fields = { starts_at: "starts", ends_at: "ends", time_zone: "zone", version: "version", languages: "language-en" };
  return fields[member] ?? (["title", "purpose", "place"].includes(member) ? `${member}-${index ?? entries.languages[0]}` : null);
};
