/* Elements of the page. Text is always set as text: names come from events. */
jobmatch.element = (tag, attributes = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
};

/* A table of rows; columns are {name, label, format}. */
jobmatch.tableElement = (columns, rows, caption) => {
  const { element, format } = jobmatch;
  const kinds = { long: "long", name: "name-cell", date: "date" };
  const kind = (column) => (format.isNumber(column.format) ? "number" : kinds[column.format] || null);
  /* The first cell of a row leads to what the row has as `link`, a file beside the page. */
  const content = (row, column, place) => {
    const text = format.shown(row[column.name], column.format);
    return place === 0 && row.link ? element("a", { href: row.link }, text) : text;
  };
  const head = element("tr", {}, ...columns.map((column) => element("th", { scope: "col", class: kind(column) }, column.label)));
  const body = rows.map((row) =>
    element("tr", { class: row.isBad ? "bad-row" : row.heldBack ? "held-back" : row.incomplete ? "incomplete" : null },
      ...columns.map((column, place) =>
        element(place === 0 ? "th" : "td", { scope: place === 0 ? "row" : null, class: kind(column) }, content(row, column, place)))));
  return element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    element("table", {}, element("caption", { class: "unseen" }, caption), element("thead", {}, head), element("tbody", {}, ...body)));
};
