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

/** `drop(item, index)` is called once at the end, with the index among the other items; not if nothing moved. */
export const draggable = (list, { grip, drop }) => {
  let item, start, isMoved, scrolling, pointer;

  const others = () => [...list.children].filter((other) => other !== item);

  const follow = () => {
    const rest = others();
    const index = indexAt(rest, pointer);
    if (list.children[index] !== item) {
      list.insertBefore(item, rest[index] ?? null);
      isMoved = true;
    }
  };

  const scroll = () => {
    const way = pointer < EDGE ? -1 : pointer > innerHeight - EDGE ? 1 : 0;
    if (way) { scrollBy(0, way * STEP); follow(); }
    scrolling = requestAnimationFrame(scroll);
  };

  const end = (event) => {
    if (!item) return;
    cancelAnimationFrame(scrolling);
    item.classList.remove("is-dragged");
    const dragged = item, index = [...list.children].indexOf(item);
    item = undefined;
    list.classList.remove("is-dragging");
    if (event.type === "pointerup" && isMoved) drop(dragged, index);
    else if (isMoved) drop(dragged, start);
  };

  list.addEventListener("pointerdown", (event) => {
    const held = event.target.closest(grip);
    if (!held || event.button > 0) return;
    item = held.closest("li");
    start = [...list.children].indexOf(item);
    isMoved = false;
    pointer = event.clientY;
    list.setPointerCapture(event.pointerId); // not the grip: what moves in the page loses its pointer
    item.classList.add("is-dragged");
    list.classList.add("is-dragging");
    scrolling = requestAnimationFrame(scroll);
  });
  list.addEventListener("pointermove", (event) => {
    if (!item) return;
    pointer = event.clientY;
    follow();
  });
  list.addEventListener("pointerup", end);
  list.addEventListener("pointercancel", end);
  return { isDragging: () => item !== undefined };
};
