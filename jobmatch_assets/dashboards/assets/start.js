/* Puts the page together: data, choices, and what follows from them. */
jobmatch.start = async () => {
  const { charts, controls, dates, state, strip, tables, tileValues, element } = jobmatch;
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const [data, specs] = [read("page-data"), read("page-specs")];
  const registered = data.page;
  const of = (name, encoded) => tables.table((registered.tables[name] || { name }).name, encoded, registered.tables[name]);
  const objects = (name) => { const found = of(name, data.state[name]); return found.rows.map(found.object); };
  const publication = objects("publication")[0] || null;
  const held = objects("held_back");
  const heldDays = new Set(held.map((row) => row.event_date).filter((day) => day !== null));
  const page = {
    registered, publication, held,
    failing: objects("failing_checks"), failure: data.failure || null, files: data.files || {}, facts: data.facts || {}, instance: data.instance || null,
    tables: Object.fromEntries(Object.entries(data.tables).map(([name, encoded]) => [name, of(name, encoded)])),
    now: Date.now(),
    /* Whether all that it shows is of months. */
    isMonthly: Object.values(registered.tables).length > 0 && Object.values(registered.tables).every(({ clock }) => clock === "month_start"),
    /* What people call a metric of the dictionary. */
    label: (name) => (Object.hasOwn(data.labels, name) ? data.labels[name] : name),
    isIncomplete: (day, days = 1) => page.completeThrough === null || dates.add(day, days - 1) > page.completeThrough,
    heldBack: (day, days = 1) => dates.range(day, dates.add(day, days - 1)).some((date) => heldDays.has(date)),
  };
  Object.assign(page, span(page));
  page.values = Object.fromEntries(registered.filters.map(({ dimension }) => [dimension, [...new Set(Object.values(page.tables).flatMap((table) => table.values(dimension)))].sort()]));
  const known = {
    first: page.first, last: page.last, hasDates: registered.hasDates, defaults: defaults(page),
    filters: page.values,
    always: Object.fromEntries(registered.filters.filter(({ always, dimension }) => always && page.values[dimension].length).map((filter) => [filter.dimension, largest(filter)])),
    switches: Object.fromEntries(registered.switches.map(({ name, choices }) => [name, choices.map(([value]) => value)])),
  };
  jobmatch.page = page;
  const inputs = controls.make(page, choose);
  const made = registered.charts.map((chart) => charts.make(page, chart, specs));
  const drawn = charts.together(page, made);
  strip.draw(page);
  document.getElementById("about").textContent = publication && publication.run_id ? `Made from the copy of gold that run ${publication.run_id.slice(0, 8)} published. All dates are days of UTC.` : "All dates are days of UTC.";
  let drawing = Promise.resolve();

  /* A choice becomes an address; drawing follows the address, so that Back works. */
  function choose({ from, to, filter, turn }) {
    const next = { ...page.state, filters: { ...page.state.filters }, switches: { ...page.state.switches } };
    if (from) Object.assign(next, { from, to });
    if (filter) { if (filter[1]) next.filters[filter[0]] = filter[1]; else delete next.filters[filter[0]]; }
    if (turn) next.switches[turn[0]] = turn[1];
    const address = `#${state.write(next, known)}`;
    if (address !== (location.hash || "#")) history.pushState(null, "", address);
    show();
  }

  function show() {
    const fragment = location.hash.includes("=") ? location.hash : "";
    const found = state.read(fragment, known);
    page.state = found.state;
    document.getElementById("told").replaceChildren(...found.told.map((text) => element("p", { class: "told" }, text)));
    controls.show(page, inputs);
    carry(page, known);
    if (registered.tiles.length) tileValues.draw(page);
    drawing = drawing.then(drawn.show);
    return drawing;
  }

  /* Links to other pages keep the dates. */
  function carry() {
    const fields = new URLSearchParams(state.write(page.state, known));
    const kept = new URLSearchParams([...fields].filter(([name]) => name === "from" || name === "to")).toString();
    for (const link of document.querySelectorAll(".top nav a")) link.href = link.getAttribute("href").split("#")[0] + (kept ? `#${kept}` : "");
  }

  document.querySelector(".skip").addEventListener("click", (event) => { event.preventDefault(); document.getElementById("main").focus(); });
  addEventListener("hashchange", show);
  setInterval(() => { page.now = Date.now(); strip.draw(page); }, 60000);
  /* For those who look at the page from outside: draws all that is not drawn yet, and what of. */
  jobmatch.drawn = async () => { await drawing; await drawn.all(); };
  jobmatch.drawnRows = (name) => made.find((chart) => chart.registered.name === name).rows;
  await show();
  document.documentElement.dataset.ready = "true";

  /* The value of a filter with the largest sum of the column that it is ranked by; the first of equal ones, a name before "(none)". */
  function largest({ dimension, always }) {
    const sums = new Map([...page.values[dimension]].sort(jobmatch.series.order).map((value) => [value, 0]));
    for (const table of Object.values(page.tables).filter((found) => found.has(dimension) && found.has(always))) {
      for (const row of table.rows) sums.set(table.at(row, dimension), sums.get(table.at(row, dimension)) + table.at(row, always));
    }
    return [...sums].reduce((best, found) => (found[1] > best[1] ? found : best))[0];
  }

  /* First and last date of the data, and the one through which it is complete. */
  function span(of) {
    const days = Object.values(of.tables).filter((table) => table.clock && table.clock !== "week_start").flatMap((table) => table.values(table.clock).flatMap((day) => ends(table, day))).sort();
    const { publication: copy } = of;
    const ofCopy = registered.ownDates ? null : copy;
    const first = (ofCopy && ofCopy.first_date) || days[0] || null;
    const last = (ofCopy && ofCopy.last_date) || days[days.length - 1] || null;
    return { first, last, completeThrough: (copy && copy.complete_through) || null };
  }

  function ends(table, day) {
    return [day, dates.add(day, dates.period(table.clock).days(day) - 1)];
  }

  function defaults(of) {
    if (!of.first) return { from: null, to: null };
    const to = registered.endsComplete && of.completeThrough && of.completeThrough >= of.first ? of.completeThrough : of.last;
    const from = registered.days ? dates.add(to, 1 - registered.days) : of.first;
    return { from: from < of.first ? of.first : from, to };
  }
};
jobmatch.start();
