// What can stand in the log, in words and in groups.

/** @type {[group: string, actions: [action: string, words: string][]][]} */
export const LOG_ACTIONS = [
  [
    "Replies",
    [
      ["post", "posted"],
      ["edit", "changed a reply"],
      ["withdraw", "took a reply back"],
      ["import", "imported"],
      ["judge", "judged by the rules"],
      ["hold", "held by reports"],
    ],
  ],
  [
    "Decisions",
    [
      ["approve", "approved"],
      ["reject", "rejected"],
      ["spam", "marked as spam"],
      ["restore", "put back into the queue"],
      ["return", "returned to its author"],
      ["undo", "undone"],
      ["bulk", "decided among many"],
      ["cancel_bulk", "stopped a decision about many"],
      ["feature", "featured"],
      ["unfeature", "taken off the featured ones"],
      ["arrange_featured", "arranged the featured ones"],
    ],
  ],
  [
    "Appeals and notices",
    [
      ["appeal", "appealed"],
      ["uphold_appeal", "appeal turned down"],
      ["overturn_appeal", "appeal granted"],
      ["drop_appeal", "appeal fell away"],
      ["receive_notice", "notice received"],
      ["decide_notice", "notice decided"],
    ],
  ],
  [
    "People",
    [
      ["warn", "warned"],
      ["premoderate", "premoderated"],
      ["slow", "slowed"],
      ["suspend", "suspended"],
      ["ban", "banned"],
      ["lift_sanction", "lifted a sanction"],
      ["lift_suspension", "lifted a suspension"],
      ["add_note", "noted"],
      ["delete_note", "deleted a note"],
      ["grant_role", "gave a role"],
      ["revoke_role", "took a role away"],
      ["grant_badge", "gave a badge"],
      ["revoke_badge", "took a badge away"],
      ["claim_author", "took over imported replies"],
      ["end_sessions", "ended sessions"],
      ["reset_second_factor", "reset a second factor"],
    ],
  ],
  [
    "Rules and settings",
    [
      ["change_policy", "changed the rules"],
      ["run_policy", "ran the rules"],
      ["cancel_run", "stopped a run"],
      ["change_site", "changed the settings"],
      ["create_site", "made the site"],
      ["put_story", "registered a story"],
      ["close_story", "closed a story"],
      ["reopen_story", "reopened a story"],
      ["change_badge", "changed a badge"],
      ["delete_badge", "deleted a badge"],
      ["save_queue", "saved a queue"],
      ["delete_queue", "deleted a queue"],
    ],
  ],
  [
    "Access",
    [
      ["change_issuer", "changed an issuer"],
      ["delete_issuer", "deleted an issuer"],
      ["create_key", "made a key"],
      ["rotate_key", "gave a key a new secret"],
      ["revoke_key", "revoked a key"],
      ["change_outside_check", "changed the outside check"],
      ["export_log", "exported the log"],
    ],
  ],
];

const WORDS = new Map(LOG_ACTIONS.flatMap(([, actions]) => actions));

/** @param {string} action */
export const actionWords = (action) => WORDS.get(action) ?? action.replaceAll("_", " ");
