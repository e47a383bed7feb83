// What a page has of the elements: for front ends in TypeScript, which may take this file and api.d.ts.

import type { components } from "./api.js";

type Schemas = components["schemas"];

/** Details of the events that the elements tell, by their names. All bubble and leave the shadow root. */
export interface RejoinderEvents {
  /** The replies are shown. */
  "rejoinder:ready": CustomEvent<{ story: Schemas["StoryId"]; replies: number }>;
  /** The number of replies changed, or a count is shown. */
  "rejoinder:count": CustomEvent<{ replies: number }>;
  /** Somebody posted a reply here. */
  "rejoinder:posted": CustomEvent<{
    id: Schemas["ReplyId"];
    parent: Schemas["ReplyId"] | null;
    state: Schemas["ReplyState"];
  }>;
  /** Its author took a reply back. */
  "rejoinder:withdrawn": CustomEvent<{ id: Schemas["ReplyId"] }>;
  /** Somebody recommended a reply, or took that back. */
  "rejoinder:recommended": CustomEvent<{ id: Schemas["ReplyId"]; is_recommended: boolean }>;
  /** Somebody signed in, or out (null). */
  "rejoinder:session": CustomEvent<{ account: Schemas["AccountId"] | null }>;
  /** Signing in is needed; `preventDefault()` keeps the dialog away. */
  "rejoinder:sign-in": CustomEvent<null>;
}

/** `<rejoinder-discussion>` */
export interface RejoinderDiscussion extends HTMLElement {
  /** A token of the page's own about who reads, or a function that gets one; null: nobody is signed in there. */
  ssoToken: string | (() => Promise<string | null> | string | null) | null;
  /** Reads everything anew. With a version of the story, so that at least that is shown. */
  reload(version?: number | null): void;
}

/** `<rejoinder-count>` */
export type RejoinderCount = HTMLElement;

declare global {
  interface HTMLElementTagNameMap {
    "rejoinder-discussion": RejoinderDiscussion;
    "rejoinder-count": RejoinderCount;
  }
  interface DocumentEventMap extends RejoinderEvents {}
  interface WindowEventMap extends RejoinderEvents {}
  interface HTMLElementEventMap extends RejoinderEvents {}
}
