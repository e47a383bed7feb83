/** Names of people, by their ids; each is asked for once. */
export class Names {
  /** An empty one is being asked for. @type {Map<string, string>} */
  #known = new Map();
  #learned;

  /**
   * @param {import("./service.js").Session} session
   * @param {() => void} learned a name came
   */
  constructor(session, learned) {
    this.session = session;
    this.#learned = learned;
  }

  /** @param {{id?: string, account_id?: string, display_name?: string}} person */
  know({ id, account_id: accountId, display_name: name }) {
    const known = id ?? accountId;
    if (known && name) this.#known.set(known, name);
  }

  /** @param {string | null} id */
  async learn(id) {
    if (!id || this.#known.has(id)) return;
    this.#known.set(id, "");
    const person = await this.session.ask(`/api/v1/accounts/${id}`).catch(() => null);
    if (!person) return void this.#known.delete(id);
    this.know(person);
    this.#learned();
  }

  /** @param {string | null | undefined} id */
  of(id) {
    if (!id) return "The service";
    if (id === this.session.accountId) return "You";
    this.learn(id);
    return this.#known.get(id) || "Somebody";
  }
}
