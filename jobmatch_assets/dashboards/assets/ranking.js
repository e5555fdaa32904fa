/* Rows that only the ranking page needs. */
(() => {
  const { series, statistics, tables } = jobmatch;

  /* Ratios with the interval of the delta method, then quotients without one. Options: those of both. */
  jobmatch.rows.ratios_and_quotients_by_date = (page, options) => {
    const ratios = jobmatch.rows.ratios_by_date(page, options);
    if (ratios.message) return ratios;
    const quotients = jobmatch.rows.quotients_by_date(page, options);
    return { rows: [...ratios.rows, ...quotients.rows], message: quotients.message };
  };

  /* How often what was shown at a rank was clicked, over all dates shown. Options: table, hits, n, beyond (the last rank). */
  jobmatch.rows.rates_by_rank = (page, options) => {
    const choice = series.chosen(page, options, [options.hits, options.n, "rank_position"]);
    if (choice.message) return { rows: [], message: choice.message };
    const byRank = tables.grouped(choice.rows, (row) => choice.found.at(row, "rank_position"));
    const ranks = [...byRank.keys()].sort((a, b) => a - b);
    return {
      rows: ranks.map((rank) => {
        const [hits, n] = [options.hits, options.n].map((name) => tables.sum(choice.found, byRank.get(rank), name));
        const beyond = rank === options.beyond;
        return { rank: beyond ? `${rank}+` : String(rank), beyond, hits, n, value: n > 0 && hits !== null ? hits / n : null };
      }),
    };
  };

  /* A row for each arm of an experiment, over all dates shown. Options: table, sums {s, n, ss, sn, nn, units}, where. */
  jobmatch.rows.ratios_by_arm = (page, options) => {
    const found = series.source(page, options.table);
    const choice = found.chosen(series.filtersOf(page, found), ["experiment_id", "variant"]);
    const message = series.lacking(found, series.columnsOf(options.sums), options.where) || series.silence(page, found, choice && choice.rows);
    if (message) return { rows: [], message };
    const days = new Set(series.periods(page, found));
    const chosen = series.limited(page, found, choice.rows, options.where).filter((row) => days.has(found.at(row, found.clock)));
    const arms = tables.grouped(chosen, (row) => JSON.stringify([found.at(row, "experiment_id"), found.at(row, "variant")]));
    const rows = [...arms].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, members]) => {
      const [experiment_id, variant] = JSON.parse(key);
      const ratio = statistics.ratio(series.unitSums(found, members, options.sums)) || { value: null, low: null, high: null, n: 0 };
      const isNone = experiment_id === "(none)" && variant === "(none)";
      return { arm: isNone ? "in no experiment" : `${experiment_id} · ${variant}`, experiment_id, variant, ...ratio };
    });
    return rows.length ? { rows } : { rows: [], message: "No list was shown on these dates. Choose other dates." };
  };
})();
