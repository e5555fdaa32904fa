/*
 * Numbers with their change. A tile's function gives {value, unit, low, high, change, n, of, series, message, notes}: `unit`
 * stands after the value, `notes` are sentences below it. Where they are not those of the dates shown: `when` (what it is of),
 * `periods` (what the sparkline has a point for) and `earlier` (in words, what it is compared with; null: nothing); what is of
 * one date (`asOf`) has no change.
 */
jobmatch.tileValues = (() => {
  const { dates, statistics, tables, series } = jobmatch;
  const SPARK_DAYS = 28;

  /* The days before that are compared with: as many, the same days of the week, next to these. */
  function before(page) {
    if (!page.state.from) return null;
    const days = dates.between(page.state.from, page.state.to) + 1;
    const shift = Math.ceil(days / 7) * 7;
    const range = { from: dates.add(page.state.from, -shift), to: dates.add(page.state.to, -shift) };
    return range.from >= page.first ? range : null;
  }

  /* A tile that has no number since the copy lacks columns; null where it has them. */
  function lacking(found, options, names) {
    const message = series.isWaiting(found) ? `There are no rows in ${found.name} yet: see below.` : series.lacking(found, names, options.where);
    return message && { value: null, series: [], message };
  }

  /* The rows of a table between two dates that the filters choose, or null where it has none that are told apart so. */
  function rowsBetween(page, found, range, where = {}) {
    const choice = found.chosen(series.filtersOf(page, found));
    if (!choice) return null;
    const from = dates.period(found.clock).start(range.from);
    const rows = choice.rows.filter((row) => found.at(row, found.clock) >= from && found.at(row, found.clock) <= range.to);
    return { rows: series.limited(page, found, rows, where), isExact: choice.isExact };
  }

  function spark(page, found, where, value) {
    if (!page.state.to) return [];
    const from = dates.add(page.state.to, 1 - SPARK_DAYS);
    const range = { from: from < page.first ? page.first : from, to: page.state.to };
    const chosen = rowsBetween(page, found, range, where);
    const byDay = tables.grouped(chosen ? chosen.rows : [], (row) => found.at(row, found.clock));
    return dates.range(range.from, range.to).map((day) => value(byDay.get(day) || []));
  }

  /* The share of a sum in another. Options: table, numerator, denominator, where, of: what the denominator counts. */
  jobmatch.tiles.rate = (page, options) => {
    const found = series.source(page, options.table);
    const lack = lacking(found, options, [options.numerator, options.denominator]);
    if (lack) return lack;
    const sums = (range) => {
      const chosen = range && rowsBetween(page, found, range, options.where);
      return chosen ? [options.numerator, options.denominator].map((name) => tables.sum(found, chosen.rows, name)) : [null, null];
    };
    const [[hits, n], [hitsBefore, nBefore]] = [sums(page.state), sums(before(page))];
    const rate = statistics.wilson(hits, n);
    return {
      ...(rate || { value: null }), n, of: options.of,
      change: statistics.difference(hits, n, hitsBefore, nBefore),
      series: spark(page, found, options.where, (rows) => {
        const share = statistics.wilson(tables.sum(found, rows, options.numerator), tables.sum(found, rows, options.denominator));
        return share && share.value;
      }),
    };
  };

  /* A ratio of sums by unit. Options: table, sums {s, n, ss, sn, nn, units}, where, of. */
  jobmatch.tiles.ratio = (page, options) => {
    const found = series.source(page, options.table);
    const lack = lacking(found, options, series.columnsOf(options.sums));
    if (lack) return lack;
    const ratio = (range) => {
      const chosen = range && rowsBetween(page, found, range, options.where);
      return chosen ? statistics.ratio(series.unitSums(found, chosen.rows, options.sums)) : null;
    };
    const [now, earlier] = [ratio(page.state), ratio(before(page))];
    return {
      ...(now || { value: null }), of: options.of,
      change: statistics.differenceOfRatios(now, earlier),
      series: spark(page, found, options.where, (rows) => {
        const day = statistics.ratio(series.unitSums(found, rows, options.sums));
        return day && day.value;
      }),
    };
  };

  /* A sum, with its change as a share of what it was; counts of events have no interval. Options: table, column, where. */
  jobmatch.tiles.count = (page, options) => {
    const found = series.source(page, options.table);
    const lack = lacking(found, options, [options.column]);
    if (lack) return lack;
    const sum = (range) => {
      const chosen = range && rowsBetween(page, found, range, options.where);
      return chosen ? tables.sum(found, chosen.rows, options.column) : null;
    };
    const [value, earlier] = [sum(page.state), sum(before(page))];
    return {
      value,
      relative: value !== null && earlier ? value / earlier - 1 : null,
      series: spark(page, found, options.where, (rows) => tables.sum(found, rows, options.column)),
    };
  };

  /* Draw all tiles of the page. */
  function draw(page) {
    const { element, format } = jobmatch;
    const earlier = before(page);
    for (const tile of page.registered.tiles) {
      const box = document.getElementById(`tile-${tile.name}`);
      const found = jobmatch.tiles[tile.value](page, tile.options);
      const number = format.shown(found.value, tile.format);
      const unit = found.unit && found.value !== null ? element("small", {}, found.unit) : null;
      const children = [
        box.querySelector("h3"),
        element("p", { class: unit ? "value amount" : "value" }, number, ...(unit ? [" ", unit] : [])),
        ...(found.asOf ? [] : [jobmatch.sparkline(found.series, `${tile.label}, the last ${found.series.length} ${found.periods || "days"}`)]),
        ...details(found, tile, found.earlier !== undefined ? found.earlier : earlier && dates.span(earlier.from, earlier.to)),
      ];
      box.replaceChildren(...children);
    }
  }

  function details(found, tile, earlier) {
    const { element, format } = jobmatch;
    const parts = [];
    if (found.message) return [element("p", { class: "small" }, found.message)];
    if (found.value === null) parts.push("nothing to measure");
    else if (found.low !== undefined) parts.push(`${format.shown(found.low, tile.format)} to ${format.shown(found.high, tile.format)}`);
    if (found.n !== null && found.n !== undefined) parts.push(`n = ${format.shown(found.n, "count")} ${found.of || ""}`.trim());
    const lines = [...parts, ...(found.notes || [])].map((part) => element("p", { class: "small" }, part));
    if (found.when) lines.unshift(element("p", { class: "small" }, found.when));
    if (found.asOf) lines.push(element("p", { class: "small" }, `at the close of ${dates.shown(found.asOf)}`));
    else if (!earlier) lines.push(element("p", { class: "small" }, `no earlier ${found.periods || "days"} to compare with`));
    else lines.push(changed(found, tile, earlier));
    return lines;
  }

  function changed(found, tile, earlier) {
    const { element, format } = jobmatch;
    const against = `against ${earlier}`;
    if (found.change) {
      const word = statistics.verdict(found.change);
      const interval = `${format.change(found.change.low, tile.format)} to ${format.change(found.change.high, tile.format)}`;
      return element("p", { class: "change" },
        element("b", { class: word === "up" || word === "down" ? "sure" : null }, `${word === "up" ? "▲ " : word === "down" ? "▼ " : ""}${word}`),
        ` ${format.change(found.change.value, tile.format)} (${interval}) ${against}`);
    }
    if (found.relative !== null && found.relative !== undefined) {
      return element("p", { class: "change" }, `${found.relative > 0 ? "+" : ""}${format.shown(found.relative, "percent")} ${against}`);
    }
    return element("p", { class: "small" }, `nothing to compare with ${found.periods ? "in" : "on"} ${earlier}`);
  }

  return { draw, before, lacking, rowsBetween, spark };
})();
