// Signing in: with a token, with a dev token on one's own machine, or at the issuer.
import { get, post } from "../api.js";
import { beginLogin } from "../oidc.js";
import { Screen } from "../screen.js";
import { looksLikeToken, signIn } from "../session.js";
import { loading, trouble } from "../ui.js";
import { html, nothing } from "../vendor.js";

const SCOPES = ["media:read", "media:write", "jobs:read", "jobs:run", "jobs:operate", "admin"];

export class SignIn extends Screen {
  title = "Sign in";

  constructor(host, at) {
    super(host, at);
    this.reason = at.reason;
  }

  open() {
    return this.load("config", () => get("console/config.json", {}, this.signal));
  }

  refined() {
    // Where somebody wants to go makes no other sign-in.
  }

  view() {
    return html`
      <div class="sign-in">
        <h1>Sign in</h1>
        ${this.reason ? html`<p class="notice" role="status">${this.reason}</p>` : nothing}
        ${this.problems?.config ? trouble(this.problems.config, () => this.open()) : nothing}
        ${this.config || this.problems?.config ? nothing : loading()}
        ${this.config?.oidc ? this.#issuer(this.config.oidc) : nothing}
        ${this.config?.dev_tokens ? this.#devToken() : nothing}
        ${this.#token()}
      </div>`;
  }

  #issuer(oidc) {
    return html`
      <section class="card">
        <h2>With your account</h2>
        <p>At <code>${new URL(oidc.issuer).host}</code>, which brings you back here.</p>
        <button type="button" class="primary" @click=${() => this.#attempt(() => beginLogin(oidc))}>Continue</button>
        ${this.#problemOf("issuer")}
      </section>`;
  }

  #devToken() {
    return html`
      <section class="card">
        <h2>With a dev token</h2>
        <p>This service runs on your machine and hands out tokens for trying things out. They last an hour.</p>
        <form @submit=${(event) => this.#askForDevToken(event)}>
          <div class="fields">
            <label class="field">Organisation
              <input name="org" value="demo" required autocomplete="organization"></label>
            <label class="field">Your name
              <input name="user" value="operator" required autocomplete="username"></label>
          </div>
          <fieldset><legend>Scopes</legend>
            ${SCOPES.map((scope) => html`<label><input type="checkbox" name="scope" value=${scope} checked>${scope}</label>`)}
          </fieldset>
          <button type="submit" class="primary">Get a token and sign in</button>
        </form>
        ${this.#problemOf("dev")}
      </section>`;
  }

  #token() {
    return html`
      <section class="card">
        <h2>With a token</h2>
        <form @submit=${(event) => this.#useToken(event)}>
          <label class="field">Bearer token
            <textarea name="token" rows="3" required spellcheck="false" autocomplete="off"
                      aria-describedby="token-hint"></textarea></label>
          <p id="token-hint" class="hint">It stays in this tab and is forgotten when you close it or sign out.</p>
          <button type="submit" class=${this.config?.dev_tokens || this.config?.oidc ? "quiet" : "primary"}>Sign in</button>
        </form>
        ${this.#problemOf("token")}
      </section>`;
  }

  #problemOf(form) {
    return this.failed?.form === form ? trouble(this.failed.problem) : nothing;
  }

  #askForDevToken(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    return this.#attempt(async () => {
      const body = { org_id: form.get("org").trim(), user_id: form.get("user").trim(), scopes: form.getAll("scope") };
      signIn((await post("v1/admin/dev-token", body)).token);
    }, "dev");
  }

  #useToken(event) {
    event.preventDefault();
    const text = new FormData(event.target).get("token").trim().replace(/^Bearer\s+/i, "");
    return this.#attempt(async () => {
      if (!looksLikeToken(text)) {
        throw new Error("This is no token: it has three parts with dots in between.");
      }
      signIn(text);
    }, "token");
  }

  async #attempt(work, form = "issuer") {
    this.failed = undefined;
    try {
      await work();
    } catch (problem) {
      this.failed = { form, problem };
    }
    this.update();
  }
}
