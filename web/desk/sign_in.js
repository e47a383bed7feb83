import { button, fill, h, labelled, showDialog } from "./dom.js";
import { failure } from "./parts.js";
import { Session } from "./service.js";
import { problemWords } from "./words.js";

/**
 * @param {string} label
 * @param {Record<string, any>} props
 */
function field(label, props) {
  return labelled(label, h("input", props));
}

/** @param {HTMLElement} form @param {string} name */
const valueOf = (form, name) =>
  /** @type {HTMLInputElement | null} */ (form.querySelector(`[name="${name}"]`))?.value ?? "";

const CODE = { name: "code", inputmode: "numeric", autocomplete: "one-time-code", required: true };

/**
 * A form that says what was wrong below its fields.
 *
 * @param {Node[]} fields
 * @param {string} label of its button
 * @param {(form: HTMLFormElement) => Promise<void>} send
 * @param {(code: string, form: HTMLFormElement) => void} [refused]
 * @returns {HTMLFormElement}
 */
function form(fields, label, send, refused) {
  const told = h("div", { class: "told" });
  const go = h("button", { class: "primary", type: "submit" }, label);
  const made = h("form", null, ...fields, told, go);
  made.addEventListener("submit", async (/** @type {Event} */ event) => {
    event.preventDefault();
    go.disabled = true;
    fill(told);
    try {
      await send(made);
    } catch (problem) {
      refused?.(/** @type {any} */ (problem).code, made);
      fill(told, failure(problemWords(/** @type {any} */ (problem))));
    }
    go.disabled = false;
  });
  return made;
}

/** @param {(session: Session) => Promise<void>} signedIn */
function signInForm(signedIn) {
  return form(
    [
      field("Username or e-mail", {
        name: "identifier",
        autocomplete: "username",
        required: true,
        autocapitalize: "none",
      }),
      field("Password", { name: "password", type: "password", autocomplete: "current-password", required: true }),
    ],
    "Sign in",
    async (form) => {
      const session = await Session.begin(
        valueOf(form, "identifier"),
        valueOf(form, "password"),
        valueOf(form, "code"),
      );
      await signedIn(session);
    },
    (code, form) => {
      if (code !== "second_factor_required" || form.querySelector('[name="code"]')) return;
      const code_field = field("Code of your device", CODE);
      form.querySelector(".told")?.before(code_field);
      code_field.querySelector("input")?.focus();
    },
  );
}

/** @param {string} title @param {...(Node | null)} children */
function gate(title, ...children) {
  fill(
    document.body,
    h("main", { class: "gate" }, h("p", { class: "brand" }, "Desk"), h("h1", null, title), ...children),
  );
  /** @type {HTMLElement | null} */ (document.querySelector("input"))?.focus();
}

/**
 * Whoever is signed in and has the rights of staff awake: he is asked for whatever is missing.
 *
 * @returns {Promise<Session>}
 */
export async function signIn() {
  const kept = await Session.resume();
  /** @type {Session} */
  const session = kept ?? (await new Promise((resolve) => askForPassword(resolve)));
  session.me = await session.ask("/api/v1/me");
  if (session.me.is_staff_asleep) await wake(session);
  if (session.me.is_admin || session.me.roles.some((/** @type {any} */ { role }) => role === "moderator"))
    return session;
  return new Promise(() => {
    const again = button("Sign in as somebody else", async () => {
      await session.end();
      location.reload();
    });
    gate(
      "Nothing to moderate",
      h("p", null, "This account does not moderate any site. Ask an admin for the role."),
      again,
    );
  });
}

/** @param {(session: Session) => void} resolve */
function askForPassword(resolve) {
  gate(
    "Sign in",
    signInForm(async (session) => resolve(session)),
  );
}

/**
 * Rights of staff sleep until a code of the second factor is shown, and one is set up before that where there is none.
 *
 * @param {Session} session
 */
async function wake(session) {
  if (!session.me.has_second_factor) await setUp(session);
  const showCode = (/** @type {(value?: any) => void} */ resolve) =>
    gate(
      "One more step",
      h("p", null, "Moderating needs a second factor. Type the code that your device shows."),
      form([field("Code of your device", CODE)], "Go on", async (form) => {
        await session.post("/api/v1/sessions/current/proof", { code: valueOf(form, "code") });
        resolve();
      }),
    );
  session.me = await session.ask("/api/v1/me");
  if (session.me.is_staff_asleep) await new Promise(showCode);
  session.me = await session.ask("/api/v1/me");
}

/** @param {Session} session */
async function setUp(session) {
  const { secret, uri } = await session.post("/api/v1/me/second-factor");
  const codes = await new Promise((resolve) =>
    gate(
      "Set up a second factor",
      h("p", null, "Moderating here needs one. Add this secret to an app that shows codes, then type its first code."),
      h("p", null, h("a", { href: uri }, "Open in an app on this device")),
      h("p", { class: "secret" }, h("code", null, secret)),
      form([field("Code", CODE)], "Set up", async (form) => {
        resolve(await session.post("/api/v1/me/second-factor/confirm", { code: valueOf(form, "code") }));
      }),
    ),
  );
  await new Promise((resolve) =>
    gate(
      "Keep these recovery codes",
      h("p", null, "Each signs you in once, should the device be lost. They are not shown again."),
      h(
        "ul",
        { class: "codes" },
        ...codes.recovery_codes.map((/** @type {string} */ code) => h("li", null, h("code", null, code))),
      ),
      button("I have kept them", resolve, { class: "primary" }),
    ),
  );
}

/**
 * Shows once more who one is, which some things ask for ten minutes after signing in.
 *
 * @param {Session} session
 * @returns {Promise<boolean>} whether it was shown
 */
export function prove(session) {
  return new Promise((resolve) => {
    const field_ = session.me.has_second_factor
      ? field("Code of your device", CODE)
      : field("Password", { name: "password", type: "password", autocomplete: "current-password", required: true });
    let isShown = false;
    const dialog = showDialog("Is it still you?", [
      h("p", null, "This needs that you show again who you are."),
      form([field_], "Go on", async (form) => {
        const body = session.me.has_second_factor
          ? { code: valueOf(form, "code") }
          : { password: valueOf(form, "password") };
        await session.post("/api/v1/sessions/current/proof", body);
        isShown = true;
        dialog.close();
      }),
      button("Not now", () => dialog.close()),
    ]);
    dialog.addEventListener("close", () => resolve(isShown));
  });
}

/**
 * Signs in again as the same person, above whatever is there: nothing of it is lost.
 *
 * @param {Session} session
 * @returns {Promise<void>}
 */
export function signInAgain(session) {
  return new Promise((resolve) => {
    const dialog = showDialog("Your session has ended", [
      h("p", null, "Sign in again to go on. Your decisions are kept."),
      signInForm(async (fresh) => {
        if (fresh.accountId !== session.accountId) {
          await fresh.end();
          location.reload();
          return;
        }
        session.take({
          account_id: fresh.accountId,
          access_token: fresh.token,
          expires_in: (fresh.endsAt - Date.now()) / 1_000,
        });
        resolve();
        dialog.close();
      }),
    ]);
    dialog.addEventListener("cancel", (event) => event.preventDefault());
  });
}
