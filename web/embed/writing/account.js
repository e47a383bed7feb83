import { ask, Problem } from "../../shared/api.js";
import { h } from "../../shared/dom.js";
import { exact } from "../../shared/time.js";
import { field } from "./fields.js";
import { leaveFor, providersOf } from "./provider.js";
import { solve } from "./work.js";

/** Signing in and all that belongs to it, as steps of the dialog. */
export class Account {
  /**
   * @param {import("../view.js").View} view
   * @param {import("./session.js").Session} session
   * @param {import("./dialog.js").Dialog} dialog
   */
  constructor(view, session, dialog) {
    this.view = view;
    this.session = session;
    this.dialog = dialog;
    /** @param {string} key @param {Record<string, string | number>} [values] */
    this.say = (key, values) => view.language.say(key, values);
  }

  /** True once somebody is signed in. */
  async signIn() {
    return (await this.dialog.open(() => this.#askWho(""))) === true;
  }

  /** True once the address is confirmed. */
  async verify() {
    return (await this.dialog.open(() => this.#askDigits())) === true;
  }

  /** @param {string} known */
  #askWho(known) {
    const { say, dialog, session } = this;
    const identifier = field("identifier", say("identifier"), {
      autocomplete: "username",
      autocapitalize: "none",
      value: known,
    });
    const password = field("password", say("password"), { type: "password", autocomplete: "current-password" });
    dialog.show({
      title: say("sign-in"),
      text: this.#providers(),
      fields: [identifier, password],
      go: say("sign-in"),
      send: async ({ identifier, password }) => {
        try {
          await session.signIn({ identifier, password });
          this.welcome();
        } catch (problem) {
          if (!(problem instanceof Problem) || problem.code !== "second_factor_required") throw problem;
          this.#askFactor(identifier, password);
        }
      },
      ways: [
        [say("sign-up"), () => this.#askNew()],
        [say("forgotten"), () => this.#askForgotten(identifier.input.value)],
      ],
    });
  }

  /** Ways to the providers that the page names. */
  #providers() {
    const { say, view } = this;
    const { service, wanted, host } = view;
    const buttons = providersOf(host.getAttribute("providers")).map(({ issuer, label }) => {
      const leave = () => leaveFor(service, wanted.site, issuer).catch(() => view.say(say("problem.other")));
      const props = { type: "button", class: "provider", part: "button provider", onclick: leave };
      return h("button", props, say("with-provider", { name: label }));
    });
    return buttons.length ? [...buttons, h("p", { class: "or" }, say("or-password"))] : [];
  }

  /** @param {string} identifier @param {string} password */
  #askFactor(identifier, password) {
    const { say, dialog, session } = this;
    dialog.show({
      title: say("second-factor"),
      text: [say("second-factor-text")],
      fields: [field("code", say("code"), { autocomplete: "one-time-code", class: "input digits" })],
      go: say("sign-in"),
      send: async ({ code }) => {
        await session.signIn({ identifier, password, code });
        this.welcome();
      },
    });
  }

  #askNew() {
    const { say, dialog } = this;
    dialog.show({
      title: say("sign-up"),
      fields: [
        field("username", say("username"), {
          autocomplete: "username",
          autocapitalize: "none",
          hint: say("username-hint"),
        }),
        field("email", say("email"), { type: "email", autocomplete: "email", hint: say("email-hint") }),
        field("password", say("password"), {
          type: "password",
          autocomplete: "new-password",
          hint: say("password-hint"),
        }),
      ],
      go: say("sign-up"),
      send: async (account) => {
        await this.#signUp(/** @type {any} */ (account));
        this.#askDigits();
      },
      ways: [[say("have-account"), () => this.#askWho("")]],
    });
  }

  /** @param {{username: string, email: string, password: string}} account */
  async #signUp(account) {
    const { session, view } = this;
    try {
      await session.signUp(account, {});
    } catch (problem) {
      if (!(problem instanceof Problem) || problem.code !== "work_needed") throw problem;
      view.say(this.say("working"));
      const asked = { method: "POST", body: { operation: "create_account" } };
      const { challenge } = await ask(view.service, "/api/v1/challenges", asked);
      await session.signUp(account, { Altcha: await solve(challenge, view.signal) });
    }
  }

  #askDigits() {
    const { say, dialog, session } = this;
    const email = session.me?.unconfirmed_email ?? session.me?.email ?? "";
    dialog.show({
      title: say("verify"),
      text: [say("verify-text", { email })],
      fields: [digits(say("digits"))],
      go: say("confirm"),
      send: async ({ code }) => {
        await session.call("/api/v1/me/email/confirmation", { method: "POST", body: { code } });
        await session.look();
        dialog.close(true);
        this.view.say(say("confirmed"));
      },
      ways: [
        [say("mail-again"), () => this.#mailAgain()],
        [say("later"), () => dialog.close(true)],
      ],
    });
  }

  async #mailAgain() {
    const sent = this.session.call("/api/v1/me/email/code", { method: "POST" });
    this.view.say(await sent.then(() => this.say("mailed-again")).catch((problem) => this.view.explain(problem)));
  }

  /** @param {string} known */
  #askForgotten(known) {
    const { say, dialog, view } = this;
    dialog.show({
      title: say("forgotten-title"),
      text: [say("forgotten-text")],
      fields: [
        field("email", say("email"), { type: "email", autocomplete: "email", value: known.includes("@") ? known : "" }),
      ],
      go: say("send"),
      send: async ({ email }) => {
        await ask(view.service, "/api/v1/password-resets", { method: "POST", body: { email } });
        this.#askNewPassword(email);
      },
      ways: [[say("sign-in"), () => this.#askWho(known)]],
    });
  }

  /** @param {string} email */
  #askNewPassword(email) {
    const { say, dialog, view } = this;
    dialog.show({
      title: say("forgotten-title"),
      text: [say("reset-text", { email })],
      fields: [
        digits(say("digits")),
        field("password", say("new-password"), {
          type: "password",
          autocomplete: "new-password",
          hint: say("password-hint"),
        }),
      ],
      go: say("set-password"),
      send: async ({ code, password }) => {
        const body = { email, code, new_password: password };
        await ask(view.service, "/api/v1/password-resets/completion", { method: "POST", body });
        this.#askWho(email);
        view.say(say("reset-done"));
      },
    });
  }

  /** Greets who is signed in now. */
  welcome() {
    this.dialog.close(true);
    this.view.say(this.say("welcome", { name: this.session.me?.display_name ?? "" }));
  }

  /** Shows warnings that are to be read before one writes again; true once they are read. */
  async readWarnings() {
    const { say, session, dialog } = this;
    const page = await session.call("/api/v1/me/sanctions");
    const unread = page.items.filter((/** @type {any} */ sanction) => sanction.kind === "warn" && !sanction.read_at);
    for (const warning of unread) {
      const isRead = await dialog.open(() =>
        dialog.show({
          title: say("warning"),
          text: [warning.message ?? ""],
          go: say("warning-read"),
          send: async () => {
            await session.call(`/api/v1/me/sanctions/${warning.id}/read`, { method: "POST" });
            dialog.close(true);
          },
        }),
      );
      if (!isRead) return false;
    }
    return true;
  }

  /** Until when one may not write, in words. */
  async suspension() {
    const page = await this.session.call("/api/v1/me/sanctions").catch(() => ({ items: [] }));
    const held = page.items.find(
      (/** @type {any} */ sanction) => sanction.is_active && ["suspend", "ban"].includes(sanction.kind),
    );
    const text = held?.until
      ? this.say("suspended-until", { time: exact(held.until, this.view.language.lang) })
      : this.say("problem.suspended");
    return held?.message ? `${text} ${this.say("state.message", { message: held.message })}` : text;
  }
}

/** @param {string} label */
function digits(label) {
  return field("code", label, {
    inputmode: "numeric",
    autocomplete: "one-time-code",
    maxlength: 20,
    class: "input digits",
  });
}
