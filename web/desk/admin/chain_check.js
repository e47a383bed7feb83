import { button, fill, h } from "../dom.js";
import { failure } from "../parts.js";
import { count, problemWords } from "../words.js";
import { Broken, isSigned, LogChain } from "./log_chain.js";

/** So often it is said how far the check is. */
const TELL_MS = 150;

/**
 * Reads the whole log, computes its chain anew, and says in plain words what came of it.
 *
 * @param {import("./part.js").Admin} admin
 * @param {number} total rows that there are at least
 * @param {HTMLElement} place
 * @param {string} knownHead
 * @param {string} knownKey
 */
export async function checkLog(admin, total, place, knownHead, knownKey) {
  if (!globalThis.crypto?.subtle) {
    return fill(place, failure("This browser checks nothing on a page without https."), ...command(admin.site, "", ""));
  }
  const chain = new LogChain(knownHead);
  const stopping = new AbortController();
  const bar = h("progress", { max: Math.max(1, total), value: 0, "aria-label": "Rows checked" });
  const far = h("span", { class: "hint" });
  fill(
    place,
    h("div", { class: "progress" }, bar, far),
    button("Stop", () => stopping.abort()),
  );
  let told = 0;
  const tell = () => {
    if (Date.now() - told < TELL_MS) return;
    told = Date.now();
    bar.value = chain.rows;
    far.textContent = `${chain.rows.toLocaleString("en")} of ${total.toLocaleString("en")} rows`;
  };
  try {
    const answer = await admin.session.ask(`${admin.path}/log/export`, {
      isStream: true,
      signal: stopping.signal,
    });
    for await (const line of linesOf(answer)) {
      await chain.take(line);
      tell();
    }
    chain.finish();
    const signed = await isSigned(chain.head);
    show(place, verdict(admin.site, chain, signed, knownHead, knownKey));
  } catch (problem) {
    if (stopping.signal.aborted) return fill(place, h("p", { class: "hint" }, "It was stopped."));
    if (problem instanceof Broken) {
      return show(place, [
        h("p", { class: "verdict is-bad", tabindex: "-1" }, "The log does not hold."),
        h("p", null, problem.message),
        ...command(admin.site, knownHead, knownKey),
      ]);
    }
    fill(place, failure(problemWords(/** @type {any} */ (problem))));
  }
}

/** What came of it, with the focus where it is said. @param {HTMLElement} place @param {(Node | null)[]} children */
function show(place, children) {
  fill(place, ...children);
  /** @type {HTMLElement | null} */ (place.querySelector(".verdict"))?.focus();
}

/**
 * The lines of an answer, as they come.
 *
 * @param {Response} answer
 */
async function* linesOf(answer) {
  const reader = /** @type {ReadableStream<Uint8Array>} */ (answer.body).getReader();
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    const pieces = (rest + decoder.decode(value, { stream: !done })).split("\n");
    rest = pieces.pop() ?? "";
    yield* pieces;
    if (done) break;
  }
  if (rest) yield rest;
}

/**
 * What was proved, in plain words, and what was not.
 *
 * @param {string} site
 * @param {LogChain} chain
 * @param {boolean | null} signed
 * @param {string} knownHead
 * @param {string} knownKey
 */
function verdict(site, chain, signed, knownHead, knownKey) {
  const isOther = Boolean(knownKey) && chain.head.public_key !== knownKey;
  const isUnknown = Boolean(knownHead) && chain.knownSeal === null;
  const isBad = signed === false || isOther || isUnknown;
  const points = [
    `All ${count(chain.rows, "row is", "rows are")} there, in order, as they were sealed.`,
    chain.erased
      ? `The words of ${count(chain.erased, "row", "rows")} were erased; that they stood there is kept.`
      : "",
    signed ? "The head is signed by the key beside it." : "",
    signed === false ? "The signature of the head is false." : "",
    isOther ? "The head is signed by another key than the one that you trust." : "",
    isUnknown ? "The head that you kept is not in this log: it is another log, or a part of it was made anew." : "",
    chain.knownSeal ? `The head that you kept is seal ${chain.knownSeal}: what was sealed then is unchanged.` : "",
    knownHead ? "" : "Against those who run the server it proves nothing without a head that you kept.",
  ].filter(Boolean);
  return [
    h(
      "p",
      { class: `verdict ${isBad ? "is-bad" : "is-good"}`, tabindex: "-1" },
      isBad ? "The log does not hold." : "The log holds: nothing in it was changed.",
    ),
    h("ul", { class: "remarks" }, ...points.map((point) => h("li", null, point))),
    ...(signed === null
      ? [
          h(
            "p",
            { class: "warning" },
            "This browser knows no Ed25519, so the signature of the head could not be checked.",
          ),
          ...command(site, knownHead, knownKey),
        ]
      : []),
  ];
}

/** The command that checks all of it. @param {string} site @param {string} head @param {string} key */
function command(site, head, key) {
  const more = `${head ? ` --head ${head}` : ""}${key ? ` --public-key ${key}` : ""}`;
  return [
    h("p", null, "Save the whole log and check it at a command line:"),
    h("p", { class: "secret-box" }, h("code", null, `rejoinder log verify ${site}-log.ndjson${more}`)),
  ];
}
