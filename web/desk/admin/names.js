/** What accounts are called: asked once a session. @type {Map<string, Promise<string>>} */
const asked = new Map();

/**
 * Learns the names of these accounts, and gives what tells them.
 *
 * @param {import("../service.js").Session} session
 * @param {(string | null | undefined)[]} ids
 * @returns {Promise<(id: string | null | undefined, nobody?: string) => string>}
 */
export async function namesOf(session, ids) {
  const wanted = [...new Set(ids)].filter((id) => typeof id === "string");
  const names = new Map(
    await Promise.all(wanted.map(async (id) => /** @type {const} */ ([id, await nameOf(session, id)]))),
  );
  return (id, nobody = "the service") => (id ? (names.get(id) ?? "somebody") : nobody);
}

/** @param {import("../service.js").Session} session @param {string} id */
function nameOf(session, id) {
  let name = asked.get(id);
  if (!name) {
    name = session.ask(`/api/v1/accounts/${id}`).then(
      (person) => person.display_name,
      () => {
        // another time it may be there
        asked.delete(id);
        return "somebody";
      },
    );
    asked.set(id, name);
  }
  return name;
}
