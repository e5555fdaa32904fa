/* Drawings: a Vega view for each chart or panel, made once and given other rows when something is chosen. */
jobmatch.charts = (() => {
  const { dates } = jobmatch;
  const TICK_WIDTH = 62;
  /* Vega also warns, of each axis of empty data. */
  const ERRORS = 1;

  /* A chart of the page with its parts. */
  function make(page, registered, specs) {
    const { element } = jobmatch;
    const figure = document.getElementById(`chart-${registered.name}`);
    const message = element("p", { class: "message", hidden: true });
    const plots = element("div", { class: registered.inPanels ? "panels" : "plot" });
    const notes = element("p", { class: "small notes" });
    const button = element("button", { type: "button", class: "quiet" }, "CSV");
    button.setAttribute("aria-label", `${registered.title}: save as CSV`);
    /* A table without a drawing is always there. */
    const details = specs[registered.name] ? element("details", {}, element("summary", {}, "Table")) : element("div", { class: "table" });
    const chart = { registered, spec: specs[registered.name] || null, figure, message, plots, notes, details, button, panels: new Map(), rows: [] };
    button.addEventListener("click", () => jobmatch.csv.save(`${page.registered.name}_${registered.name}.csv`, registered.columns, chart.rows));
    details.addEventListener("toggle", () => fill(chart));
    figure.append(message, plots, notes, element("div", { class: "tools" }, details, button));
    return chart;
  }

  /* The table behind a chart; made when somebody looks. */
  function fill(chart) {
    const { details, registered, rows } = chart;
    const isOpen = !chart.spec || details.open;
    details.querySelector(".scroll")?.remove();
    if (isOpen && rows.length) details.append(jobmatch.tableElement(registered.columns, rows, registered.title));
  }

  async function draw(page, chart) {
    const found = jobmatch.rows[chart.registered.rows](page, chart.registered.options);
    chart.rows = found.rows;
    chart.message.textContent = found.message || "";
    chart.message.hidden = !found.message;
    chart.message.classList.toggle("calm", Boolean(found.isCalm));
    chart.message.classList.toggle("loud", Boolean(found.isLoud));
    const notes = [...(found.notes || []), ...notesOnDates(page, found.rows)];
    chart.notes.textContent = notes.join(" ");
    chart.notes.hidden = !notes.length;
    chart.button.parentElement.hidden = !found.rows.length;
    chart.plots.hidden = !chart.spec || !found.rows.length;
    fill(chart);
    if (chart.spec && found.rows.length) await plot(page, chart, found);
  }

  function notesOnDates(page, rows) {
    const notes = [];
    if (rows.some((row) => row.incomplete)) notes.push("Hollow: dates that are not complete, their numbers will still grow.");
    if (rows.some((row) => row.heldBack)) notes.push("Hatched: dates that are held back; what is shown for them, if anything, is older.");
    return notes;
  }

  async function plot(page, chart, found) {
    const byPanel = jobmatch.tables.grouped(found.rows, (row) => (chart.registered.inPanels ? row.panel : ""));
    for (const [name, panel] of chart.panels) {
      if (!byPanel.has(name)) {
        panel.result.finalize();
        panel.box.remove();
        chart.panels.delete(name);
      }
    }
    const top = found.top ?? (chart.registered.inPanels ? largest(found.rows) : 0);
    for (const [name, rows] of byPanel) {
      if (chart.panels.has(name)) await change(page, chart.panels.get(name), rows, found, top);
      else await add(page, chart, name, rows, found, top);
    }
  }

  async function add(page, chart, name, rows, found, top) {
    const { element } = jobmatch;
    const target = element("div", { class: "vega" });
    const box = element("div", { class: "panel" }, ...(chart.registered.inPanels ? [element("h4", {}, name)] : []), target);
    chart.plots.append(box);
    const description = chart.registered.inPanels ? `${chart.registered.title}: ${name}` : chart.registered.title;
    const given = inputs(page, rows, found, top, target.clientWidth);
    /* Compiling Vega-Lite takes longer than drawing: the panels after the first take what became of it. */
    const result = await vegaEmbed(target, { ...high(chart.compiled || chart.spec, rows), description }, {
      mode: chart.compiled ? "vega" : "vega-lite", renderer: "svg", actions: false, tooltip: { theme: "custom" }, logLevel: ERRORS,
      patch: (spec) => filled(spec, given),
    });
    chart.compiled = result.vgSpec;
    chart.panels.set(name, { box, target, result });
  }

  /* Give a view other rows and dates. */
  async function change(page, { result, target }, rows, found, top) {
    const given = inputs(page, rows, found, top, target.clientWidth);
    for (const signal of result.vgSpec.signals || []) if (signal.name in given.signals) result.view.signal(signal.name, given.signals[signal.name]);
    for (const data of result.vgSpec.data || []) if (data.name in given.data) result.view.data(data.name, given.data[data.name]);
    if (result.vgSpec.usermeta && result.vgSpec.usermeta.rowHeight) result.view.height(high(result.vgSpec, rows).height);
    await result.view.runAsync();
  }

  /* A drawing with a line for each row, or for each value of a field of theirs, is as high as these need. */
  function high(spec, rows) {
    const { rowHeight: step, rows: field } = spec.usermeta || {};
    const lines = field ? new Set(rows.map((row) => row[field])).size : rows.length;
    return step ? { ...spec, height: step * Math.max(1, lines) } : spec;
  }

  /* A specification with rows and dates in it, so that the first drawing is not one of nothing. */
  function filled(spec, given) {
    return {
      ...spec,
      signals: (spec.signals || []).map((signal) => (signal.name in given.signals ? { ...signal, value: given.signals[signal.name] } : signal)),
      data: (spec.data || []).map((data) => (data.name in given.data ? { ...data, values: given.data[data.name] } : data)),
    };
  }

  /* What a view is given: the rows, and the dates of the axis. */
  function inputs(page, rows, found, top, width) {
    const { from, to } = page.state;
    return {
      data: { rows, held_back: heldBack(page), ...found.data },
      signals: {
        first: dates.moment(from || "1970-01-01") - dates.DAY / 2,
        last: dates.moment(to || "1970-01-01") + dates.DAY / 2,
        ticks: from ? dates.ticks(from, to, Math.max(2, Math.floor(width / TICK_WIDTH))).map(dates.moment) : [],
        top, ...found.signals,
      },
    };
  }

  /* Runs of dates that are held back, as far as they are shown. */
  function heldBack(page) {
    const runs = [];
    for (const day of page.state.from ? dates.range(page.state.from, page.state.to) : []) {
      if (!page.heldBack(day, 1)) continue;
      const start = dates.moment(day) - dates.DAY / 2;
      const last = runs[runs.length - 1];
      if (last && last.end === start) last.end += dates.DAY;
      else runs.push({ start, end: start + dates.DAY, label: "held back" });
    }
    return runs;
  }

  function largest(rows) {
    return rows.reduce((most, row) => Math.max(most, row.high ?? row.value ?? 0), 0);
  }

  return { make, draw };
})();
