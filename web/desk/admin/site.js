import { showKeys } from "./api_keys.js";
import { showBadges } from "./badges.js";
import { showIssuers } from "./issuers.js";
import { showNewSite } from "./new_site.js";
import { showOutsideCheck } from "./outside_check.js";
import { partOf } from "./part.js";
import { showRoles } from "./roles.js";
import { showSettings } from "./settings.js";
import { showStories } from "./stories.js";

/** A site, for those who run it. */
export const showSite = partOf("site", "Site", [
  { hash: "settings", label: "Settings", show: showSettings },
  { hash: "stories", label: "Stories", show: showStories },
  { hash: "roles", label: "Roles", show: showRoles, isForAdmins: true },
  { hash: "badges", label: "Badges", show: showBadges },
  { hash: "keys", label: "Keys", show: showKeys, isForAdmins: true },
  { hash: "sign-on", label: "Sign-on", show: showIssuers, isForAdmins: true },
  { hash: "outside", label: "Outside check", show: showOutsideCheck },
  { hash: "new", label: "New site", show: showNewSite, isForAdmins: true },
]);
