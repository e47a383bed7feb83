import { showClassifier } from "./classifier.js";
import { showLists } from "./lists.js";
import { partOf } from "./part.js";
import { showPeopleRules } from "./people_rules.js";
import { showRules } from "./rules.js";
import { showVersions } from "./versions.js";

/** The rules of a site, and what is learnt of its decisions. */
export const showPolicy = partOf("rules", "Rules", [
  { hash: "editor", label: "Editor", show: showRules },
  { hash: "lists", label: "Lists", show: showLists },
  { hash: "people", label: "Refusals and sanctions", show: showPeopleRules },
  { hash: "versions", label: "Versions and runs", show: showVersions },
  { hash: "classifier", label: "Classifier", show: showClassifier },
]);
