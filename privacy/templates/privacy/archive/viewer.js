"use strict";
/* Shows the archive that this page lies in. Opened from disk there is no server to ask and no fetch(): rows come by scripts that call
   inzage.rows(). Whatever people wrote becomes text, never markup; the policy in index.html holds the browser to that. */
(() => {
// The policy asks for it on every script, also on those that are added below.
const { nonce } = document.currentScript;
// Rows at a time; columns that fit a table; signs of a text before "show all", and around what was found; rows shown of what was found.
const PAGE = 50, WIDE = 6, LONG = 800, AROUND = 80, SAMPLE = 5;
// A column with more codes than this says them in its rows alone.
const MEANINGS = 20;
// A table of fewer rows is looked through faster than searched.
const FEW = 5;
// Marking what was sought in a longer text would hold up the page.
const MARKED = 40000;
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/, DAY = /^\d{4}-\d\d-\d\d$/;
const OURS = /^((files|formats|csv|data)(\/[\w-]+)+(\.\w+)?|report\.pdf|(manifest|processing|redactions)\.json)$/;
const PICTURE = /\.(avif|gif|jpe?g|png|webp)$/;
const SVG = new Set(["svg", "use", "rect"]);
const LOCALES = { nl: "nl-BE", en: "en-GB", fr: "fr-BE" };
const NAMES = { nl: "Nederlands", en: "English", fr: "Français" };
// In browsers that know trusted types, the one way to load a script: a shard of ours.
const policy = window.trustedTypes?.createPolicy("archive", { createScriptURL: shardOf });

let manifest, parts, activities, answers, stored, language;
// What she looks for in everything, and in the table that she opens next; which search is the last one.
let sought = "", filter = "", turn = 0;
const tables = new Map(), titles = new Map(), labels = new Map(), loads = new Map();

/* What the scripts of the archive call, with JSON as text. */
window.inzage = {
  about(text) { start(read(text)); },
  rows(part, lines) { tables.set(part, lines.map(read)); },
  titles(part, lines) {
    const known = titles.get(part) || new Map();
    for (const [key, title] of lines.map(read)) known.set(String(key), title);
    titles.set(part, known);
  },
};

/** JSON; whole numbers that the browser would round stay as they are written, where it can tell. */
function read(text) {
  const rounded = value => Number.isInteger(value) && !Number.isSafeInteger(value);
  return JSON.parse(text, (_key, value, context) => rounded(value) && context?.source || value);
}

/* Loading */
function shardOf(name) {
  if (!/^\w+$/.test(name)) throw new TypeError(name);
  return `viewer/data/${name}.js`;
}

function load(name) {
  if (!loads.has(name)) loads.set(name, new Promise((resolve, reject) => {
    const script = make("script", { nonce });
    script.src = policy ? policy.createScriptURL(name) : shardOf(name);
    script.addEventListener("load", resolve);
    script.addEventListener("error", reject);
    document.head.append(script);
  }));
  return loads.get(name);
}

/** Rows of a part, the newest first; rejected where its script is not there. */
async function rowsOf(part) {
  if (!part.file) return [];
  if (manifest.references?.length) await load("references").catch(() => {});
  await load(part.name);
  for (const name of hersThatItNames(part)) await load(name).then(() => callRows(parts.get(name)), () => {});
  const at = row => row[part.moment] || "";
  return tables.get(part.name).sort((one, other) => at(one) < at(other) ? 1 : at(one) > at(other) ? -1 : 0);
}

/** Tables of hers that this one points at, such as folders. */
const hersThatItNames = part => part.columns.map(column => column.references).filter(name => parts.get(name)?.file);

/** Her rows go by the first thing that she gave, as in the report. */
function callRows(part) {
  const given = part.columns.find(column => column.role === "provided" && !column.codes), [key] = part.columns;
  const named = given ? tables.get(part.name).filter(row => row[given.name]) : [];
  titles.set(part.name, new Map(named.map(row => [String(row[key.name]), raw(row[given.name])])));
}

/* Words */
/** A sentence of the page; `{count}` chooses between one and several. */
function say(key, values = {}) {
  const words = sentences[language];
  const form = "count" in values ? new Intl.PluralRules(LOCALES[language]).select(values.count) : "other";
  const chosen = words[key] ?? words[`${key}.${form}`] ?? words[`${key}.other`];
  return chosen.replace(/\{(\w+)\}/g, (_all, name) => typeof values[name] === "number" ? figure(values[name]) : values[name]);
}
const figure = number => new Intl.NumberFormat(LOCALES[language]).format(number);
const list = (items, type = "conjunction") => new Intl.ListFormat(LOCALES[language], { type }).format(items.map(String));
const dated = (text, options) => new Intl.DateTimeFormat(LOCALES[language], { dateStyle: "medium", ...options }).format(new Date(text));
const at = text => MOMENT.test(text) ? dated(text, { timeStyle: "short" }) : dated(text, { timeZone: "UTC" });
const capital = text => text.charAt(0).toLocaleUpperCase() + text.slice(1);
const sentence = text => text ? capital(text).replace(/[^.!?]$/, "$&.") : "";
// Without accents and capitals.
const plain = text => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
// What a screen would leave out gets a sign of its own.
const picture = sign => String.fromCharCode(sign === "\x7f" ? 0x2421 : 0x2400 + sign.charCodeAt());
const visible = text => text.replace(/\r\n/g, "\n").replace(/[\0-\x08\x0b-\x1f\x7f]/g, picture);

/* Nodes */
/** An element; attributes of undefined stay away, and children may be text, nodes, nothing, or lists of these. */
function make(tag, attributes = {}, ...children) {
  const node = SVG.has(tag) ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) node.setAttribute(name, value);
  node.append(...children.flat(Infinity).filter(child => child !== undefined && child !== ""));
  return node;
}
// What the archive says, in its own language.
const told = text => text ? make("span", { lang: language === manifest.language ? undefined : manifest.language }, text) : "";
const title = part => told(capital(part.title));
const soft = (...content) => make("span", { class: "soft" }, ...content);
const unseen = (...content) => make("span", { class: "vh" }, ...content);
const icon = name => make("svg", { class: "i", "aria-hidden": "true" }, make("use", { href: `#i-${name}` }));
const inside = (hash, ...content) => make("a", { href: `#${hash}` }, ...content);
const file = (name, ...content) => OURS.test(name) ? make("a", { href: name }, ...content) : make("span", {}, ...content);
const outside = (address, label) => /^https:\/\//.test(address) ? make("a", { href: address, rel: "noreferrer" }, label) : "";
const mail = address => address ? make("a", { href: `mailto:${address}` }, address) : "";
const dash = () => soft(make("span", { "aria-hidden": "true" }, "–"), unseen(say("dash")));
const time = text => isDate(text) ? make("time", { datetime: text }, at(text)) : text ? visible(raw(text)) : dash();
const status = (...content) => make("p", { role: "status" }, ...content);
const note = (kind, sign, ...content) => make("div", { class: `note ${kind}` }, icon(sign), make("div", {}, make("p", {}, ...content)));
const fold = (label, ...content) => make("details", { class: "fold" }, make("summary", {}, make("b", {}, label)), ...content);
const heading = (tag, id, ...content) => make(tag, { id, tabindex: "-1" }, ...content);

function button(label, act, look = "quiet") {
  const node = make("button", { class: look, type: "button" }, label);
  node.addEventListener("click", act);
  return node;
}

/** Labels with values; a pair without a value is left out. */
function facts(pairs) {
  const given = pairs.filter(([, value]) => value !== "" && value !== undefined);
  return make("dl", { class: "facts" }, given.map(([label, value]) => [make("dt", {}, label), make("dd", {}, value)]));
}

function table(caption, columns, rows) {
  const cell = (value, number) => number ? make("td", { "data-l": columns[number] }, value) : make("th", { scope: "row" }, value);
  const head = make("thead", {}, make("tr", {}, columns.map(column => make("th", { scope: "col" }, column))));
  const body = make("tbody", {}, rows.map(row => make("tr", {}, row.map(cell))));
  return make("div", { class: "stack" }, make("table", {}, make("caption", { class: "vh" }, caption), head, body));
}

function section(id, ...content) {
  const help = sentences[language][`${id}.help`] || "";
  const header = make("header", {}, heading("h2", id, say(id)), make("p", {}, help));
  return make("section", { "aria-labelledby": id }, header, make("div", {}, ...content));
}

/* One value */
// Not String() alone: JSON may hold a `toString` of its own.
const raw = value => typeof value === "object" ? JSON.stringify(value, null, 1) : String(value);

/** What a value says, as text to read and to search. */
function text(column, value) {
  if (value === null || value === undefined) return "";
  const written = raw(value);
  if (column.references) return visible(titles.get(column.references)?.get(written) ?? written);
  if (column.role === "person" || value === manifest.subject) return say("you");
  if (isWords(value)) return visible(list(value.map(labelOf)));
  if (typeof value === "boolean") return say(value ? "yes" : "no");
  if (column.codes && Object.hasOwn(column.codes, written)) return column.codes[written];
  return isDate(written) ? at(written) : visible(written);
}
const isWords = value => Array.isArray(value) && value.length > 0 && value.every(word => typeof word === "string");
// Lists that name columns of hers say what people call them.
const labelOf = name => labels.get(name) ?? name;
const isDate = value => typeof value === "string" && (MOMENT.test(value) || DAY.test(value)) && !Number.isNaN(Date.parse(value));
const holds = (column, value, words) => plain(text(column, value)).includes(words) || plain(raw(value ?? "")).includes(words);

function cell(part, column, value, words) {
  if (value === null || value === undefined || value === "") return empty(part, column, value);
  const name = stored.get(`${part.record} ${column.name} ${raw(value)}`);
  if (name) return storedFile(name, column, value);
  if (isDate(value)) return time(value);
  const shown = text(column, value);
  const other = parts.get(column.references);
  if (other) return inside(other.name, shown === raw(value) ? [title(other), " "] : "", make("bdi", {}, marked(shown, words)));
  return make("bdi", { class: "said" }, beginning(shown, words));
}

function empty(part, column, value) {
  const masked = value !== "" && part.masked.some(entry => entry.column === column.name);
  return masked ? soft(icon("mask"), " ", say(column.role === "person" ? "other" : "away")) : dash();
}

function storedFile(name, column, value) {
  if (PICTURE.test(name)) return file(name, make("img", { src: name, alt: capital(column.label), width: 160, loading: "lazy" }));
  return file(name, make("bdi", {}, visible(value.split("/").pop())));
}

/** A text, or its beginning with a button for the rest. */
function beginning(shown, words) {
  if (shown.length <= LONG) return marked(shown, words);
  const rest = button(say("long.more", { count: shown.length }), () => rest.parentNode.replaceChildren(...marked(shown, words)), "term");
  return [marked(shown.slice(0, LONG), words), "… ", rest];
}

/** Pieces of a text, with what was sought marked. Signs are compared one by one, since without its accents a text may be shorter. */
function marked(shown, words) {
  if (!words || shown.length > MARKED) return [shown];
  const signs = [...shown], bare = signs.map(plain), pieces = [];
  const places = bare.flatMap((piece, number) => Array(piece.length).fill(number));
  const whole = bare.join("");
  let done = 0;
  for (let found = whole.indexOf(words); found >= 0; found = whole.indexOf(words, found + words.length)) {
    const first = places[found], end = places[found + words.length - 1] + 1;
    pieces.push(signs.slice(done, first).join(""), make("mark", {}, signs.slice(first, end).join("")));
    done = end;
  }
  return [...pieces, signs.slice(done).join("")];
}

/* Rows */
/** Without the row's number, and without a column that only says that the row is hers; by a folder of hers it says more. */
function telling(part) {
  const persons = part.columns.filter(column => column.role === "person").length;
  const says = column => column.role === "person" ? persons > 1 || column.references : column.role !== "not_personal";
  const chosen = part.columns.filter(says);
  return chosen.length ? chosen : part.columns;
}
const matching = (part, rows, words) => rows.filter(row => part.columns.some(column => holds(column, row[column.name], words)));

function listing(part, rows, words) {
  const columns = telling(part);
  const cells = row => columns.map(column => cell(part, column, row[column.name], words));
  if (columns.length <= WIDE) return table(title(part), columns.map(column => capital(column.label)), rows.map(cells));
  const record = row => make("li", {}, facts(cells(row).map((value, number) => [told(capital(columns[number].label)), value])));
  return make("ol", { class: "records bare" }, rows.map(record));
}

/** A listing that grows on request, so that a long table costs nothing before. */
function growing(part, rows, words) {
  const box = make("div");
  const grow = (upTo, from) => {
    const left = rows.length - upTo;
    const more = left > PAGE ? button(say("part.more", { count: PAGE }), () => grow(upTo + PAGE, upTo)) : "";
    const all = left > 0 ? button(say("part.all", { count: rows.length }), () => grow(rows.length, upTo)) : "";
    box.replaceChildren(listing(part, rows.slice(0, upTo), words), make("p", { class: "row pager" }, more, all));
    if (from) focusRow(box, from);
  };
  if (rows.length) grow(PAGE);
  return box;
}

/** Reading goes on at the first row that came. */
function focusRow(box, number) {
  const row = box.querySelectorAll("tbody tr, .records > li")[number];
  row.tabIndex = -1;
  row.focus();
}

/* The first page: what do you know about me? */
function overview() {
  const elsewhere = manifest.held_elsewhere.map(place => [told(capital(place.name)), told(sentence(place.what))]);
  return [hero(), make("div", { class: "wrap page" }, seeker(), make("div", { class: "leaf" },
    section("held", fullestFirst().map(heldFor)), section("recipients", recipientsTable()),
    elsewhere.length ? section("elsewhere", facts(elsewhere)) : "", section("masked", maskedTable()),
    section("rights", rightsList()), section("files", filesList()), section("archive", archiveFacts())))];
}

function hero() {
  const all = [...parts.values()], masked = maskedEntries().reduce((sum, entry) => sum + entry.count, 0);
  return make("div", { class: "board ledge hero" }, make("div", { class: "wrap" },
    heading("h1", undefined, say("title", manifest.controller)),
    make("p", {}, say("made.line", { moment: at(manifest.made_at), name: manifest.controller.name })),
    manifest.confirmation ? make("p", {}, told(manifest.confirmation)) : "",
    make("div", { class: "answers" },
      answer("rows", manifest.rows, "held", { kinds: all.filter(part => part.rows).length, all: all.length }),
      answer("recipients", manifest.recipients.length, "recipients"), answer("masked", masked, "masked"))));
}

function answer(key, number, target, values) {
  const words = make("p", {}, say(`answer.${key}`, { count: number, ...values }), make("br"), inside(target, say(`see.${key}`)));
  return make("div", {}, make("h2", {}, say(`ask.${key}`)), make("b", { class: "big" }, figure(number)), words);
}

const partsOf = activity => [...parts.values()].filter(part => part.activity === activity.slug);
const rowsFor = activity => partsOf(activity).reduce((sum, part) => sum + part.rows, 0);
const fullestFirst = () => [...manifest.activities].sort((one, other) => rowsFor(other) - rowsFor(one));

function heldFor(activity) {
  const own = partsOf(activity);
  const held = own.filter(part => part.rows).sort((one, other) => other.rows - one.rows), nothing = own.filter(part => !part.rows);
  const names = nothing.map((part, number) => [number ? ", " : "", inside(part.name, told(part.title))]);
  return make("div", { class: "held" }, make("h3", {}, told(activity.title || capital(activity.purpose))),
    held.length ? make("ol", { class: "bars bare" }, held.map(bar)) : "",
    nothing.length ? make("p", {}, say("held.nothing"), " ", names, ".") : "",
    fold(say("held.details"), activityFacts(activity, answers.get(own[0]?.record))));
}

function bar(part) {
  const most = Math.max(...[...parts.values()].map(each => each.rows)), width = Math.max(0.5, 100 * part.rows / most);
  const drawn = make("svg", { viewBox: "0 0 100 8", preserveAspectRatio: "none", "aria-hidden": "true" },
    make("rect", { width, height: 8 }));
  return make("li", {}, inside(part.name, title(part)), make("b", { class: "num" }, figure(part.rows)), drawn);
}

/** What must be told of an activity (Art. 15(1)); `category` is the answer in processing.json for one of its record types. */
function activityFacts(activity, category) {
  const words = name => told(sentence(activity[name]));
  return facts([
    [say("why"), words("purpose")],
    [say("basis"), say("basis.on", { bases: list(Object.values(activity.bases)) })],
    [say("persons"), words("persons")],
    [say("how.long"), words("retention")],
    [say("source"), words("source")],
    [say("to"), activity.recipients.length ? told(sentence(list(activity.recipients))) : say("to.nobody")],
    [say("transfers"), words("transfers")],
    [say("decisions"), told(sentence(category?.automated_decisions.decisions))],
  ]);
}

function recipientsTable() {
  if (!manifest.recipients.length) return make("p", {}, say("recipients.none"));
  const who = one => [one.name, [told(one.kind), mail(one.contact), outside(one.privacy_url, say("statement"))].filter(Boolean)
    .map(line => [make("br"), make("small", { class: "soft" }, line)])];
  const what = one => one.labels.length ? told(list(one.labels)) : dash();
  const row = one => [who(one), time(one.first_at), time(one.last_at), what(one)];
  return table(say("recipients"), ["name", "first", "last", "what"].map(key => say(key)), manifest.recipients.map(row));
}

const maskedEntries = () => [...parts.values()].flatMap(part => part.masked.map(entry => ({ part, ...entry })));

function maskedTable() {
  const entries = maskedEntries(), columns = ["masked.table", "masked.column", "masked.count", "masked.why"].map(key => say(key));
  if (!entries.length) return make("p", {}, say("masked.none"));
  const label = ({ part, column }) => part.columns.find(one => one.name === column)?.label ?? column;
  const row = entry => [inside(entry.part.name, title(entry.part)), told(capital(label(entry))), figure(entry.count), told(entry.reason)];
  return table(say("masked"), columns, entries.map(row));
}

function rightsList() {
  const { dpo, authority, issuer, rights } = manifest;
  return [make("ul", {}, rights.map(right => make("li", {}, told(capital(right.label))))),
    make("p", {}, say("rights.how", dpo), " ", mail(dpo.email), " ", outside(issuer, issuer)),
    make("p", {}, say("complain.to", authority), " ", mail(authority.email))];
}

function filesList() {
  const base = name => name.split("/").pop();
  const whole = ["report.pdf", "manifest.json", "processing.json", "redactions.json"].map(name => [name, `file.${name.split(".")[0]}`]);
  const formats = (manifest.files || []).filter(({ name }) => name.startsWith("formats/")).map(({ name }) => [name, "file.format"]);
  const linked = [...whole, ...formats].map(([name, key]) => [file(name, base(name)), say(key)]);
  const where = entry => entry.file ? file(entry.file, base(entry.file)) : say("file.missing");
  const row = entry => make("li", {}, where(entry), " ", soft(make("bdi", {}, visible(entry.called || base(entry.stored_as)))));
  const hers = manifest.stored_files.map(row);
  return [facts([...linked, ["csv", say("file.csv")], ["data", say("file.data")]]),
    hers.length ? fold([say("file.yours"), " ", soft(figure(hers.length))], make("ul", {}, hers)) : ""];
}

function archiveFacts() {
  const { kind, activity, since, until } = manifest.scope;
  const limits = [activity && say("scope.activity", { name: activities.get(activity)?.purpose || activity }),
    since && say("scope.since", { moment: at(since) }), until && say("scope.until", { moment: at(until) })];
  return facts([
    [say("made"), time(manifest.made_at)], [say("by"), `${manifest.controller.name}, ${manifest.controller.address}`],
    [say("scope"), [say(`scope.${kind}`), ...limits].filter(Boolean).join(" ")],
    [say("labels"), NAMES[manifest.language] || manifest.language], [say("reference"), make("code", {}, manifest.subject)],
  ]);
}

/* One table */
function partPage(part) {
  const body = make("div", {}, status(say(part.file ? "part.loading" : "part.none")));
  if (part.file) fill(body, part, filter);
  filter = "";
  const trail = make("nav", { "aria-label": say("where") }, make("p", {}, inside("held", say("held")), " / ", title(part)));
  const why = fold(say("part.facts"), partFacts(part));
  return make("div", { class: "wrap page" }, trail, heading("h1", undefined, title(part)), body, columnsOf(part), why);
}

async function fill(body, part, words) {
  const rows = await rowsOf(part).catch(() => undefined);
  body.replaceChildren(...rows ? rowsPage(part, rows, words) : [note("bad", "alert", say("part.missing"))]);
}

function rowsPage(part, rows, words) {
  const links = [part.csv && file(part.csv, part.csv), ", ", file(part.file, part.file), "."];
  const partial = rows.length < part.rows;
  const where = partial ? note("info", "info", say("part.partial", { shown: rows.length, count: part.rows }), " ", links) : "";
  return [where, ...filtered(part, rows, words), partial ? "" : make("p", {}, say("part.files"), " ", links)];
}

/** A field, what it found, and the rows. */
function filtered(part, rows, words) {
  const field = make("input", { type: "search", id: "filter", autocomplete: "off", value: words });
  const labelled = make("p", { class: "sought" }, make("label", { for: "filter" }, say("part.filter")), field);
  const found = status(), box = make("div");
  const apply = () => {
    const typed = field.value.trim(), chosen = typed ? matching(part, rows, plain(typed)) : rows;
    const key = typed ? "part.filtered" : part.moment ? "part.count" : "part.unordered";
    found.textContent = say(key, { count: typed ? chosen.length : part.rows, words: typed });
    box.replaceChildren(growing(part, chosen, plain(typed)));
  };
  let pause;
  field.addEventListener("input", () => { clearTimeout(pause); pause = setTimeout(apply, 150); });
  apply();
  return [rows.length > FEW || words ? labelled : "", found, box];
}

function columnsOf(part) {
  const left = part.columns.filter(column => !telling(part).includes(column)), small = { class: "small soft" };
  const named = (key, columns) => columns.length ? make("p", small, say(key, { titles: list(columns.map(column => column.label)) })) : "";
  const few = codes => codes && Object.keys(codes).length <= MEANINGS;
  const meanings = column => few(column.codes) ? [make("br"), make("small", small, told(list(Object.values(column.codes), "disjunction")))] : "";
  const meaning = column => [told(capital(column.label)), [told(column.description), meanings(column)]];
  return fold(say("part.columns"), facts(part.columns.map(meaning)), named("hidden", left), named("secret", part.left_out));
}

function partFacts(part) {
  const category = answers.get(part.record), derived = category?.automated_decisions.derived || [];
  const activity = { ...activities.get(part.activity), source: part.source };
  if (category) activity.retention = category.retention.map(sentence).join(" ");
  return [activityFacts(activity, category), facts([
    [say("part.derived"), derived.length ? told(sentence(list(derived))) : ""],
    [say("part.portable"), capital(say(part.portable ? "yes" : "no"))], [say("after"), told(sentence(part.after_erasure))],
    [say("as.of"), part.as_of ? time(part.as_of) : ""]])];
}

/* Search in everything */
function seeker() {
  const field = make("input", { type: "search", id: "sought", autocomplete: "off", "aria-describedby": "sought-hint", value: sought });
  const hint = make("div", { class: "hint", id: "sought-hint" }, say("search.hint"));
  const labelled = make("div", { class: "grow" }, make("label", { for: "sought" }, say("search.all")), hint, field);
  const form = make("form", { class: "row", role: "search" }, labelled, make("button", {}, icon("search"), say("search")));
  form.addEventListener("submit", event => {
    event.preventDefault();
    sought = field.value.trim();
    if (location.hash === "#search") show();
    else location.hash = "search";
  });
  return form;
}

function searchPage() {
  const found = make("div"), told = status(say("search.first"));
  const going = make("progress", { max: parts.size, value: 0, "aria-label": say("search") });
  if (sought) seek(sought, { found, told, going });
  return make("div", { class: "wrap page" }, heading("h1", undefined, say("search")), seeker(), told, sought ? going : "", found);
}

/** Table by table, with a breath for the browser after each; a newer search, or another page, ends it. */
async function seek(words, { found, told, going }) {
  const mine = turn, missing = [], partial = [];
  let sum = 0;
  for (const part of parts.values()) {
    told.textContent = say("search.going", part);
    const rows = await rowsOf(part).catch(() => { missing.push(part.title); return []; });
    await new Promise(resolve => setTimeout(resolve));
    if (mine !== turn) return;
    if (rows.length && rows.length < part.rows) partial.push(part.title);
    const hits = matching(part, rows, plain(words));
    if (hits.length) found.append(hitsOf(part, hits, words));
    sum += hits.length;
    going.value += 1;
  }
  going.remove();
  told.textContent = sum ? say("search.found", { count: sum, words }) : say("search.empty", { words });
  if (partial.length) found.append(make("p", { class: "soft" }, say("search.partial", { titles: list(partial) })));
  if (missing.length) found.append(note("bad", "alert", say("search.missing", { titles: list(missing) })));
}

function hitsOf(part, hits, words) {
  const all = inside(part.name, say("search.show", { count: hits.length }), unseen(": ", title(part)));
  all.addEventListener("click", () => { filter = words; });
  const rows = hits.slice(0, SAMPLE).map(row => make("li", {}, hit(part, row, plain(words))));
  const head = make("h2", {}, title(part), " ", soft(figure(hits.length)));
  return make("section", { class: "hits" }, head, make("ol", { class: "records bare" }, rows), make("p", {}, all));
}

/** Of one row: when, and the columns that hold the words. */
function hit(part, row, words) {
  const holding = part.columns.filter(column => holds(column, row[column.name], words));
  const value = column => make("bdi", { class: "said" }, marked(around(text(column, row[column.name]), words), words));
  const when = part.moment && row[part.moment] ? make("small", { class: "soft" }, time(row[part.moment])) : "";
  return [when, facts(holding.map(column => [told(capital(column.label)), value(column)]))];
}

function around(shown, words) {
  const from = Math.max(0, plain(shown).indexOf(words) - AROUND), to = from + words.length + 2 * AROUND;
  return (from ? "…" : "") + shown.slice(from, to) + (to < shown.length ? "…" : "");
}

/* Frame */
function frame() {
  document.documentElement.lang = language;
  const skip = document.getElementById("skip"), menu = document.getElementById("menu");
  skip.textContent = say("skip");
  menu.setAttribute("aria-label", say("menu"));
  menu.replaceChildren(make("ul", {}, menuItem("", "house", "overview"), menuItem("search", "search", "search")));
  const languages = make("ul", { "aria-label": say("language") }, Object.keys(sentences).map(languageItem));
  document.getElementById("languages").replaceChildren(languages);
  document.getElementById("foot").replaceChildren(footer());
  skip.hidden = menu.hidden = false;
}

function menuItem(hash, sign, key) {
  const here = location.hash.slice(1) === hash ? "page" : undefined;
  return make("li", {}, make("a", { href: `#${hash}`, "aria-current": here }, icon(sign), say(key)));
}

function languageItem(code) {
  const node = button(code.toUpperCase(), () => speak(code));
  node.lang = code;
  node.setAttribute("aria-label", `${code.toUpperCase()}, ${NAMES[code]}`);
  node.setAttribute("aria-pressed", code === language);
  return make("li", {}, node);
}

/** The same page in another language, with what she typed. */
function speak(code) {
  language = code;
  sought = document.getElementById("sought")?.value ?? sought;
  filter = document.getElementById("filter")?.value ?? "";
  show(false);
  document.querySelector("#languages [aria-pressed=true]").focus();
}

function footer() {
  const { dpo, authority, controller } = manifest;
  const block = (key, ...content) => make("div", {}, make("h2", {}, say(key)), make("p", {}, ...content));
  return make("div", { class: "wrap" }, block("question", `${dpo.name}: `, mail(dpo.email)),
    block("complain", say("complain.to", authority), " ", mail(authority.email)),
    block("responsible", `${controller.name}, ${controller.address}`));
}

function show(arrived = true) {
  turn += 1;
  const hash = location.hash.slice(1), part = parts.get(hash), main = document.getElementById("content");
  frame();
  main.replaceChildren(...[part ? partPage(part) : hash === "search" ? searchPage() : overview()].flat());
  document.title = `${main.querySelector("h1").textContent} · ${manifest.controller.name}`;
  if (arrived) arrive(document.getElementById(hash) || main.querySelector("h1"));
}

/** Where reading begins: for eyes and for a screen reader. */
function arrive(node) {
  if (node.tagName === "H1") scrollTo(0, 0);
  else node.scrollIntoView();
  node.focus({ preventScroll: true });
}

function start(about) {
  manifest = about.manifest;
  answers = new Map((about.processing.categories || []).map(category => [category.record, category]));
  for (const part of manifest.parts) part.name = part.record.toLowerCase().replace(".", "_");
  parts = new Map(manifest.parts.map(part => [part.name, part]));
  for (const column of manifest.parts.flatMap(part => part.columns)) {
    if (column.role === "provided" && !labels.has(column.name)) labels.set(column.name, column.label);
  }
  activities = new Map(manifest.activities.map(activity => [activity.slug, activity]));
  stored = new Map(manifest.stored_files.map(entry => [`${entry.record} ${entry.column} ${entry.stored_as}`, entry.file]));
  language = manifest.language in sentences ? manifest.language : "en";
  addEventListener("hashchange", () => show());
  addEventListener("beforeprint", () => document.querySelectorAll("details").forEach(node => { node.open = true; }));
  show(location.hash !== "");
}
})();
