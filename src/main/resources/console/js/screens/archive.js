// What the archive has, in charts and as a list that can be searched.
import { get } from "../api.js";
import { asTable, bars, canvas, draw } from "../charts.js";
import { ago, bytes, count, counted, fileName, shortId } from "../format.js";
import { link, place, refine } from "../router.js";
import { Screen } from "../screen.js";
import { badge, choice, empty, more, shown, table } from "../ui.js";
import { html, nothing } from "../vendor.js";

const PAGE = 50;
const MOST_BARS = 8;
const TYPING_MS = 300;
/** What the summary calls kinds that are too rare for a line of their own. */
const REST = "other";

/** The charts: where the summary has their numbers, and which filter a bar stands for. */
const KINDS = [
  { field: "by_status", filter: "status", title: "Status" },
  { field: "by_container", filter: "container", title: "Container" },
  { field: "by_video_codec", filter: "video_codec", title: "Video codec" },
  { field: "by_resolution", filter: "resolution", title: "Resolution", order: ["none", "sd", "hd", "full_hd", "uhd_4k", "uhd_8k"] },
  { field: "by_duration", filter: "duration", title: "Duration", order: ["unknown", "under_1m", "under_10m", "under_1h", "over_1h"] },
  { field: "by_hdr_class", filter: "hdr_class", title: "Dynamic range", order: ["sdr", "hdr10", "hdr10_plus", "hlg", "dolby_vision", "invalid"] },
];

const NAMES = {
  none: "no picture", sd: "SD", hd: "HD", full_hd: "Full HD", uhd_4k: "UHD 4K", uhd_8k: "UHD 8K",
  unknown: "unknown", under_1m: "under 1 min", under_10m: "1 to 10 min", under_1h: "10 min to 1 h", over_1h: "over 1 h",
  sdr: "SDR", hdr10: "HDR10", hdr10_plus: "HDR10+", hlg: "HLG", dolby_vision: "Dolby Vision", invalid: "contradictory",
};
const STATUS_INK = { ready: "good", failed: "bad", processing: "busy", queued: "muted" };

const nameOf = (key) => NAMES[key] ?? key ?? "none";

export class Archive extends Screen {
  title = "Archive";
  #typing = 0;

  async open() {
    this.list = undefined;
    this.update();
    await Promise.all([
      this.summary ? undefined : this.load("summary", () => get("v1/assets/summary", {}, this.signal)),
      this.#page(),
    ]);
  }

  #page(cursor) {
    const asked = this.query;
    return this.load("list", async () => {
      const page = await get("v1/assets", { ...asked, limit: PAGE, cursor }, this.signal);
      if (asked !== this.query) {
        return this.list;
      }
      return cursor ? { ...page, items: [...this.list.items, ...page.items] } : page;
    });
  }

  view() {
    return html`
      <div class="head">
        <h1>Archive</h1>
        ${this.summary ? html`<p class="summary">${counted(this.summary.total, "asset")}, ${bytes(this.summary.total_bytes)}${this.summary.as_of
          ? `, as of ${ago(this.summary.as_of)}` : ""}</p>` : nothing}
      </div>
      ${shown(this, "summary", (summary) => (summary.total === 0 ? nothing : this.#charts(summary)), {
        absent: "This service draws up no summary.", again: () => this.open(),
      })}
      <section aria-labelledby="assets-title" class="assets">
        <h2 id="assets-title">Assets</h2>
        ${this.#search()}
        ${shown(this, "list", (page) => this.#table(page), { again: () => this.#page() })}
      </section>`;
  }

  #charts(summary) {
    return html`<div class="chart-grid">${KINDS.map((kind) => {
      const items = itemsOf(summary, kind);
      const label = `${kind.title}: ${items.map((item) => `${item.label} ${count(item.count)}`).join(", ")}`;
      return html`
        <section class="card" aria-label=${`Assets by ${kind.title.toLowerCase()}`}>
          <h2 class="chart-title">${kind.title}</h2>
          ${items.length === 0 ? html`<p class="hint">Nothing known yet.</p>` : html`
            ${canvas(`chart-${kind.filter}`, label)}
            ${asTable(`Assets by ${kind.title.toLowerCase()}`, items, [
              { name: kind.title, cell: (item) => (item.key === null ? item.label
                : html`<a href=${link(["archive"], { [kind.filter]: item.key })}>${item.label}</a>`) },
              { name: "Assets", kind: "number", cell: (item) => count(item.count) },
            ])}`}
        </section>`;
    })}</div>`;
  }

  drawn() {
    if (this.summary === undefined || this.summary.total === 0 || this.drawnSummary === this.summary) {
      return;
    }
    this.drawnSummary = this.summary;
    for (const kind of KINDS) {
      draw(`chart-${kind.filter}`, bars(itemsOf(this.summary, kind), (item) => item.key && this.#refine(kind.filter, item.key),
        (item) => (kind.filter === "status" ? STATUS_INK[item.key] ?? "accent" : "accent")));
    }
  }

  #search() {
    const { query } = this;
    const pick = (...said) => this.#refine(...said);
    const keys = (field) => (this.summary?.[field] ?? []).map((item) => item.key).filter((key) => key !== REST);
    return html`
      <form class="filters" role="search" aria-label="Assets" @submit=${(event) => event.preventDefault()}>
        <label class="field">Name contains
          <input type="search" name="q" .value=${query.q ?? ""} minlength="3" placeholder="3 letters or more"
                 @input=${(event) => this.#type(event.target.value.trim())}></label>
        ${choice("Status", "status", query.status, ["queued", "processing", "ready", "failed"], pick)}
        ${choice("Container", "container", query.container, withOwn(keys("by_container"), query.container), pick)}
        ${choice("Video codec", "video_codec", query.video_codec, withOwn(keys("by_video_codec"), query.video_codec), pick)}
        ${choice("Resolution", "resolution", query.resolution, KINDS[3].order, pick, nameOf)}
        ${choice("Duration", "duration", query.duration, KINDS[4].order, pick, nameOf)}
        ${choice("Dynamic range", "hdr_class", query.hdr_class, KINDS[5].order, pick, nameOf)}
        ${Object.values(query).some(Boolean) ? html`<a class="button quiet" href="#/archive">Clear</a>` : nothing}
      </form>`;
  }

  #type(text) {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => {
      // Whoever has gone on meanwhile is not brought back.
      if (!this.signal.aborted && (text === "" || text.length >= 3)) {
        this.#refine("q", text);
      }
    }, TYPING_MS);
  }

  #refine(name, value) {
    refine({ ...place().query, [name]: value ?? "" });
  }

  #table(page) {
    if (page.items.length === 0) {
      return Object.values(this.query).some(Boolean)
        ? empty("No asset fits.", html`<a href="#/archive">Show all assets</a>`)
        : empty("The archive is empty.", html`Upload files through the API, or <a href="#/run">scan the archive folder</a>.`);
    }
    return html`
      ${table({
        caption: "Assets that fit",
        rows: page.items,
        key: (asset) => asset.asset_id,
        columns: [
          { name: "File", kind: "main", cell: (asset) => html`
            <a href=${link(["archive", asset.asset_id])}>${fileName(asset.source_uri)}</a><span class="sub">${shortId(asset.asset_id)}</span>` },
          { name: "Status", cell: (asset) => badge(asset.status) },
          { name: "Size", kind: "number", cell: (asset) => bytes(asset.size_bytes) },
          { name: "Pictures", kind: "number", cell: (asset) => count(asset.thumbnails.length) },
          { name: "Failure", cell: (asset) => (asset.failure ? html`<code>${asset.failure.code}</code>` : "–") },
        ],
      })}
      ${more(page, () => this.#page(page.next_cursor))}`;
  }
}

/** The bars of one chart: scales in their order, the others with what is rare as one. */
function itemsOf(summary, { field, order }) {
  const items = (summary[field] ?? []).map((item) => ({ ...item, label: nameOf(item.key) }));
  if (order) {
    return items.toSorted((a, b) => order.indexOf(a.key) - order.indexOf(b.key));
  }
  const named = items.filter((item) => item.key !== REST).toSorted((a, b) => b.count - a.count);
  const rest = [...named.slice(MOST_BARS), ...items.filter((item) => item.key === REST)];
  return rest.length === 0 ? named : [...named.slice(0, MOST_BARS),
    { key: null, label: "others", count: rest.reduce((sum, item) => sum + item.count, 0) }];
}

const withOwn = (options, own) => (own && !options.includes(own) ? [own, ...options] : options);
