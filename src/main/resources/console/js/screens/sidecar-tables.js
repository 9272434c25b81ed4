// The sidecar as a person reads it. Parts and fields that a later version adds show up by themselves.
import { bytes, count, duration, moment, words } from "../format.js";
import { facts, table } from "../ui.js";
import { html, nothing } from "../vendor.js";

/** The parts in the order of their interest, and in each the fields that come before the others. */
const PARTS = {
  format: ["container", "duration_s", "bitrate_kbps", "start_time_s", "streamable", "encoder", "tags"],
  video: ["codec", "profile", "level", "width_px", "height_px", "frame_rate_fps", "frame_rate_mode", "bitrate_kbps", "bit_depth",
    "pixel_format", "chroma_subsampling", "scan_type", "display_aspect", "hdr"],
  audio: ["codec", "profile", "channels", "channel_layout", "sample_rate_hz", "bitrate_kbps", "language"],
  timecode: ["value"],
  source: ["filename", "size_bytes", "type", "created_time", "modified_time", "uri", "hash"],
  provenance: ["ingested_at", "tools", "hash_quality", "source_etag"],
};

/** What is shown in a table of its own, and which fields make its columns. */
const LISTS = {
  streams: ["index", "type", "codec", "profile", "width_px", "height_px", "channels", "sample_rate_hz", "bitrate_kbps", "language"],
  chapters: ["title", "start_s", "end_s"],
  subtitles: ["stream_index", "codec", "kind", "language", "title", "forced"],
  attachments: ["stream_index", "filename", "mime_type"],
  programs: ["number", "name", "provider"],
  warning_details: ["code", "message"],
};
const TITLES = { warning_details: "Warnings" };
/** Shown elsewhere on the page, or twice in the document. */
const LEFT_OUT = new Set(["asset_id", "thumbnails", "warnings", "errors"]);

export function sidecarTables(sidecar) {
  const parts = Object.entries(sidecar).filter(([name, value]) => !LEFT_OUT.has(name) && value !== null);
  const lists = parts.filter(([, value]) => Array.isArray(value) && value.length > 0 && typeof value[0] === "object");
  const objects = inOrder(Object.fromEntries(parts.filter(([, value]) => typeof value === "object" && !Array.isArray(value))), Object.keys(PARTS));
  const plain = parts.filter(([, value]) => typeof value !== "object");
  return html`
    <div class="sidecar">
      ${lists.filter(([name]) => name === "warning_details").map(list)}
      ${objects.map(([name, value]) => html`
        <section aria-label=${words(name)}><h3>${words(name)}</h3>${facts(pairs(value, PARTS[name]))}</section>`)}
      ${lists.filter(([name]) => name !== "warning_details").map(list)}
      <section aria-label="Document"><h3>Document</h3>${facts(plain.map(([name, value]) => [words(name), value]))}</section>
    </div>`;
}

function list([name, rows]) {
  const wanted = LISTS[name] ?? Object.keys(rows[0]);
  const used = wanted.filter((field) => rows.some((row) => row[field] !== null && row[field] !== undefined && row[field] !== false));
  return html`
    <section aria-label=${TITLES[name] ?? words(name)}>
      <h3>${TITLES[name] ?? words(name)}</h3>
      ${table({
        caption: TITLES[name] ?? words(name),
        rows: rows.map((row, place) => ({ ...row, place })),
        key: (row) => row.place,
        columns: used.map((field) => ({ name: label(field), cell: (row) => said(field, row[field]) })),
      })}
    </section>`;
}

/** The fields of an object, those of objects in it with both names. */
function pairs(value, first = [], prefix = "") {
  return inOrder(value, first).filter(([, inner]) => inner !== null).flatMap(([name, inner]) => {
    const full = prefix ? `${prefix} ${name}` : name;
    if (typeof inner === "object" && !Array.isArray(inner)) {
      return pairs(inner, [], full);
    }
    return [[label(full, value), said(name, inner)]];
  });
}

/** The entries, those named first before the others. */
function inOrder(value, first = []) {
  const place = (name) => (first.includes(name) ? first.indexOf(name) : first.length);
  return Object.entries(value).toSorted(([a], [b]) => place(a) - place(b));
}

/** "width_px" as "Width": the unit stands with the number, unless there is the same without one. */
function label(field, siblings = {}) {
  const bare = field.replace(/_(s|px|kbps|hz|bytes|fps|deg|nits|lufs|lu|dbtp)$/, "");
  return words(bare in siblings ? field : bare);
}

function said(field, value) {
  if (value === null || value === undefined) {
    return "–";
  }
  if (Array.isArray(value)) {
    return value.length === 0 ? "–" : value.map(String).join(", ");
  }
  if (typeof value === "boolean") {
    return value ? "yes" : "no";
  }
  if (typeof value === "number") {
    return withUnit(field, value);
  }
  return /^\d{4}-\d\d-\d\dT/.test(value) ? html`<time datetime=${value} title=${value}>${moment(value)}</time>`
    : value.length > 26 ? html`<span class="long-text">${value}</span>` : value === "" ? nothing : value;
}

function withUnit(field, value) {
  const unit = field.match(/_(px|kbps|hz|fps|deg|nits|lufs|lu|dbtp)$/)?.[1];
  if (field.endsWith("_bytes")) {
    return `${bytes(value)} (${count(value)} bytes)`;
  }
  if (/_s$/.test(field)) {
    return Math.abs(value) < 60 ? `${value} s` : `${duration(value * 1000)} (${count(value)} s)`;
  }
  const names = { kbps: "kbit/s", hz: "Hz", deg: "°", nits: "cd/m²", lufs: "LUFS", lu: "LU", dbtp: "dBTP" };
  return unit ? `${count(value)} ${names[unit] ?? unit}` : count(value);
}
