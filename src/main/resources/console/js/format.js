// Numbers and times as people read them.

const COUNT = new Intl.NumberFormat("en");
const SHORT = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });
const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const UNITS = ["B", "kB", "MB", "GB", "TB", "PB"];

export const NONE = "–";

export const count = (value) => (value === null || value === undefined ? NONE : COUNT.format(value));

/** "1 file", "1,200 files" */
export const counted = (value, one, many = `${one}s`) => `${COUNT.format(value)} ${value === 1 ? one : many}`;

export function bytes(value) {
  const step = value < 1000 ? 0 : Math.min(Math.floor(Math.log10(value) / 3), UNITS.length - 1);
  return `${SHORT.format(value / 1000 ** step)} ${UNITS[step]}`;
}

export const rate = (value) => (value === null || value === undefined ? NONE : `${SHORT.format(value)}/s`);

/** "in 4 min"; a time that has passed is just about now. */
export const eta = (text) => (text ? `in ${duration(Math.max(1000, new Date(text) - Date.now()))}` : NONE);

export function duration(ms) {
  const seconds = ms / 1000;
  if (seconds < 1) {
    return `${Math.max(0, Math.round(ms))} ms`;
  }
  if (seconds < 60) {
    return `${SHORT.format(seconds)} s`;
  }
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) {
    return `${minutes} min ${Math.round(seconds % 60)} s`;
  }
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** How long from one time to the other, or to now. */
export const between = (from, to) => (from ? duration((to ? new Date(to) : Date.now()) - new Date(from)) : NONE);

/** "12 s ago", a clock time today, a day before that. */
export function ago(text) {
  const time = new Date(text);
  const past = Date.now() - time;
  if (past < 60_000) {
    return past < 5000 ? "just now" : `${Math.round(past / 1000)} s ago`;
  }
  return past < 3_600_000 ? `${Math.floor(past / 60_000)} min ago` : moment(text);
}

export function moment(text) {
  if (!text) {
    return NONE;
  }
  const time = new Date(text);
  const today = time.toDateString() === new Date().toDateString();
  return today ? CLOCK.format(time) : `${DAY.format(time)}, ${CLOCK.format(time)}`;
}

export const clock = (text) => CLOCK.format(new Date(text));

/** The last name of a source URI. */
export const fileName = (uri) => {
  const name = (uri ?? "").split("/").pop();
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
};

/** The beginning of an id, enough to tell it from others. */
export const shortId = (id) => (id.includes(":") ? `${id.split(":")[0]}:${id.split(":")[1].slice(0, 8)}…` : id.slice(0, 8));

const ACRONYMS = { hdr: "HDR", id: "ID", uri: "URI", etag: "ETag", mime: "MIME", ffmpeg: "FFmpeg", ffprobe: "ffprobe" };

/** "display_width" as "Display width" */
export const words = (key) => {
  const text = key.split(/[_ ]/).map((word) => ACRONYMS[word] ?? word).join(" ");
  return text === "ffprobe" ? text : text.charAt(0).toUpperCase() + text.slice(1);
};
