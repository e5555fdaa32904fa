"use strict";
/* Everything that the scripts of a page share. `rows` and `tiles` hold the functions that registrations name. */
const jobmatch = { rows: {}, tiles: {} };
