/* Rows that only the page of data health needs. */
(() => {
  const { dates, series, stacks, tables, tileValues, format } = jobmatch;
  const PARTS = ["events", "duplicates", "quarantined"];
  const FINE = "fine";
  const MOST_REASONS = 5;

  const EARLIER = "The copy does not say what is held back and which checks fail: it was published by an earlier version. Run jobmatch run.";

  /* The state of a table on a date, or in the days of a week. */
  function state(page, { table, days, stage }, day, rows) {
    const last = dates.add(day, days - 1);
    const concerns = (row) => row.event_date === null || (row.event_date >= day && row.event_date <= last);
    const held = page.held.filter((row) => concerns(row) && (row.stage === stage || (!rows && stage !== "health" && ["bronze", "silver"].includes(row.stage))));
    if (held.length) return { state: "H held back", why: held[0].message };
    const failing = page.failing.filter((row) => row.asset === table && concerns(row));
    if (failing.length) return { state: "! fails a check", why: failing.map((row) => row.check_name).join(", ") };
    if (rows === 0) return { state: "· no rows", why: "" };
    if (page.isIncomplete(day, days)) return { state: "○ incomplete", why: "its numbers will still grow" };
    return { state: FINE, why: "" };
  }

  /*
   * A row for each table and date. Options: tables [{key, table as layer/table, name, clock, days}]. Other tables stand there
   * only where a check of theirs fails: the copy does not hold their rows.
   */
  jobmatch.rows.table_states = (page, options) => {
    if (!page.publication) return { rows: [], message: EARLIER };
    if (!page.state.from) return { rows: [], message: "There are no dates of events yet. They come with the first events: jobmatch run loads files that have landed." };
    const [first, end] = [dates.moment(page.state.from) - dates.DAY / 2, dates.moment(page.state.to) + dates.DAY / 2];
    const of = (thing, day, days, found, rows) => {
      /* Of a week, what lies in the dates shown. */
      const cell = { start: Math.max(first, dates.moment(day) - dates.DAY / 2), end: Math.min(end, dates.moment(day) + (days - 0.5) * dates.DAY) };
      return { thing, day, rows, ...found, sign: found.state === FINE ? "" : found.state[0], ...cell, middle: (cell.start + cell.end) / 2 };
    };
    const rows = [];
    for (const table of options.tables) {
      const found = page.tables[table.key];
      if (found.missing.length) continue;
      const counts = new Map(found.rows.map((row) => [found.at(row, found.clock), found.at(row, "count")]));
      const stage = page.facts.stages[table.name] || null;
      for (const day of series.periods(page, found)) {
        const count = counts.get(day) || 0;
        rows.push(of(table.name, day, table.days, state(page, { ...table, stage }, day, count), count));
      }
    }
    const known = new Set(options.tables.map((table) => table.table));
    const others = [...new Set(page.failing.map((row) => row.asset).filter((asset) => !known.has(asset)))].sort();
    for (const table of others) {
      for (const day of dates.range(page.state.from, page.state.to)) {
        const found = state(page, { table, days: 1, stage: null }, day, null);
        if (found.state.startsWith("!")) rows.push(of(table, day, 1, found, null));
      }
    }
    const lacking = options.tables.filter((table) => page.tables[table.key].missing.length).map((table) => table.name);
    const notes = lacking.length ? [series.lacks(lacking.join(", "))] : [];
    const words = tables.grouped(rows, (row) => row.state);
    const bad = ["H held back", "! fails a check"].filter((word) => words.has(word)).map((word) => `${word.slice(2)}: ${words.get(word).length}`);
    notes.unshift(bad.length ? `Cells ${bad.join(", ")}.` : "No table is held back or fails a check on these dates.");
    return { rows, notes };
  };

  /* What is held back, and what fails, also on dates that are not shown. */
  jobmatch.rows.troubles = (page) => {
    if (!page.publication) return { rows: [], message: EARLIER };
    const built = (stage) => Object.entries(page.facts.stages).filter(([, of]) => of === stage).map(([table]) => table);
    const rows = [
      ...page.held.map((row) => ({ ...row, what: "held back", where: built(row.stage).length ? `${row.stage}: ${built(row.stage).join(", ")}` : row.stage, isBad: true })),
      ...page.failing.map((row) => ({ ...row, what: row.is_blocking ? "fails and blocks" : "fails and warns", where: row.asset, isBad: row.is_blocking })),
    ].map((row) => ({ ...row, event_date: row.event_date || "all dates", since: row.since ? dates.time(row.since) : null }));
    rows.sort((a, b) => (a.event_date < b.event_date ? 1 : a.event_date > b.event_date ? -1 : 0));
    return rows.length ? { rows } : { rows, message: "Nothing is held back, and no check fails.", isCalm: true };
  };

  /* What became of the lines of each date, and what is not accounted for. */
  jobmatch.rows.outcomes_of_lines = (page, options) => {
    const choice = series.chosen(page, options, ["lines", ...PARTS]);
    if (choice.message) return { rows: [], message: choice.message };
    const { found } = choice;
    const byDay = choice.groups.get("") || new Map();
    const rows = choice.periods.map((day) => {
      const [at] = byDay.get(day) || [];
      const [lines, ...parts] = ["lines", ...PARTS].map((name) => (at === undefined ? null : found.at(at, name)));
      const difference = at === undefined ? null : lines - parts.reduce((sum, part) => sum + part, 0);
      return { ...series.moment(page, found, day), lines, ...Object.fromEntries(PARTS.map((name, place) => [name, parts[place]])), difference, isBad: Boolean(difference) };
    });
    const drawn = rows.flatMap((row) => [...stacks.of(row, PARTS.map((name) => [name, row[name]])), { ...stacks.bar(row.day), day: row.day, whole: row.lines }]);
    const wrong = rows.filter((row) => row.difference);
    const there = rows.filter((row) => row.lines !== null);
    const total = tables.sum(found, choice.rows, "lines");
    const message = wrong.length
      ? `Lines do not add up on ${wrong.map((row) => `${row.day} (difference ${format.shown(row.difference, "count")})`).join(", ")}. Do not use these dates: tell the owners of the platform.`
      : null;
    const notes = [`${format.shown(total, "count")} lines of ${there.length} ${there.length === 1 ? "date" : "dates"}; difference ${format.shown(there.reduce((sum, row) => sum + row.difference, 0), "count")}.`];
    return { rows: rows.reverse(), data: { rows: drawn }, message, isLoud: Boolean(message), notes };
  };

  /* Lines that have no outcome, or more than one. */
  jobmatch.tiles.unaccounted = (page, options) => {
    const found = series.source(page, options.table);
    const lack = tileValues.lacking(found, options, ["lines", ...PARTS]);
    if (lack) return lack;
    const chosen = page.state.from && tileValues.rowsBetween(page, found, page.state);
    const sum = (rows, name) => tables.sum(found, rows, name);
    const off = (rows) => (rows.length ? PARTS.reduce((left, name) => left - sum(rows, name), sum(rows, "lines")) : null);
    const rows = chosen ? chosen.rows : [];
    /* Dates that miss lines do not make up for dates that have some twice. */
    const value = rows.length ? rows.reduce((total, row) => total + Math.abs(off([row])), 0) : null;
    return { value, n: sum(rows, "lines"), of: "lines", series: tileValues.spark(page, found, {}, off), message: value ? "Lines do not add up: see below on which dates." : null };
  };

  /* Quarantined lines by reason: the most frequent ones of the dates shown, and the others together. */
  jobmatch.rows.reasons_by_date = (page, options) => {
    const { rows, message } = reasons(page, options);
    if (message) return { rows: [], message, isCalm: message === NONE };
    const named = new Set(rows.slice(0, MOST_REASONS).map((row) => row.reason));
    const found = page.tables[options.table];
    const at = new Map(found.rows.map((row) => [JSON.stringify([found.at(row, found.clock), found.at(row, "reason")]), found.at(row, "lines")]));
    const ofDay = (day, reason) => at.get(JSON.stringify([day, reason])) || 0;
    const days = series.periods(page, found);
    const long = days.flatMap((day) => rows.map((row) => ({ ...series.moment(page, found, day), reason: row.reason, lines: ofDay(day, row.reason) })).filter((row) => row.lines));
    const drawn = days.flatMap((day) => {
      const moment = series.moment(page, found, day);
      const others = rows.filter((row) => !named.has(row.reason)).reduce((sum, row) => sum + ofDay(day, row.reason), 0);
      return stacks.of(moment, [...[...named].map((reason) => [reason, ofDay(day, reason)]), ...(rows.length > named.size ? [["other reasons", others]] : [])]);
    });
    return { rows: long, data: { rows: drawn } };
  };

  const NONE = "No line was quarantined on these dates.";

  /* All reasons of the dates shown, the most frequent first. */
  function reasons(page, options) {
    const [found, all] = [page.tables[options.table], page.tables[options.of]];
    const lack = series.lacking(found, ["reason", "lines"]) || series.lacking(all, ["lines"]);
    if (lack) return { message: lack };
    const within = new Set(series.periods(page, found));
    const days = (table) => table.rows.filter((row) => within.has(table.at(row, table.clock)));
    const lines = tables.sum(all, days(all), "lines");
    if (lines === null) return { message: series.silence(page, all, days(all)) || "There is nothing to show." };
    const byReason = tables.grouped(days(found), (row) => found.at(row, "reason"));
    const rows = [...byReason].map(([reason, members]) => {
      const sum = tables.sum(found, members, "lines");
      return { reason, lines: sum, share: sum / lines, n: lines, dates: members.length };
    }).sort((a, b) => b.lines - a.lines || (a.reason < b.reason ? -1 : 1));
    return rows.length ? { rows } : { message: NONE };
  }

  jobmatch.rows.reasons = (page, options) => {
    const { rows, message } = reasons(page, options);
    return message ? { rows: [], message, isCalm: message === NONE } : { rows };
  };
})();
