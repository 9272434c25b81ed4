// Who is signed in. The token lives as long as the tab, and nowhere else.

const TOKEN = "heimdex.token";
const LONGEST_TIMER_MS = 2 ** 31 - 1;
const listeners = new Set();
let expiry = 0;

/** The token, or null. */
export const token = () => sessionStorage.getItem(TOKEN);

/** Calls back with the reason whenever somebody signs in (null) or is signed out. */
export function onSessionChange(listener) {
  listeners.add(listener);
}

export function signIn(text) {
  sessionStorage.setItem(TOKEN, text);
  tell(null);
  watchExpiry();
}

/** @param reason a sentence for the sign-in screen */
export function signOut(reason) {
  clearTimeout(expiry);
  if (token() !== null) {
    sessionStorage.removeItem(TOKEN);
    tell(reason);
  }
}

/**
 * What the token says of its owner. Nothing is decided by it: the service verifies every call, the page
 * only leaves out what would be refused.
 */
export function identity() {
  const claims = claimsOf(token());
  const scopes = Array.isArray(claims.scopes) ? claims.scopes : String(claims.scope ?? "").split(" ");
  return {
    org: claims.org_id ?? claims.tenant ?? "",
    user: claims.sub ?? claims.user_id ?? "",
    expiresAt: typeof claims.exp === "number" ? new Date(claims.exp * 1000) : null,
    may: (scope) => scopes.includes(scope) || scopes.includes("admin"),
  };
}

/** Whether the text has the form of a token at all. */
export function looksLikeToken(text) {
  return /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text) && Object.keys(claimsOf(text)).length > 0;
}

/** Signs out when the token expires, at once if it has. */
export function watchExpiry() {
  clearTimeout(expiry);
  const { expiresAt } = identity();
  if (token() === null || expiresAt === null) {
    return;
  }
  const left = expiresAt - Date.now();
  if (left <= 0) {
    signOut("Your sign-in has expired. Sign in again to go on where you were.");
  } else {
    expiry = setTimeout(watchExpiry, Math.min(left, LONGEST_TIMER_MS));
  }
}

function tell(reason) {
  listeners.forEach((listener) => listener(reason));
}

function claimsOf(text) {
  try {
    const part = text.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(part), (letter) => letter.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes)) ?? {};
  } catch {
    return {};
  }
}
