// Every attempt of a job: its steps and their partitions, who has them, and when each was at work.
import { between, clock, count, duration } from "../format.js";
import { badge, empty, table } from "../ui.js";
import { html, nothing } from "../vendor.js";

/** How many partitions are shown unless all are asked for. */
const FIRST = 20;
const STATES = { COMPLETED: "succeeded", STARTED: "running", STARTING: "queued", STOPPED: "stopped", STOPPING: "running", ABANDONED: "abandoned" };

const stateOf = ({ batch_status: status }) => STATES[status] ?? "failed";

/** An attempt over many files may end well and leave some that failed. */
const stateOfAttempt = (attempt, ofMany) => (ofMany && attempt.exit_code === "ITEM_FAILED" ? "some failed" : stateOf(attempt));

/**
 * @param ofMany whether the job is about many files
 * @param all whether every partition of long attempts is shown
 */
export function attempts(items, { ofMany, all, showAll }) {
  if (items.length === 0) {
    return empty("No worker has begun.", "Every attempt will be listed here with its steps and who worked on them.");
  }
  const newest = items.length;
  return items.toReversed().map((attempt) => html`
    <details class="attempt" ?open=${attempt.attempt === newest}>
      <summary><strong>Attempt ${attempt.attempt}</strong> ${badge(stateOfAttempt(attempt, ofMany))}
        <span class="sub">${between(attempt.started_at, attempt.finished_at)}</span></summary>
      ${steps(attempt, all, showAll)}
    </details>`);
}

function steps(attempt, all, showAll) {
  const rows = attempt.steps.flatMap((step) => [step, ...step.partitions.map((part) => ({ ...part, nested: true }))]);
  if (rows.length === 0) {
    return empty("No step has begun.");
  }
  const from = Date.parse(attempt.started_at);
  const to = attempt.finished_at ? Date.parse(attempt.finished_at) : Date.now();
  const some = all ? rows : rows.filter(mattersMost(rows));
  return html`
    ${table({
      caption: `Steps of attempt ${attempt.attempt}, from ${clock(from)} to ${attempt.finished_at ? clock(to) : "now"}`,
      seen: true,
      rows: some,
      key: (row) => row.name,
      columns: [
        { name: "Step", kind: "main step", cell: (row) => html`<span class=${row.nested ? "part" : "whole"}>${row.name}</span>` },
        { name: "State", cell: (row) => badge(stateOf(row)) },
        { name: "Worker", cell: (row) => (row.worker ? html`<span class="worker">${row.worker}</span>` : "–") },
        { name: "Timeline", kind: "wide", cell: (row) => bar(row, from, to) },
        { name: "Took", kind: "number", cell: (row) => between(row.started_at, row.finished_at) },
        { name: "Read", kind: "number", cell: (row) => count(row.read) },
        { name: "Written", kind: "number", cell: (row) => count(row.written) },
        { name: "Rolled back", kind: "number", cell: (row) => count(row.rolled_back) },
      ],
    })}
    ${some.length < rows.length
      ? html`<p class="more"><button type="button" class="quiet" @click=${showAll}>Show all ${count(rows.length)} steps and partitions</button></p>`
      : nothing}`;
}

/** Steps, then partitions that somebody has in hand or that failed, then those that began last. */
function mattersMost(rows) {
  const rank = (row) => (row.worker ? 0 : stateOf(row) === "failed" ? 1 : 2);
  const begun = rows.filter((row) => row.nested && row.started_at)
    .toSorted((a, b) => rank(a) - rank(b) || Date.parse(b.started_at) - Date.parse(a.started_at));
  const chosen = new Set(begun.slice(0, FIRST));
  return (row) => !row.nested || chosen.has(row);
}

/** When the step was at work within its attempt. */
function bar(row, from, to) {
  if (!row.started_at) {
    return "–";
  }
  const span = Math.max(1, to - from);
  const begin = Math.max(0, (1000 * (Date.parse(row.started_at) - from)) / span);
  const end = (1000 * ((row.finished_at ? Date.parse(row.finished_at) : to) - from)) / span;
  const after = duration(Math.max(0, Date.parse(row.started_at) - from));
  return html`
    <svg class="bar-line" viewBox="0 0 1000 10" preserveAspectRatio="none" role="img"
         aria-label="Began ${after} after the attempt, took ${between(row.started_at, row.finished_at)}">
      <rect class="track" width="1000" height="10"></rect>
      <rect class="span" data-state=${stateOf(row)} x=${Math.min(begin, 992)} width=${Math.max(8, end - begin)} height="10"></rect>
    </svg>`;
}
