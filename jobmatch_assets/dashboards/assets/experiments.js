/* What pages say of experiments, and the list of them. */
jobmatch.experiments = (() => {
  const { dates, tables } = jobmatch;
  const OPEN = "ok";

  /* A name from events in a sentence: whatever it holds, the words around it stay in their order. */
  const named = (name) => `\u2068${name}\u2069`;
  const own = (object, key) => (object && Object.hasOwn(object, key) ? object[key] : null);

  /* The users of both arms of a row of results. */
  const units = (row) => (row.units_control === null || row.units_treatment === null ? null : row.units_control + row.units_treatment);

  /* In which direction which metrics move. `words`: {word: its rows}; `name`: what to call the metric of a row. */
  const directions = (words, name) => ["up", "down", "no difference found", "held back"]
    .filter((word) => words.has(word)).map((word) => `${word}: ${words.get(word).map(name).join(", ")}`).join("; ");

  /* The same of a variant; where the gate is shut, nothing. */
  function summary(members, word) {
    if (members[0].status !== OPEN) return null;
    return directions(tables.grouped(members, (row) => row[word]), (row) => row.metric);
  }

  /* {variant: its rows, one for each metric}. */
  const byVariant = (rows) => tables.grouped(rows, (row) => row.variant);

  /* What is said of how long an experiment runs. */
  function run(page, first, last) {
    const newest = (page.publication && page.publication.last_date) || last;
    const isRunning = last >= dates.add(newest, -1);
    return { isRunning, days: dates.between(first, last) + 1, runs: isRunning ? `since ${dates.shown(first)}` : `ended ${dates.shown(last)}` };
  }

  const NO_VARIANT = "Check that the product stamps the other variants on events; the page of the experiment says what was seen.";

  /* A row for each variant of each experiment: running ones first, then those that have ended last. */
  jobmatch.rows.experiment_list = (page) => {
    const { problem, experiments } = page.facts.registry;
    const notes = problem ? [`The experiment registry cannot be read: ${problem}`] : [];
    const { began, ended } = page.tables;
    const results = page.tables.ab_results;
    const lacking = [results, began].map((table) => jobmatch.series.lacking(table)).find(Boolean);
    if (lacking) return { rows: [], message: lacking };
    const of = (table) => tables.grouped(table.rows.map(table.object), (row) => row.experiment_id);
    const [firsts, lasts, found] = [of(began), of(ended), of(results)];
    const seen = [...firsts.keys()].map((id) => ({ id, ...run(page, firsts.get(id)[0].event_date, lasts.get(id)[0].event_date), last: lasts.get(id)[0].event_date }));
    seen.sort((a, b) => b.isRunning - a.isRunning || (a.last < b.last ? 1 : a.last > b.last ? -1 : a.id < b.id ? -1 : 1));
    const rows = seen.flatMap(({ id, days, runs }) => {
      const shared = { experiment_id: id, days, runs, link: own(page.files.experiment, id) };
      if (!found.has(id)) {
        const held = page.held.find((row) => row.stage === "experiments");
        return [{ ...shared, status: held ? `no result yet. ${held.message}` : "no variant besides the control has been seen", step: NO_VARIANT, isBad: true }];
      }
      return [...byVariant(found.get(id))].map(([variant, members]) => {
        const first = members[0];
        return { ...shared, variant, status: first.status === OPEN ? OPEN : first.text, step: first.step, summary: summary(members, "word"), units_control: first.units_control, units_treatment: first.units_treatment, as_of_date: first.as_of_date, isBad: first.status !== OPEN };
      });
    });
    const silent = Object.keys(experiments).filter((id) => !firsts.has(id)).sort();
    if (silent.length) notes.push(`Registered, and no event has shown them yet: ${silent.map(named).join(", ")}.`);
    if (!rows.length) {
      const message = ["No experiment has run yet. Experiments come from the field experiments of events.", ...notes].join(" ");
      return { rows, message, isCalm: !problem };
    }
    return { rows, message: problem ? notes.shift() : null, notes };
  };

  return { OPEN, named, own, units, directions, summary, byVariant, run };
})();
