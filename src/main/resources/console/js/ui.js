// The parts that screens are made of.
import { html, nothing, repeat } from "./vendor.js";
import { Problem } from "./api.js";
import { moment } from "./format.js";

const MARKS = {
  queued: "○", running: "▶", processing: "▶", succeeded: "✓", ready: "✓", alive: "✓", done: "✓",
  failed: "✕", dead: "✕", refused: "✕", stopped: "■", late: "!", "some failed": "!", abandoned: "■",
};

/** A state, told by word, mark and colour. */
export const badge = (state) => html`<span class="badge" data-state=${state}><span aria-hidden="true">${MARKS[state] ?? "·"}</span>${state}</span>`;

/** A sentence that a screen reader says, too. */
export function announce(sentence) {
  document.getElementById("announcements").textContent = sentence;
}

export const loading = (what = "Loading") => html`
  <div class="loading" role="status"><span class="spinner" aria-hidden="true"></span>${what}…</div>`;

export const empty = (title, hint = nothing) => html`
  <div class="empty"><p class="empty-title">${title}</p>${hint === nothing ? nothing : html`<p>${hint}</p>`}</div>`;

/**
 * A failure, in the service's own words.
 *
 * @param problem of a call, an error of the page, or {title, detail, code} of something that is shown
 */
export function trouble(problem, again) {
  const ownError = problem instanceof Error && !(problem instanceof Problem);
  const known = ownError ? { title: problem.message } : problem;
  return html`
    <div class="trouble" role="alert">
      <p class="trouble-title">${known.title}</p>
      ${known.detail && known.detail !== `${known.title}.` ? html`<p>${known.detail}</p>` : nothing}
      ${known.code ? html`<p>Code <code>${known.code}</code></p>` : nothing}
      ${again ? html`<button type="button" class="quiet" @click=${again}>Try again</button>` : nothing}
    </div>`;
}

/**
 * What there is of a thing: its problem, that it is on its way, or itself.
 * A call that the service does not know shows as nothing to see.
 */
export function shown(screen, name, show, { absent = "This service does not offer it.", again } = {}) {
  const problem = screen.problems?.[name];
  if (problem?.isUnknownCall) {
    return empty(absent);
  }
  if (problem !== undefined && screen[name] === undefined) {
    return trouble(problem, again);
  }
  if (screen[name] === undefined) {
    return loading();
  }
  return html`${problem === undefined ? nothing : trouble(problem, again)}${show(screen[name])}`;
}

/**
 * A table that phones show as cards. Its roles are said, as browsers forget them with the layout.
 *
 * @param columns each {name, cell: (row) => what, kind?: "number" | "wide" | "actions" | "main"}
 */
export function table({ caption, columns, rows, key, seen = false }) {
  return html`
    <table role="table" class="cards">
      <caption class=${seen ? "" : "unseen"}>${caption}</caption>
      <thead role="rowgroup"><tr role="row">
        ${columns.map(({ name, kind }) => html`<th role="columnheader" scope="col" class=${kind ?? ""}>${name}</th>`)}
      </tr></thead>
      <tbody role="rowgroup">
        ${repeat(rows, key, (row) => html`<tr role="row" class=${row.nested ? "nested" : ""}>
          ${columns.map(({ name, cell, kind }) => html`<td role="cell" class=${kind ?? ""} data-label=${name}>${cell(row)}</td>`)}
        </tr>`)}
      </tbody>
    </table>`;
}

/** How far something is; what failed of it is marked. */
export function progress(done, total, failed, label) {
  const share = (value) => (total > 0 ? (100 * value) / total : 0);
  return html`
    <svg class="progress" viewBox="0 0 100 4" preserveAspectRatio="none" role="progressbar" aria-label=${label}
         aria-valuemin="0" aria-valuemax=${total} aria-valuenow=${done}>
      <rect class="track" width="100" height="4"></rect>
      <rect class="good" width=${share(done)} height="4"></rect>
      <rect class="bad" x=${share(done - failed)} width=${share(failed)} height="4"></rect>
    </svg>`;
}

/** A list of facts; pairs without a value are left out. */
export const facts = (pairs) => html`
  <dl class="facts">${pairs.filter(([, value]) => value !== null && value !== undefined && value !== nothing)
    .map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;

export const time = (text) => (text ? html`<time datetime=${text} title=${text}>${moment(text)}</time>` : "–");

/** A drop-down whose first choice is everything. */
export const choice = (label, name, value, options, pick, nameOf = (option) => option) => html`
  <label class="field">${label}
    <select name=${name} @change=${(event) => pick(name, event.target.value)}>
      <option value="" ?selected=${!value}>All</option>
      ${options.map((option) => html`<option value=${option} ?selected=${option === value}>${nameOf(option)}</option>`)}
    </select>
  </label>`;

export const more = (page, load) => (page.next_cursor
  ? html`<p class="more"><button type="button" class="quiet" @click=${load}>Show more</button></p>`
  : nothing);
