/** What `/embed.js` loads: the elements for pages. */

import { RejoinderCount } from "./count.js";
import { RejoinderDiscussion } from "./discussion.js";

// a page may load this twice
if (!customElements.get("rejoinder-discussion")) customElements.define("rejoinder-discussion", RejoinderDiscussion);
if (!customElements.get("rejoinder-count")) customElements.define("rejoinder-count", RejoinderCount);
