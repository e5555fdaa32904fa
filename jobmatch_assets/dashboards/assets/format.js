/* Values as people read them. Where there is none, a dash. */
jobmatch.format = (() => {
  const NONE = "–";
  const counts = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });
  const decimals = (digits) =>
    new Intl.NumberFormat("en-GB", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const [one, hundredths, three] = [decimals(1), decimals(2), decimals(3)];
  const small = new Intl.NumberFormat("en-GB", { minimumFractionDigits: 2, maximumFractionDigits: 4 });
  const four = new Intl.NumberFormat("en-GB", { maximumSignificantDigits: 4 });
  const compact = new Intl.NumberFormat("en-GB", { notation: "compact", maximumSignificantDigits: 4 });
  const two = new Intl.NumberFormat("en-GB", { maximumSignificantDigits: 2 });
  const minus = (text) => text.replace("-", "−");

  const formats = {
    text: (value) => String(value),
    long: (value) => String(value),
    name: (value) => String(value),
    date: (value) => String(value),
    /* Beyond 2^53 the last digits are lost, so the number is said to be about that. */
    count: (value) => (Number.isSafeInteger(value) || Math.abs(value) < 1 ? "" : Number.isInteger(value) ? "≈ " : "") + minus(counts.format(value)),
    amount: (value) => minus(hundredths.format(value)),
    /* Short enough for a tile: the whole number, and from 100,000 on four digits of it. */
    about: (value) => minus(Math.abs(value) < 1e5 ? counts.format(value) : compact.format(value)),
    number: (value) => minus(three.format(value)),
    figures: (value) => minus(four.format(value)),
    /* What a click costs may be less than a cent. */
    money: (value) => minus((Math.abs(value) < 1 ? small : hundredths).format(value)),
    probability: (value) => (value < 0.0001 ? "< 0.0001" : two.format(value)),
    percent: (value) => minus(one.format(100 * value)) + " %",
    share: (value) => two.format(100 * value) + " %",
    points: (value) => minus(one.format(100 * value)) + " pp",
    seconds: (value) => minus(one.format(value)) + " s",
  };

  function shown(value, format = "text") {
    if (value === null || value === undefined || (typeof value === "number" && !Number.isFinite(value))) return NONE;
    return formats[format](value);
  }

  /* A difference, with its sign. */
  function change(value, format) {
    const text = shown(value, format === "percent" ? "points" : format);
    return value > 0 ? `+${text}` : text;
  }

  return { NONE, shown, change, isNumber: (format) => !["text", "long", "name", "date"].includes(format) };
})();
