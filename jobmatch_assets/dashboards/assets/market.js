/* Rows and numbers that only the page of the market needs. */
(() => {
  const { dates, format, series, tables, tileValues } = jobmatch;
  const HALF = 0.36 * dates.DAY;
  const MOST_DRAWN = 12;

  const share = (part, whole) => (whole > 0 && part !== null ? part / whole : null);

  /* What is live at the close of a date: the sum of a column, 0 where the table has no row since it counts nothing. */
  function closing(page, found, day) {
    const chosen = tileValues.rowsBetween(page, found, { from: day, to: day });
    return (column) => (chosen && !chosen.rows.length && series.within(found)(day) ? 0 : tables.sum(found, chosen ? chosen.rows : [], column));
  }

  /*
   * A number at the close of the last date shown, or its share of another. Options: table, column, whole (the column that it
   * is a share of), of.
   */
  jobmatch.tiles.at_close = (page, { table, column, whole, of }) => {
    const found = series.source(page, table);
    const lack = tileValues.lacking(found, {}, whole ? [column, whole] : [column]);
    if (lack) return lack;
    const value = (get) => (whole ? share(get(column), get(whole)) : get(column));
    const { to } = page.state;
    const before = tileValues.before(page);
    const [now, earlier] = [closing(page, found, to), before && closing(page, found, before.to)];
    const was = earlier ? value(earlier) : null;
    return {
      value: value(now), ...(whole ? { n: now(whole), of } : {}),
      relative: value(now) !== null && was ? value(now) / was - 1 : null,
      when: `at the close of ${dates.shown(to)}`, earlier: before && dates.shown(before.to),
      series: tileValues.spark(page, found, {}, (rows) => value((name) => tables.sum(found, rows, name))),
    };
  };

  /* Parts of each date one upon the other. Options: table, columns [{series, column}]. */
  jobmatch.rows.stacked_by_date = (page, options) => {
    const found = jobmatch.rows.counts_by_date(page, { ...options, has_zeros: true });
    if (found.message) return found;
    const drawn = [...tables.grouped(found.rows, (row) => row.day).values()].flatMap((parts) => {
      let low = 0;
      return parts.filter((row) => row.value > 0).map((row) => {
        const part = { ...row, start: row.date - HALF, end: row.date + HALF, low, high: low + row.value };
        low += row.value;
        return part;
      });
    });
    return drawn.length ? { ...found, data: { rows: drawn } } : { rows: [], message: "Nothing ended on these dates.", isCalm: true };
  };

  /* A row for each value of a dimension: what is live at the last date shown, and what happened on the dates shown. Options: table, dimension. */
  jobmatch.rows.groups = (page, { table, dimension }) => {
    const columns = ["live_postings", "live_openings", "posted", "ended", "filled", "median_age_days", "stale_postings", "evergreen_postings"];
    const choice = series.chosen(page, { table, split: dimension }, columns);
    if (choice.message) return { rows: [], message: choice.message };
    const { found } = choice;
    const rows = [...choice.groups].map(([group, byDay]) => {
      const last = byDay.get(page.state.to);
      const close = (name) => (last ? found.at(last[0], name) : name === "median_age_days" ? null : 0);
      const sum = (name) => tables.sum(found, [...byDay.values()].flat(), name);
      const [live, ended, filled] = [close("live_postings"), sum("ended"), sum("filled")];
      return {
        group, live, openings: close("live_openings"), posted: sum("posted"), ended, filled, filled_share: share(filled, ended),
        age: close("median_age_days"), stale: close("stale_postings"), evergreen: close("evergreen_postings"),
      };
    }).sort((a, b) => b.live - a.live || series.order(a.group, b.group));
    const drawn = rows.filter((row) => row.live > 0).slice(0, MOST_DRAWN);
    const left = rows.filter((row) => row.live > 0).length - drawn.length;
    const notes = [`At the close of ${dates.shown(page.state.to)}.`];
    if (left > 0) notes.push(`${format.shown(left, "count")} more with fewer live postings stand in the table.`);
    return { rows, data: { rows: drawn }, notes };
  };
})();
