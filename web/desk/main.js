import { Board } from "./board.js";
import { keepFocus } from "./focus.js";
import { showDesk } from "./frame.js";
import { Outbox } from "./outbox.js";
import { prove, signIn, signInAgain } from "./sign_in.js";

keepFocus();
const session = await signIn();
session.prove = () => prove(session);
/** @type {Promise<void> | null} */
let signingIn = null;
session.signInAgain = () => (signingIn ??= signInAgain(session).finally(() => (signingIn = null)));
const outbox = new Outbox(session);
showDesk(session, new Board(session, outbox), outbox);
