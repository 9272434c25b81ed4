// Asks before anything is done, and says what it will do.
import { html, nothing, render } from "./vendor.js";
import { announce, loading, trouble } from "./ui.js";

/**
 * Asks, does it if told so, and closes.
 *
 * @param title what is about to be done
 * @param describe async; what it will do, as {text, action, possible?}
 * @param run async; does it
 * @param danger whether it cannot be undone
 * @return what run gave, or undefined if it was not done
 */
export function ask({ title, describe, run, danger = false }) {
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-labelledby", "dialog-title");
  document.body.append(dialog);
  let result;
  let state = {};

  const show = (change) => {
    state = { ...state, ...change };
    render(content(), dialog);
  };
  const act = async () => {
    show({ busy: true, problem: undefined });
    try {
      result = await run();
      announce(`${title}: done.`);
      dialog.close();
    } catch (problem) {
      show({ busy: false, problem });
    }
  };
  const content = () => html`
    <h2 id="dialog-title">${title}</h2>
    <div class="dialog-text" aria-live="polite">
      ${state.plan ? state.plan.text : state.refusal ? trouble(state.refusal) : loading("Counting")}
      ${state.problem ? trouble(state.problem) : nothing}
    </div>
    <div class="dialog-buttons">
      <button type="button" class="quiet" autofocus @click=${() => dialog.close()}>Cancel</button>
      ${state.refusal || state.plan?.possible === false ? nothing : html`
        <button type="button" class=${danger ? "danger" : "primary"} ?disabled=${!state.plan || state.busy} @click=${act}>
          ${state.plan?.action ?? title}</button>`}
    </div>`;

  show({});
  dialog.showModal();
  describe().then((plan) => show({ plan }), (refusal) => show({ refusal }));
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(result);
    });
  });
}
