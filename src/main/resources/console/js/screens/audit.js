// Who did what to which job, refused tries too.
import { get } from "../api.js";
import { shortId } from "../format.js";
import { link, refine } from "../router.js";
import { Screen } from "../screen.js";
import { badge, choice, empty, more, shown, table, time } from "../ui.js";
import { html } from "../vendor.js";

const ACTIONS = ["restart", "stop", "abandon", "recover"];
const PAGE = 50;

export class Audit extends Screen {
  title = "Audit";

  async open() {
    this.list = undefined;
    this.update();
    await this.#page();
  }

  #page(cursor) {
    const asked = this.query;
    const { action, user, job_id, since } = asked;
    return this.load("list", async () => {
      const filter = { action, user, job_id, since: since ? new Date(since).toISOString() : "" };
      const page = await get("v1/audit", { ...filter, limit: PAGE, cursor }, this.signal);
      if (asked !== this.query) {
        return this.list;
      }
      return cursor ? { ...page, items: [...this.list.items, ...page.items] } : page;
    });
  }

  view() {
    const { query } = this;
    return html`
      <h1>Audit</h1>
      <form class="filters" role="search" aria-label="Audit" @submit=${(event) => this.#search(event)}>
        ${choice("Action", "action", query.action, ACTIONS, (name, value) => refine({ ...query, [name]: value }))}
        <label class="field">User <input name="user" .value=${query.user ?? ""}></label>
        <label class="field">Job <input name="job_id" .value=${query.job_id ?? ""} spellcheck="false"></label>
        <label class="field">Since <input type="date" name="since" .value=${query.since ?? ""}></label>
        <button type="submit" class="quiet">Search</button>
      </form>
      ${shown(this, "list", (page) => this.#table(page), { again: () => this.#page() })}`;
  }

  #search(event) {
    event.preventDefault();
    refine(Object.fromEntries(new FormData(event.target)));
  }

  #table(page) {
    if (page.items.length === 0) {
      return Object.values(this.query).some(Boolean)
        ? empty("Nothing fits.", html`<a href="#/audit">Show everything</a>`)
        : empty("Nobody has done anything yet.", "Restarts, stops and abandoned jobs will be listed here.");
    }
    return html`
      ${table({
        caption: "What was done to jobs, newest first",
        rows: page.items,
        key: (entry) => entry.audit_id,
        columns: [
          { name: "When", cell: (entry) => time(entry.at) },
          { name: "Who", kind: "main", cell: (entry) => html`<strong>${entry.user}</strong>` },
          { name: "Action", cell: (entry) => entry.action.replaceAll("_", " ") },
          { name: "Job", cell: (entry) => (entry.job_id ? html`<a href=${link(["jobs", entry.job_id])}>${shortId(entry.job_id)}</a>` : "–") },
          { name: "Outcome", cell: (entry) => html`${badge(entry.outcome)} ${entry.code ? html`<code>${entry.code}</code>` : ""}` },
        ],
      })}
      ${more(page, () => this.#page(page.next_cursor))}`;
  }
}
