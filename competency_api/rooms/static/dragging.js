// Moving an item of a list by finger, pen or mouse, from its grip. The list's order in the page follows the pointer;
// where the item is let go is told. Buttons and arrow keys do the same elsewhere.

const EDGE = 56;
const STEP = 12;

/** The index among the others at which the pointer is. */
const indexAt = (others, y) => {
  const found = others.findIndex((item) => {
    const box = item.getBoundingClientRect();
    return y < box.top + box.height / 2;
  });
  return found < 0 ? others.length : found;
};

/** At the end one of both is called once: `drop(item, followers)` with the items that come after it now, or `stay(item)`
 * if it is where it was, because it was put back there or the dragging was given up (Escape, a call, another gesture). */
export const draggable = (list, { grip, drop, stay }) => {
  let item, next, pointer, at, scrolling;

  const follow = () => {
    const others = [...list.children].filter((other) => other !== item);
    const index = indexAt(others, at);
    if (list.children[index] !== item) list.insertBefore(item, others[index] ?? null);
  };

  const scroll = () => {
    const way = at < EDGE ? -1 : at > innerHeight - EDGE ? 1 : 0;
    if (way) { scrollBy(0, way * STEP); follow(); }
    scrolling = requestAnimationFrame(scroll);
  };

  const begin = (event) => {
    const held = event.target.closest(grip);
    if (item || !held || event.button > 0) return;
    item = held.closest("li");
    next = item.nextElementSibling;
    pointer = event.pointerId;
    at = event.clientY;
    list.setPointerCapture(pointer); // not the grip: what moves in the page loses its pointer
    item.classList.add("is-dragged");
    list.classList.add("is-dragging");
    scrolling = requestAnimationFrame(scroll);
  };

  const end = (isDropped) => {
    const dragged = item;
    cancelAnimationFrame(scrolling);
    item.classList.remove("is-dragged");
    list.classList.remove("is-dragging");
    item = undefined; // before the pointer is let go, which is told as if it had been lost
    if (list.hasPointerCapture(pointer)) list.releasePointerCapture(pointer);
    if (isDropped && dragged.nextElementSibling !== next) {
      const items = [...list.children];
      drop(dragged, items.slice(items.indexOf(dragged) + 1));
    } else {
      if (dragged.nextElementSibling !== next) list.insertBefore(dragged, next);
      stay(dragged);
    }
  };

  /** A second finger is none of the dragging's business. */
  const isOwn = (event) => item && event.pointerId === pointer;

  list.addEventListener("pointerdown", begin);
  list.addEventListener("pointermove", (event) => {
    if (!isOwn(event)) return;
    at = event.clientY;
    follow();
  });
  list.addEventListener("pointerup", (event) => { if (isOwn(event)) end(true); });
  for (const name of ["pointercancel", "lostpointercapture"])
    list.addEventListener(name, (event) => { if (isOwn(event)) end(false); });
  document.addEventListener("keydown", (event) => { if (item && event.key === "Escape") end(false); });
  return { isDragging: () => item !== undefined };
};
