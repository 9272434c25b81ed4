// Puts the page together: who is signed in, which screen is shown, and where the focus goes.
import { html, nothing, render } from "./vendor.js";
import { finishLogin } from "./oidc.js";
import { place } from "./router.js";
import { identity, onSessionChange, signOut, token, watchExpiry } from "./session.js";
import { announce } from "./ui.js";
import { Archive } from "./screens/archive.js";
import { Asset } from "./screens/asset.js";
import { Audit } from "./screens/audit.js";
import { Job } from "./screens/job.js";
import { Jobs } from "./screens/jobs.js";
import { Run } from "./screens/run.js";
import { SignIn } from "./screens/signin.js";
import { Workers } from "./screens/workers.js";

const AREAS = [
  { name: "jobs", label: "Jobs", list: Jobs, one: Job, scope: "jobs:read" },
  { name: "archive", label: "Archive", list: Archive, one: Asset, scope: "media:read" },
  { name: "run", label: "New run", list: Run, scope: "jobs:run" },
  { name: "workers", label: "Workers", list: Workers, scope: "jobs:read" },
  { name: "audit", label: "Audit", list: Audit, scope: "admin" },
];

const app = document.getElementById("app");
app.replaceChildren();
let screen = null;
let reason = null;

function areaOf({ parts }) {
  return AREAS.find(({ name }) => name === parts[0]) ?? AREAS.find(({ scope }) => identity().may(scope)) ?? AREAS[0];
}

function screenOf(at) {
  if (token() === null) {
    return SignIn;
  }
  const area = areaOf(at);
  return at.parts[0] === area.name && at.parts.length > 1 && area.one ? area.one : area.list;
}

/** Shows what the address says. Focus moves only when another screen comes up. */
function show() {
  const at = place();
  const kind = screenOf(at);
  if (screen instanceof kind && screen.parts.join("/") === at.parts.join("/")) {
    screen.refined(at.query);
  } else {
    change(kind, at);
  }
}

function change(kind, at) {
  const first = screen === null;
  screen?.close();
  render(shell(at), app);
  const main = document.getElementById("main");
  main.replaceChildren();
  const host = document.createElement("div");
  host.className = "screen";
  main.append(host);
  screen = new kind(host, { ...at, reason });
  reason = null;
  screen.open();
  screen.update();
  document.title = `${screen.title} · Heimdex Archive`;
  scrollTo(0, 0);
  if (!first) {
    main.focus();
    announce(screen.title);
  }
}

function shell(at) {
  const signedIn = token() !== null;
  return html`
    <a class="skip" href="#main" @click=${skip}>Skip to content</a>
    <header class="bar">
      <p class="brand"><img src="icon.svg" alt="" width="24" height="24">Heimdex <span>Archive</span></p>
      ${signedIn ? html`${navigation(areaOf(at))}${account()}` : nothing}
    </header>
    <main id="main" tabindex="-1"></main>`;
}

const navigation = (current) => html`
  <nav aria-label="Main">
    <ul>${AREAS.filter(({ scope }) => identity().may(scope)).map((area) => html`
      <li><a href="#/${area.name}" aria-current=${area === current ? "page" : "false"}>${area.label}</a></li>`)}</ul>
  </nav>`;

const account = () => html`
  <div class="account">
    <p><span class="org">${identity().org}</span> <span class="user">${identity().user}</span></p>
    <button type="button" class="quiet" @click=${() => signOut("You are signed out.")}>Sign out</button>
  </div>`;

function skip(event) {
  event.preventDefault();
  document.getElementById("main").focus();
}

onSessionChange((why) => {
  reason = why;
  if (screen !== null) {
    change(screenOf(place()), place());
  }
});
addEventListener("hashchange", show);

await finishLogin().catch((failure) => (reason = failure.message));
watchExpiry();
show();
