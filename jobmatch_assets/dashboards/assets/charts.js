/* Charts of the page: their rows and words at once, their drawings when they come near to what is seen. */
jobmatch.charts = (() => {
  /* Of the height of the window: drawings this far away are made before anybody scrolls to them. */
  const NEAR = "50% 0px";

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
    const chart = {
      registered, spec: specs[registered.name] || null, figure, message, plots, notes, details, button,
      panels: new Map(), rows: [], waiting: null, drawing: Promise.resolve(),
    };
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

  /* Rows and words of a chart; its drawing waits. */
  function update(page, chart) {
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
    chart.waiting = chart.plots.hidden ? null : found;
    if (chart.waiting) jobmatch.drawings.arrange(chart, found);
  }

  function notesOnDates(page, rows) {
    const notes = [];
    if (rows.some((row) => row.incomplete)) notes.push("Hollow: dates that are not complete, their numbers will still grow.");
    if (rows.some((row) => row.heldBack)) notes.push("Hatched: dates that are held back; what is shown for them, if anything, is older.");
    return notes;
  }

  /* Draw what waits, after what is being drawn. */
  function draw(page, chart) {
    chart.drawing = chart.drawing.then(async () => {
      const found = chart.waiting;
      chart.waiting = null;
      if (found) await jobmatch.drawings.draw(page, chart, found);
    });
    return chart.drawing;
  }

  function isSeen({ figure }) {
    const { top, bottom } = figure.getBoundingClientRect();
    return bottom > 0 && top < innerHeight;
  }

  /* All charts of a page: `show` draws those that are seen, `all` every one. */
  function together(page, charts) {
    const all = () => Promise.all(charts.map((chart) => draw(page, chart)));
    const observer = new IntersectionObserver((entries) => {
      for (const { target } of entries.filter((entry) => entry.isIntersecting)) {
        observer.unobserve(target);
        draw(page, charts.find((chart) => chart.figure === target));
      }
    }, { rootMargin: NEAR });
    addEventListener("beforeprint", all);

    async function show() {
      for (const chart of charts) update(page, chart);
      for (const chart of charts.filter(isSeen)) await draw(page, chart);
      observer.disconnect();
      for (const chart of charts) if (chart.waiting) observer.observe(chart.figure);
    }

    return { show, all };
  }

  return { make, together };
})();
