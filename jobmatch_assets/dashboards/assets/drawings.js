/* Drawings: a Vega view for each chart or panel, made once and given other rows when something is chosen. */
jobmatch.drawings = (() => {
  const { dates } = jobmatch;
  const TICK_WIDTH = 62;
  const HALF_MONTH = 15 * dates.DAY;

  /* Places for the panels of a chart, as high as their drawings, so that what is below them stays where it is. */
  function arrange(chart, found) {
    const byPanel = jobmatch.tables.grouped(found.rows, (row) => (chart.registered.inPanels ? row.panel : ""));
    for (const [name, panel] of chart.panels) {
      if (byPanel.has(name)) continue;
      if (panel.view) panel.view.finalize();
      panel.box.remove();
      chart.panels.delete(name);
    }
    for (const [name, rows] of byPanel) {
      if (!chart.panels.has(name)) chart.panels.set(name, add(chart, name));
      const panel = chart.panels.get(name);
      panel.rows = rows;
      panel.lines = (found.data || {}).rows || rows;
      panel.target.style.minHeight = `${height(chart.spec, panel.lines)}px`;
    }
  }

  function add(chart, name) {
    const { element } = jobmatch;
    const { inPanels, title } = chart.registered;
    const target = element("div", { class: "vega", "aria-label": inPanels ? `${title}: ${name}` : title });
    const box = element("div", { class: "panel" }, ...(inPanels ? [element("h4", {}, name)] : []), target);
    chart.plots.append(box);
    return { box, target, rows: [], lines: [], view: null };
  }

  /* Give the views of a chart their rows and dates; those that are not there yet are made. */
  async function draw(page, chart, found) {
    const top = found.top ?? (chart.registered.inPanels || isFlat(found.rows) ? largest(found.rows) || 1 : 0);
    const firstRow = found.rows.reduce((least, { date }) => Math.min(least, date ?? Infinity), Infinity);
    for (const panel of chart.panels.values()) {
      const isNew = !panel.view;
      if (isNew) panel.view = view(chart, panel);
      const { data, signals } = inputs(page, panel, found, top, firstRow);
      for (const { name } of chart.spec.signals || []) if (name in signals) panel.view.signal(name, signals[name]);
      for (const { name } of chart.spec.data || []) if (name in data) panel.view.data(name, data[name]);
      if (isAsHighAsRows(chart.spec)) panel.view.height(height(chart.spec, panel.lines));
      await panel.view.runAsync();
      /* How many rows a legend needs is known once the drawing has its width. */
      if (isNew) await panel.view.resize().runAsync();
    }
  }

  /* All panels of a chart share what was made of its specification. */
  function view(chart, { target }) {
    chart.parsed = chart.parsed || vega.parse(chart.spec);
    /* Vega also warns, of each axis of empty data. */
    const made = new vega.View(chart.parsed, { renderer: "svg", logLevel: vega.Error, tooltip: jobmatch.tooltip.show });
    return made.description(target.getAttribute("aria-label")).initialize(target);
  }

  const isAsHighAsRows = (spec) => Boolean(spec.usermeta && spec.usermeta.rowHeight);

  /* In pixels; a drawing with a line for each row, or for each value of a field of theirs, is as high as these need. */
  function height(spec, rows) {
    if (!isAsHighAsRows(spec)) return spec.height;
    const { rowHeight, rows: field } = spec.usermeta;
    const lines = field ? new Set(rows.map((row) => row[field])).size : rows.length;
    return rowHeight * Math.max(1, lines);
  }

  /* What a view is given: the rows, and the dates of the axis. */
  function inputs(page, { rows, target }, found, top, firstRow) {
    const { from, to } = page.state;
    const width = Math.max(2, Math.floor(target.clientWidth / TICK_WIDTH));
    return {
      data: { rows, held_back: heldBack(page), ...found.data },
      signals: {
        ...(page.isMonthly && from ? months(from, to, width) : days(from, to, width, firstRow)),
        top, ...found.signals,
      },
    };
  }

  /* A week of which a date is shown stands at its Monday, which may lie before. */
  function days(from, to, most, firstRow) {
    return {
      first: Math.min(dates.moment(from || "1970-01-01"), firstRow) - dates.DAY / 2,
      last: dates.moment(to || "1970-01-01") + dates.DAY / 2,
      ticks: from ? dates.ticks(from, to, most).map(dates.moment) : [],
    };
  }

  /* Months stand at their first dates. */
  function months(from, to, most) {
    const all = dates.periods("month_start", from, to);
    return {
      first: dates.moment(all[0]) - HALF_MONTH,
      last: dates.moment(all[all.length - 1]) + HALF_MONTH,
      ticks: dates.thinned(all, most).map(dates.moment),
    };
  }

  /* Runs of dates, or months, that are held back, as far as they are shown. */
  function heldBack(page) {
    const clock = page.isMonthly ? "month_start" : "";
    const half = page.isMonthly ? HALF_MONTH : dates.DAY / 2;
    const runs = [];
    for (const day of page.state.from ? dates.periods(clock, page.state.from, page.state.to) : []) {
      if (!page.heldBack(day, dates.period(clock).days(day))) continue;
      const [start, end] = [dates.moment(day) - half, dates.moment(day) + half];
      const last = runs[runs.length - 1];
      if (last && last.end >= start - dates.DAY) last.end = end;
      else runs.push({ start, end, label: "held back" });
    }
    return runs;
  }

  /* Whether all that is drawn is 0: a scale of its own would have it float in the middle. */
  const isFlat = (rows) => rows.some((row) => row.value === 0) && rows.every((row) => !row.value && !row.high);

  function largest(rows) {
    return rows.reduce((most, row) => Math.max(most, row.high ?? row.value ?? 0), 0);
  }

  return { arrange, draw };
})();
