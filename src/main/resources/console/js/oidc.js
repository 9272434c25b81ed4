// Signing in at an OpenID Connect issuer: authorization code with PKCE (RFC 7636), by a full-page redirect.
import { signIn } from "./session.js";

const PENDING = "heimdex.login";

const home = () => new URL(".", document.baseURI).href;

const urlSafe = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)))
  .replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

const random = () => urlSafe(crypto.getRandomValues(new Uint8Array(32)));

/** Leaves the page for the issuer's. */
export async function beginLogin({ issuer, client_id: clientId, scopes }) {
  const discovered = await discover(issuer);
  const verifier = random();
  const state = random();
  sessionStorage.setItem(PENDING, JSON.stringify({ issuer, clientId, verifier, state, back: location.hash }));
  const url = new URL(discovered.authorization_endpoint);
  const challenge = urlSafe(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier)));
  Object.entries({
    response_type: "code",
    client_id: clientId,
    redirect_uri: home(),
    scope: scopes.join(" "),
    state,
    code_challenge: challenge,
    code_challenge_method: "S256",
  }).forEach(([name, value]) => url.searchParams.set(name, value));
  location.assign(url);
}

/** Signs in with what the issuer sent back, if this page is opened by its redirect. */
export async function finishLogin() {
  const answer = new URLSearchParams(location.search);
  const pending = JSON.parse(sessionStorage.getItem(PENDING) ?? "null");
  if (!answer.has("state")) {
    return;
  }
  sessionStorage.removeItem(PENDING);
  history.replaceState(null, "", home() + (pending?.back ?? ""));
  // An answer to a question that this tab never asked may be somebody else's sign-in.
  if (pending === null || answer.get("state") !== pending.state
      || (answer.has("iss") && answer.get("iss") !== pending.issuer)) {
    throw new Error("The sign-in was not begun in this tab. Begin it again.");
  }
  if (answer.has("error")) {
    throw new Error(`The issuer refused the sign-in: ${answer.get("error_description") ?? answer.get("error")}.`);
  }
  signIn(await redeem(answer.get("code"), pending));
}

async function redeem(code, { issuer, clientId, verifier }) {
  const { token_endpoint: endpoint } = await discover(issuer);
  const { access_token: token } = await fetchJson(endpoint, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "authorization_code",
      code,
      client_id: clientId,
      redirect_uri: home(),
      code_verifier: verifier,
    }),
  });
  return token;
}

/** The issuer's endpoints; a document that speaks for another issuer is not taken. */
async function discover(issuer) {
  const found = await fetchJson(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`, {});
  if (found.issuer.replace(/\/$/, "") !== issuer.replace(/\/$/, "")) {
    throw new Error("The issuer's configuration is another issuer's.");
  }
  return found;
}

async function fetchJson(url, options) {
  const response = await fetch(url, {
    ...options, credentials: "omit", referrerPolicy: "no-referrer", signal: AbortSignal.timeout(15_000),
  }).catch(() => {
    throw new Error("The issuer cannot be reached.");
  });
  if (!response.ok) {
    throw new Error(`The issuer did not accept the sign-in (${response.status}).`);
  }
  return response.json();
}
