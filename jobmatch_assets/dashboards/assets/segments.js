/* Rows and tiles of the page of segments. A level is how many users, jobs or companies have a word at the close of a date. */
(() => {
  const { dates, format, series, stacks, tables, tileValues } = jobmatch;
  const SPARK_DAYS = 28;
  const INACTIVE = "inactive";

  /* Why a table answers nothing, and what to do; null where it has rows. */
  function silence(found, needed) {
    const isGone = Object.keys(found.columns).every((name) => found.missing.includes(name));
    if (isGone) return `The published copy has no ${found.name}. It is made where the product's tables come beside the events: docs/entities.md says how to send them. Where they do, run jobmatch run, then jobmatch dashboards.`;
    const lack = series.lacking(found, needed);
    if (lack) return lack;
    return found.rows.length ? null : `There are no rows in ${found.name} yet. They come with what it counts: jobmatch run loads files that have landed.`;
  }

  const asOf = (page) => (page.last ? [`As of the close of ${dates.shown(page.last)}, whatever dates are chosen.`] : []);

  const sum = (values) => values.reduce((total, value) => total + value, 0);

  /* {day: {word: how many}} of a table with a row for each date and word; a date without any row is not there. */
  function counted(found, column) {
    const byDay = tables.grouped(found.rows, (row) => found.at(row, found.clock));
    return new Map([...byDay].map(([day, rows]) => [day, new Map(rows.map((row) => [found.at(row, "segment"), found.at(row, column)]))]));
  }

  /* The same of a history: what had begun by a date, less what had ended. */
  function held(since, until, column, days) {
    const changes = [[since, "valid_from", 1], [until, "valid_to", -1]].flatMap(([found, clock, sign]) =>
      found.rows.map((row) => [found.at(row, clock), found.at(row, column), sign * found.at(row, "rows")]));
    const sorted = changes.filter(([day]) => day !== null).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    const [levels, now] = [new Map(), new Map()];
    let next = 0;
    for (const day of days) {
      for (; next < sorted.length && sorted[next][0] <= day; next += 1) now.set(sorted[next][1], (now.get(sorted[next][1]) || 0) + sorted[next][2]);
      if (next) levels.set(day, new Map(now));
    }
    return levels;
  }

  /* Levels on dates in their order. Options: table, or the two parts of a history `since` and `until`, and column. */
  function levels(page, options, days) {
    if (options.table) {
      const found = page.tables[options.table];
      return { message: silence(found, ["segment", "units"]), levels: counted(found, "units") };
    }
    const [since, until] = [page.tables[options.since], page.tables[options.until]];
    const message = silence(since, [options.column]);
    return { message, levels: message ? new Map() : held(since, until, options.column, days) };
  }

  const shownDays = (page) => (page.state.from ? dates.range(page.state.from, page.state.to) : []);

  const NO_DATES = "There are no dates of events yet. They come with the first events: jobmatch run loads files that have landed.";

  /* A stack for each date. Options: those of levels, words (from below). */
  jobmatch.rows.levels_by_date = (page, options) => {
    const days = shownDays(page);
    const found = levels(page, options, days);
    const there = days.filter((day) => found.levels.has(day));
    const message = found.message || (!days.length ? NO_DATES : there.length ? null : `Nothing was known from ${dates.span(days[0], days[days.length - 1])}. Choose later dates.`);
    if (message) return { rows: [], message };
    const moment = (day) => series.moment(page, { clock: "date" }, day);
    const value = (day, word) => (found.levels.has(day) ? found.levels.get(day).get(word) || 0 : null);
    const rows = days.flatMap((day) => options.words.map((word) => ({ ...moment(day), series: word, value: value(day, word) })));
    const drawn = days.flatMap((day) => stacks.of(moment(day), options.words.map((word) => [word, value(day, word)])));
    return { rows, data: { rows: drawn } };
  };

  /* A number of levels at the close of the last date shown, and what it was as many days before. */
  function levelTile(page, options, value) {
    const { to } = page.state;
    const earlier = tileValues.before(page);
    const first = to && dates.add(to, 1 - SPARK_DAYS);
    const spark = to ? dates.range(first < page.first ? page.first : first, to) : [];
    const found = levels(page, options, [...new Set([...spark, ...(earlier ? [earlier.to] : [])])].sort());
    if (found.message) return { value: null, series: [], message: found.message };
    const on = (day) => (day && found.levels.has(day) ? value(found.levels.get(day)) : null);
    const [now, before] = [on(to), on(earlier && earlier.to)];
    return { value: now, relative: now !== null && before ? now / before - 1 : null, series: spark.map(on), levels: found.levels.get(to) };
  }

  const total = (of, words) => sum(words.map((word) => of.get(word) || 0));

  /* How many have one of some words. Options: those of levels, part, whole, of: what the whole counts. */
  jobmatch.tiles.level = (page, options) => {
    const { levels: now, ...tile } = levelTile(page, options, (of) => total(of, options.part));
    return now ? { ...tile, n: total(now, options.whole), of: options.of } : tile;
  };

  /* The share that has one of some words. Options: the same. */
  jobmatch.tiles.level_share = (page, options) => {
    const share = (of) => (total(of, options.whole) ? total(of, options.part) / total(of, options.whole) : null);
    const { levels: now, ...tile } = levelTile(page, options, share);
    return now ? { ...tile, n: total(now, options.whole), of: options.of } : tile;
  };

  /* Who entered or left a segment on the dates shown. Options: table, column, segment. */
  jobmatch.tiles.moved = (page, options) => {
    const found = page.tables[options.table];
    const message = silence(found, ["segment", options.column]);
    if (message) return { value: null, series: [], message };
    const moves = counted(found, options.column);
    const on = (day) => (moves.has(day) ? moves.get(day).get(options.segment) || 0 : null);
    const within = (range) => {
      const there = (range ? dates.range(range.from, range.to) : []).map(on).filter((value) => value !== null);
      return there.length ? sum(there) : null;
    };
    const [value, before] = [page.state.from ? within(page.state) : null, within(tileValues.before(page))];
    const first = page.state.to && dates.add(page.state.to, 1 - SPARK_DAYS);
    const spark = page.state.to ? dates.range(first < page.first ? page.first : first, page.state.to) : [];
    return { value, relative: value !== null && before ? value / before - 1 : null, series: spark.map(on) };
  };

  /* What becomes of who comes: a line each for who is new, who came back, and who became inactive. Options: table. */
  jobmatch.rows.comings_and_goings = (page, options) => {
    const found = page.tables[options.table];
    const message = silence(found, ["segment", "entered", "left"]) || (page.state.from ? null : NO_DATES);
    if (message) return { rows: [], message };
    const [entered, left] = ["entered", "left"].map((column) => counted(found, column));
    const all = (of) => sum([...of.values()]);
    const kinds = [
      ["new", (day) => all(entered.get(day)) - all(left.get(day))],
      ["came back", (day) => left.get(day).get(INACTIVE) || 0],
      ["became inactive", (day) => entered.get(day).get(INACTIVE) || 0],
    ];
    const rows = kinds.flatMap(([name, value]) =>
      shownDays(page).map((day) => ({ ...series.moment(page, found, day), series: name, value: entered.has(day) ? value(day) : null })));
    return { rows };
  };

  /* Who entered and left each segment, a panel each. Options: table, words. */
  jobmatch.rows.moves_by_segment = (page, options) => {
    const found = page.tables[options.table];
    const message = silence(found, ["segment", "entered", "left"]) || (page.state.from ? null : NO_DATES);
    if (message) return { rows: [], message };
    const moves = ["entered", "left"].map((column) => [column, counted(found, column)]);
    const rows = options.words.flatMap((word) => moves.flatMap(([column, of]) =>
      shownDays(page).map((day) => ({ ...series.moment(page, found, day), panel: word, series: column, value: of.has(day) ? of.get(day).get(word) || 0 : null }))));
    return { rows };
  };

  /* From what was before the dates shown to what is at their end, by segment. Options: table, words, rules. */
  jobmatch.rows.segments_over_dates = (page, options) => {
    const found = page.tables[options.table];
    const message = silence(found, ["segment", "units", "entered", "left"]) || (page.state.from ? null : NO_DATES);
    if (message) return { rows: [], message };
    const [units, entered, left] = ["units", "entered", "left"].map((column) => counted(found, column));
    const days = shownDays(page).filter((day) => units.has(day));
    if (!days.length) return { rows: [], message: `Nobody was active by ${dates.shown(page.state.to)}. Choose later dates.` };
    const last = units.get(days[days.length - 1]);
    const rows = options.words.map((word) => {
      const over = (of) => sum(days.map((day) => of.get(day).get(word) || 0));
      const [came, went, now] = [over(entered), over(left), last.get(word) || 0];
      return { word, rule: options.rules[word], before: now - came + went, entered: came, left: went, now, change: came - went, share: now / sum([...last.values()]) };
    });
    return { rows, notes: [`From the close of ${dates.shown(dates.add(days[0], -1))} to that of ${dates.shown(days[days.length - 1])}.`] };
  };

  /*
   * A row for each word, as of the last date, and one of all. Options: table, column, words, rules, count, sums,
   * quotients {name: [numerator, denominator]}, all (the word for all).
   */
  jobmatch.rows.by_word = (page, options) => {
    const found = page.tables[options.table];
    const message = silence(found, [options.column, ...options.sums]);
    if (message) return { rows: [], message };
    const every = tables.sum(found, found.rows, options.count);
    const byWord = tables.grouped(found.rows, (row) => found.at(row, options.column));
    const rows = [...options.words.map((word) => [word, byWord.get(word) || []]), [options.all, found.rows]].map(([word, members]) => {
      const count = tables.sum(found, members, options.count) || 0;
      const sums = Object.fromEntries(options.sums.map((name) => [name, members.length ? tables.sum(found, members, name) : 0]));
      const quotients = Object.entries(options.quotients).map(([name, [part, whole]]) => [name, sums[whole] > 0 && sums[part] !== null ? sums[part] / sums[whole] : null]);
      return { word, rule: options.rules[word] || "", count, share: count / every, ...sums, ...Object.fromEntries(quotients) };
    });
    return { rows, notes: asOf(page) };
  };

  /* How many rows have a word of one kind and one of another. Options: table, rows {column, words}, columns {column, words}, count. */
  jobmatch.rows.crossed = (page, options) => {
    const found = page.tables[options.table];
    const message = silence(found, [options.rows.column, options.columns.column]);
    if (message) return { rows: [], message };
    const rows = options.rows.words.map((word) => {
      const members = found.rows.filter((row) => found.at(row, options.rows.column) === word);
      const of = (name) => tables.sum(found, members.filter((row) => found.at(row, options.columns.column) === name), options.count) || 0;
      return { word, ...Object.fromEntries(options.columns.words.map((name) => [`of_${name}`, of(name)])), count: tables.sum(found, members, options.count) || 0 };
    });
    return { rows, notes: asOf(page) };
  };

  /* What was spent on jobs, by currency and word. Options: table, column, words, count. */
  jobmatch.rows.spend_by_word = (page, options) => {
    const found = page.tables[options.table];
    const message = silence(found, [options.column, "currency", "spend", "clicks"]);
    if (message) return { rows: [], message };
    const bidding = found.rows.filter((row) => found.at(row, "currency") !== null);
    if (!bidding.length) return { rows: [], message: "No click carries a bid, so nothing is known to be spent.", isCalm: true };
    const byCurrency = [...tables.grouped(bidding, (row) => found.at(row, "currency"))].sort(([a], [b]) => (a < b ? -1 : 1));
    const rows = byCurrency.flatMap(([currency, members]) => {
      const whole = tables.sum(found, members, "spend");
      const byWord = tables.grouped(members, (row) => found.at(row, options.column));
      return options.words.filter((word) => byWord.has(word)).map((word) => {
        const [spend, clicks, count] = ["spend", "clicks", options.count].map((name) => tables.sum(found, byWord.get(word), name));
        return { currency, word, count, clicks, spend, share: spend !== null && whole > 0 ? spend / whole : null };
      });
    });
    const without = sum(found.rows.filter((row) => found.at(row, "currency") === null).map((row) => found.at(row, options.count)));
    return { rows, notes: [...asOf(page), `Jobs without a click that carries a bid: ${format.shown(without, "count")}.`] };
  };

  /*
   * How many rows have a number in each step, told apart by their words. Options: table, column, split, words, count, width and
   * steps as the table was read, unit (a step's width in what is shown).
   */
  jobmatch.rows.histogram = (page, options) => {
    const found = page.tables[options.table];
    const message = silence(found, [options.column, options.split]);
    if (message) return { rows: [], message };
    const chosen = found.rows.filter((row) => options.words.includes(found.at(row, options.split)) && found.at(row, options.column) !== null);
    if (!chosen.length) return { rows: [], message: options.none, isCalm: true };
    const edge = (step) => Number((step * options.unit).toFixed(6));
    const at = new Map(chosen.map((row) => [JSON.stringify([found.at(row, options.column), found.at(row, options.split)]), found.at(row, options.count)]));
    const rows = [];
    const drawn = [];
    for (const step of [...new Set(chosen.map((row) => found.at(row, options.column)))].sort((a, b) => a - b)) {
      const isLast = step === options.steps - 1;
      const label = isLast ? `${edge(step)} or more` : `${edge(step)} to ${edge(step + 1)}`;
      let low = 0;
      for (const word of options.words) {
        const value = at.get(JSON.stringify([step, word]));
        if (!value) continue;
        rows.push({ step: label, series: word, value });
        drawn.push({ step: label, series: word, value, start: edge(step), end: edge(step + 1), low, high: low + value });
        low += value;
      }
    }
    return { rows, data: { rows: drawn }, notes: asOf(page) };
  };

  /* What the words follow, as they are shipped, whatever the copy has. Options: rows, told. */
  jobmatch.rows.words = (page, options) => ({ rows: options.rows, message: options.told, isCalm: true });
})();
