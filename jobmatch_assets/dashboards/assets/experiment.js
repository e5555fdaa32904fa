/* Rows of the page of one experiment. */
(() => {
  const { dates, experiments, format, series } = jobmatch;
  const { OPEN, named, own, units, byVariant } = experiments;

  const rowsOf = (table) => table.rows.map(table.object);
  const look = (page) => page.state.switches.look;

  /* The variants that events have shown, and which of them is the control. */
  function arms(page) {
    const treatments = [...byVariant(rowsOf(page.tables.newest)).keys()];
    const seen = page.tables.ab_metrics_daily.values("variant");
    const entry = own(page.facts.registry.experiments, page.instance.value);
    const others = seen.filter((variant) => !treatments.includes(variant));
    const named = entry ? entry.control : "control";
    const control = treatments.length && others.length === 1 ? others[0] : named;
    return { treatments, seen, control, entry };
  }

  /* Why there are no results, and what to do; null where there are some. */
  function silence(page) {
    const { newest } = page.tables;
    const lack = series.lacking(newest);
    if (lack) return lack;
    if (newest.rows.length) return null;
    const { seen } = arms(page);
    const held = page.held.find((row) => row.stage === "experiments");
    const why = held ? held.message : "Only a variant besides the control can be compared with it: check that the product stamps it on events.";
    return `There is no result yet. Seen so far: ${seen.map(named).join(", ")}. ${why}`;
  }

  /* Why no effect is shown, a sentence for each variant that is held back. */
  function shut(page) {
    return [...byVariant(rowsOf(page.tables.newest))].filter(([, members]) => members[0].status !== OPEN)
      .map(([variant, [first]]) => `${named(variant)} is ${first.daily_text}.`);
  }

  const broken = (page) => (page.facts.registry.problem ? `The experiment registry cannot be read: ${page.facts.registry.problem}` : null);

  jobmatch.rows.experiment_status = (page) => {
    const { entry } = arms(page);
    const told = [];
    if (page.first) {
      const { isRunning, days, runs } = experiments.run(page, page.first, page.last);
      told.push(`${isRunning ? "Running " : "Not running, "}${runs}: ${days} ${days === 1 ? "day" : "days"}.`);
    }
    if (entry && entry.description) told.push(`${named(entry.description)}.`);
    if (entry && entry.owner) told.push(`Owner: ${named(entry.owner)}.`);
    const problem = broken(page);
    const missing = silence(page);
    if (missing) return { rows: [], message: [told.join(" "), missing, problem].filter(Boolean).join("\n") };
    const word = `${look(page)}_word`;
    const found = [...byVariant(rowsOf(page.tables.newest))].map(([variant, members]) => {
      const first = members[0];
      const isOpen = first.status === OPEN;
      const says = isOpen ? experiments.summary(members, word) : first.daily_text;
      return { ...first, variant, says, isBad: !isOpen };
    });
    const sentences = found.map((row) => `${named(row.variant)}: ${row.says}. What to do: ${row.step}`);
    return {
      rows: found, isCalm: !problem && found.every((row) => !row.isBad),
      message: [`${told.join(" ")} Results as of ${dates.shown(found[0].as_of_date)}.`, ...sentences, problem].filter(Boolean).join("\n"),
    };
  };

  /* What the test of the split says. */
  function splitNote(p, alpha) {
    if (p === null) return "The split is not tested: there are fewer than two arms that should have users, or one of them should have fewer than 5.";
    const told = p < 0.0001 ? "p < 0.0001" : `p = ${format.shown(p, "probability")}`;
    if (p < alpha) return `Chance does not explain the split, ${told}: some users were lost, or sent to the wrong arm.`;
    return `The split may be chance, ${told}; below ${alpha} it would hold the experiment back.`;
  }

  /* A row for each arm that should have users or has some. Options: alpha, below which a split does not fit. */
  jobmatch.rows.experiment_split = (page, { alpha }) => {
    const missing = silence(page);
    if (missing) return { rows: [], message: missing };
    const { control, treatments, seen, entry } = arms(page);
    const first = rowsOf(page.tables.newest);
    const has = new Map([...byVariant(first)].map(([variant, [row]]) => [variant, row.units_treatment]));
    has.set(control, first[0].units_control);
    const registered = entry ? entry.weights : {};
    const problem = broken(page);
    const isWeighted = Object.keys(registered).length > 0;
    const equal = [control, ...treatments].filter((arm) => arm !== control || seen.includes(control));
    const weight = (arm) => (problem ? null : isWeighted ? own(registered, arm) || null : equal.includes(arm) ? 1 : null);
    const all = [...new Set([control, ...treatments, ...Object.keys(registered).filter((arm) => registered[arm] > 0)])];
    const tested = all.filter((arm) => weight(arm) !== null);
    const sum = (values) => values.reduce((total, value) => total + value, 0);
    const counted = problem ? all : tested;
    const [total, weights] = [sum(counted.map((arm) => has.get(arm) || 0)), sum(tested.map(weight))];
    const rows = all.map((arm) => {
      const n = has.get(arm) || 0;
      const expected_share = weight(arm) === null ? null : weight(arm) / weights;
      const expected_units = expected_share === null ? null : expected_share * total;
      return {
        arm, units: n, role: arm === control ? "control" : "variant", expected_share, expected_units,
        share: total > 0 && counted.includes(arm) ? n / total : null,
        difference: expected_units === null ? null : n - expected_units,
      };
    });
    const notes = [splitNote(first[0].srm_p_value, alpha)];
    if (first[0].multiple_variant_units) notes.push(`${format.shown(first[0].multiple_variant_units, "count")} users have shown more than one variant and are left out.`);
    if (!problem && !isWeighted) notes.push(entry ? "No shares are registered, so the arms should be equal." : "The experiment is not in the registry, so the arms should be equal.");
    const stray = problem ? [] : all.filter((arm) => weight(arm) === null && has.get(arm) > 0);
    if (stray.length) notes.push(`Not registered, so no part of the test: ${stray.map(named).join(", ")}.`);
    return { rows, message: problem && `${problem} What each arm should have is not known.`, notes };
  };

  jobmatch.rows.experiment_traffic = (page) => {
    const found = page.tables.ab_metrics_daily;
    const message = series.lacking(found) || series.silence(page, found, found.rows);
    if (message) return { rows: [], message };
    const { control, seen } = arms(page);
    const byDay = new Map(rowsOf(found).map((row) => [JSON.stringify([row.variant, row.event_date]), row.units]));
    const ordered = [...seen].sort((a, b) => (b === control) - (a === control));
    const rows = ordered.flatMap((arm) => series.periods(page, found).map((day) => (
      { ...series.moment(page, found, day), series: arm, value: byDay.get(JSON.stringify([arm, day])) ?? null })));
    return { rows };
  };

  /* The newest rows with an effect, and why the others have none. */
  function effects(page) {
    const missing = silence(page);
    if (missing) return { rows: [], message: missing };
    const rows = rowsOf(page.tables.newest).filter((row) => row.status === OPEN && row.effect !== null);
    const reasons = shut(page);
    if (!rows.length) return { rows, message: reasons.length ? `No effect is shown. ${reasons.join(" ")}` : "No effect is shown: no metric has a value in both arms." };
    const without = rowsOf(page.tables.newest).filter((row) => row.status === OPEN && row.effect === null).map((row) => `${row.metric} of ${named(row.variant)}`);
    const notes = [...reasons.map((reason) => `Not shown: ${reason}`), ...(without.length ? [`Without a value in one of the arms: ${without.join(", ")}.`] : [])];
    return { rows, notes };
  }

  const interval = (page, row) => (look(page) === "once" ? { low: row.ci_low, high: row.ci_high } : { low: row.seq_ci_low, high: row.seq_ci_high });

  /* Options: labels, {metric: what it says}. */
  jobmatch.rows.absolute_effects = (page, { labels }) => {
    const found = effects(page);
    const rows = Object.keys(labels).flatMap((metric) => found.rows.filter((row) => row.metric === metric))
      .map((row) => ({ variant: row.variant, metric: row.metric, panel: labels[row.metric], value: row.effect, ...interval(page, row), n: units(row) }));
    return { ...found, rows, top: 0 };
  };

  jobmatch.rows.relative_effects = (page) => {
    const found = effects(page);
    if (found.message) return found;
    const { relative } = page.tables;
    const isOnce = look(page) === "once";
    const lack = series.lacking(relative);
    const ends = new Map(rowsOf(relative).map((row) => [JSON.stringify([row.variant, row.metric]), row]));
    const rows = found.rows.filter((row) => row.relative_effect !== null).map((row) => {
      const of = ends.get(JSON.stringify([row.variant, row.metric]));
      const isShown = isOnce && !lack && of;
      return {
        metric: row.metric, variant: row.variant, panel: row.variant, value: row.relative_effect,
        low: isShown ? of.relative_ci_low : null, high: isShown ? of.relative_ci_high : null, n: units(row),
      };
    });
    const note = lack ? lack
      : isOnce ? "These intervals are for one look." : "No interval: of relative effects there is only one for a single look. Choose Looked at once to see it.";
    if (!rows.length) return { rows, message: "No relative effect is shown: the control's value is 0 in every metric." };
    return { rows, notes: [note, ...found.notes], top: 0 };
  };

  /* Options: labels, {metric: what it says}. */
  jobmatch.rows.effects_over_time = (page, { labels }) => {
    const found = page.tables.history;
    const missing = silence(page) || series.lacking(found) || series.silence(page, found, found.rows);
    if (missing) return { rows: [], message: missing };
    const all = rowsOf(found);
    const at = new Map(all.map((row) => [JSON.stringify([row.metric, row.variant, row.as_of_date]), row]));
    const variants = [...byVariant(all).keys()];
    const rows = Object.keys(labels).flatMap((metric) => variants.flatMap((variant) => series.periods(page, found).map((day) => {
      const row = at.get(JSON.stringify([metric, variant, day]));
      const value = row ? row.effect : null;
      const ends = row && value !== null ? interval(page, row) : { low: null, high: null };
      return { ...series.moment(page, found, day), metric, panel: labels[metric], series: variant, value, ...ends, n: row ? units(row) : null };
    })));
    const measured = new Set(rows.filter((row) => row.value !== null).map((row) => row.panel));
    if (!measured.size) return { rows: [], message: `No effect is shown on these dates. ${shut(page).join(" ")}`.trim() };
    const notes = look(page) === "once" ? ["Each interval is for one look. Who reads them daily will find differences that are not there."] : [];
    return { rows: rows.filter((row) => measured.has(row.panel)), notes, top: 0 };
  };

  jobmatch.rows.experiment_numbers = (page) => {
    const missing = silence(page);
    if (missing) return { rows: [], message: missing };
    const ends = new Map(rowsOf(page.tables.relative).map((row) => [JSON.stringify([row.variant, row.metric]), row]));
    const rows = rowsOf(page.tables.newest).map((row) => ({
      relative_ci_low: null, relative_ci_high: null, ...ends.get(JSON.stringify([row.variant, row.metric])), ...row, says: row[`${look(page)}_text`], isBad: row.status !== OPEN,
    }));
    return { rows };
  };
})();
