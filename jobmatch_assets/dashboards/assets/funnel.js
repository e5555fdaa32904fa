/* Rows that only the funnel page needs. */
(() => {
  const { series, tables, statistics } = jobmatch;

  const sums = (found, rows, names) => names.map((name) => tables.sum(found, rows, name));
  const share = (hits, n) => (n > 0 && hits !== null ? hits / n : null);

  /* How many of those who entered reached each step. Options: table, steps [[column, label]]. */
  jobmatch.rows.step_loss = (page, options) => {
    const columns = options.steps.map(([column]) => column);
    const choice = series.chosen(page, options, columns);
    if (choice.message) return { rows: [], message: choice.message };
    const reached = sums(choice.found, choice.rows, columns);
    const rows = options.steps.map(([, step], place) => ({
      step, n: reached[place],
      share: share(reached[place], reached[0]),
      lost: place ? reached[place - 1] - reached[place] : null,
      lost_share: place ? share(reached[place - 1] - reached[place], reached[place - 1]) : null,
    }));
    const days = choice.periods.filter((day) => page.isIncomplete(day));
    const notes = days.length ? [`Of these dates ${days.length} ${days.length === 1 ? "is" : "are"} not complete: who entered on them may still apply.`] : [];
    return { rows, notes };
  };

  /* n and rates of each date. Options: table. */
  jobmatch.rows.steps_by_date = (page, options) => {
    const names = ["entered", "reached_impression", "reached_click", "reached_apply"];
    const choice = series.chosen(page, options, names);
    if (choice.message) return { rows: [], message: choice.message };
    const byDay = choice.groups.get("") || new Map();
    const rows = choice.periods.map((day) => {
      const n = sums(choice.found, byDay.get(day) || [], names);
      const rates = [share(n[1], n[0]), share(n[2], n[1]), share(n[3], n[2]), share(n[3], n[0])];
      return {
        ...series.moment(page, choice.found, day),
        ...Object.fromEntries(names.map((name, place) => [name, n[place]])),
        ...Object.fromEntries(rates.map((rate, place) => [`rate_${place}`, rate])),
      };
    });
    return { rows: rows.reverse() };
  };
})();
