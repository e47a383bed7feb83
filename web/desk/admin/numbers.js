import { partOf } from "./part.js";
import { showReport } from "./report.js";
import { showStatistics } from "./statistics.js";

/** What a site's moderation did, and the report about it. */
export const showNumbers = partOf("numbers", "Numbers", [
  { hash: "days", label: "Statistics", show: showStatistics },
  { hash: "report", label: "Transparency report", show: showReport },
]);
