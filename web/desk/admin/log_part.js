import { showCommonLog, showLog } from "./log.js";
import { partOf } from "./part.js";
import { showVerification } from "./verify.js";

/** What was done, and the proof that nothing of it was changed. */
export const showLogPart = partOf("log", "Log", [
  { hash: "entries", label: "Entries", show: showLog },
  { hash: "verify", label: "Verify", show: showVerification },
  { hash: "everywhere", label: "Of no site", show: showCommonLog, isForAdmins: true },
]);
