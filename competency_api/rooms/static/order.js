// A ballot while it is made: levels of options, the best first; options on one level are equal. Pure: nothing here
// knows the page. Every function gives new levels.

const copy = (levels) => levels.map((level) => [...level]);
const place = (levels, option) => levels.findIndex((level) => level.includes(option));

/** The options from best to worst, each with its place (1, 2, 2, 4) and whether it is equal to the one before it. */
export const listed = (levels) => {
  let before = 0;
  return levels.flatMap((level) => {
    const shown = level.map((option, index) => ({ option, place: before + 1, isTied: index > 0, isShared: level.length > 1 }));
    before += level.length;
    return shown;
  });
};

export const without = (levels, option) =>
  levels.map((level) => level.filter((other) => other !== option)).filter((level) => level.length);

export const added = (levels, option) => (place(levels, option) < 0 ? [...copy(levels), [option]] : levels);

/** One step up (-1) or down (1): out of its level first, then past the next one. */
export const moved = (levels, option, step) => {
  const at = place(levels, option);
  if (at < 0) return levels;
  const found = copy(levels);
  if (found[at].length > 1) {
    found[at] = found[at].filter((other) => other !== option);
    found.splice(step < 0 ? at : at + 1, 0, [option]);
    return found;
  }
  const next = at + step;
  if (next < 0 || next >= found.length) return levels;
  [found[at], found[next]] = [found[next], found[at]];
  return found;
};

/** Equal to what stands before it or, where it is, no longer. */
export const tied = (levels, option) => {
  const at = place(levels, option);
  if (at < 0) return levels;
  const found = copy(levels);
  const index = found[at].indexOf(option);
  if (index > 0) {
    found.splice(at, 1, found[at].slice(0, index), found[at].slice(index));
    return found;
  }
  if (at === 0) return levels;
  found[at - 1].push(...found[at]);
  found.splice(at, 1);
  return found;
};

/** On a level of its own before the first of the `followers` that is ranked, at the end if none is. Between options that
 * are equal it parts them. */
export const dropped = (levels, option, followers) => {
  if (place(levels, option) < 0) return levels;
  const rest = without(levels, option);
  const target = followers.find((other) => place(rest, other) >= 0);
  const at = target === undefined ? rest.length : place(rest, target);
  const split = rest[at]?.indexOf(target) ?? 0;
  const around = split > 0 ? [rest[at].slice(0, split), [option], rest[at].slice(split)] : [[option], ...rest.slice(at, at + 1)];
  return [...rest.slice(0, at), ...around, ...rest.slice(at + 1)];
};

/** Only what can still be ranked: an option may have been merged into another one meanwhile. */
export const kept = (levels, known) =>
  levels.map((level) => level.filter((option) => known.has(option))).filter((level) => level.length);

export const isSame = (levels, others) => JSON.stringify(levels) === JSON.stringify(others);
