/* The state of the data: how new, when published, what is held back, which checks fail. */
jobmatch.strip = (() => {
  const { dates, element } = jobmatch;
  const MOST = 6;

  function draw(page) {
    const { publication, held, failing, failure } = page;
    const items = [];
    const alarms = [];
    if (failure) {
      alarms.push(element("p", { class: "alarm", role: "alert" }, `The last publication failed ${dates.age(page.now - Date.parse(failure.at))} ago: ${failure.message} What is shown is older.`));
    }
    if (!publication) {
      items.push(fact("Published", "unknown: the copy does not say when. Run jobmatch run."));
    } else {
      items.push(fact("Newest event", publication.newest_event_ts ? dates.time(publication.newest_event_ts) : "there is none yet"));
      items.push(fact("Published", `${dates.time(publication.published_at)}, ${dates.age(page.now - Date.parse(publication.published_at))} ago`));
      items.push(fact("Complete through", publication.complete_through ? dates.shown(publication.complete_through) : "no date yet"));
      items.push(held.length ? listed(heldWords(held), held.map((row) => `${row.event_date || "all dates"}, ${row.stage}${row.check_name ? `: ${row.check_name}` : ""}. ${row.message}`), true) : fact("Held back", "no date"));
      items.push(failing.length ? listed(`${plural(failing.length, "failing check")}`, failing.map(failingText), failing.some((row) => row.is_blocking)) : fact("Failing checks", "none"));
    }
    document.getElementById("state").replaceChildren(...alarms, element("div", { class: "facts" }, ...items));
  }

  const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;
  const heldWords = (held) => (held.some((row) => row.event_date === null) ? "Tables held back" : `${plural(new Set(held.map((row) => row.event_date)).size, "date")} held back`);
  const failingText = (row) => `${row.asset}: ${row.check_name}${row.event_date ? `, ${row.event_date}` : ""}${row.is_blocking ? " (blocks)" : ""}. ${row.message}`;

  function fact(name, value) {
    return element("div", {}, element("span", { class: "name" }, name), element("span", { class: "what" }, value));
  }

  function listed(summary, texts, isBad) {
    const more = texts.length - MOST;
    return element("details", { class: isBad ? "bad" : "warn" }, element("summary", {}, summary),
      element("ul", {}, ...texts.slice(0, MOST).map((text) => element("li", {}, text)), more > 0 ? element("li", {}, `and ${more} more`) : null));
  }

  return { draw };
})();
