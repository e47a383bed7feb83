import { Board } from "./board.js";
import { showDesk } from "./frame.js";
import { Outbox } from "./outbox.js";
import { prove, signIn, signInAgain } from "./sign_in.js";

const session = await signIn();
session.prove = () => prove(session);
/** @type {Promise<void> | null} */
let signingIn = null;
session.signInAgain = () => (signingIn ??= signInAgain(session).finally(() => (signingIn = null)));
const outbox = new Outbox(session);
showDesk(session, new Board(session, outbox), outbox);
