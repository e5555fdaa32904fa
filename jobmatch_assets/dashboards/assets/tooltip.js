/* What a point tells of itself while the pointer is on it. Text is set as text: names come from events. */
jobmatch.tooltip = (() => {
  const AWAY = 12;
  let box = null;

  /* Vega's handler: the event, and what to tell as {name: value}; nothing where the pointer has left. */
  function show(_, event, item, value) {
    const isThere = value !== null && value !== undefined && value !== "";
    if (!isThere) {
      if (box) box.hidden = true;
      return;
    }
    const { element } = jobmatch;
    if (!box) {
      /* A screen reader hears the same from the point's label. */
      box = element("div", { class: "tooltip", "aria-hidden": "true" });
      document.body.append(box);
    }
    const rows = Object.entries(Object(value) === value ? value : { "": value });
    box.replaceChildren(element("table", {}, element("tbody", {}, ...rows.map(([name, told]) =>
      element("tr", {}, element("td", { class: "key" }, name), element("td", {}, String(told)))))));
    box.hidden = false;
    place(event);
  }

  /* Beside the pointer, on the side where there is room. */
  function place({ clientX, clientY }) {
    const { width, height } = box.getBoundingClientRect();
    const left = clientX + AWAY + width > innerWidth ? clientX - AWAY - width : clientX + AWAY;
    const top = clientY + AWAY + height > innerHeight ? clientY - AWAY - height : clientY + AWAY;
    box.style.left = `${Math.max(0, left)}px`;
    box.style.top = `${Math.max(0, top)}px`;
  }

  return { show };
})();
