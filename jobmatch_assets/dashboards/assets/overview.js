/* Rows that only the overview needs. */
(() => {
  const { dates, tables } = jobmatch;
  const { own, units, directions } = jobmatch.experiments;

  /* A row for each variant of an experiment that had events on the last date, or the one before. */
  jobmatch.rows.running_experiments = (page) => {
    const found = page.tables.ab_results;
    const lacking = jobmatch.series.lacking(found);
    if (lacking) return { rows: [], message: lacking };
    if (!page.last || !found.rows.length) return { rows: [], message: "No experiment has run yet. Experiments come from the field experiments of events.", isCalm: true };
    const running = found.rows.filter((row) => found.at(row, "as_of_date") >= dates.add(page.last, -1));
    if (!running.length) return { rows: [], message: `No experiment has had events since ${dates.shown(dates.add(page.last, -1))}.`, isCalm: true };
    const byVariant = tables.grouped(running, (row) => JSON.stringify([found.at(row, "experiment_id"), found.at(row, "variant")]));
    const rows = [...byVariant.values()].map((members) => {
      const first = found.object(members[0]);
      return {
        ...first,
        units: units(first),
        summary: summary(page, found, members),
        link: own(page.files.experiment, first.experiment_id),
      };
    });
    return { rows };
  };

  /* In which direction which metrics move; where nothing can be said, why. */
  function summary(page, found, members) {
    const words = tables.grouped(members, (row) => found.at(row, "word"));
    if (words.has("held back") && words.size === 1) return found.at(members[0], "text");
    return directions(words, (row) => page.label(`ab_${found.at(row, "metric")}`).replace(" of the arm", ""));
  }

  jobmatch.rows.failing_checks = (page) => {
    if (!page.publication) return { rows: [], message: "The copy does not say which checks fail: it was published by an earlier version. Run jobmatch run." };
    if (!page.failing.length) return { rows: [], message: "No check fails.", isCalm: true };
    return {
      rows: page.failing.map((row) => ({ ...row, effect: row.is_blocking ? "blocks" : "warns", since: dates.time(row.since), isBad: row.is_blocking })),
    };
  };
})();
