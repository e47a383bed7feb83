"""Tries every operation of the OpenAPI document with requests made at random from it, in four roles."""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

from attacks.blog import SITE, Blog
from attacks.postgres import Postgres
from harness.service import ADMIN

# The first is told by the document itself; 503 is an answer that it has, so it is one of `status_code_conformance`.
CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
]
# Streams do not end; who signs out or closes his account tries nothing more. Tests of their own look at both.
LEFT_OUT = ["list_story_events", "list_queue_events", "list_policy_run_events", "delete_session", "close_account"]
SEED = 7
MODERATOR, READER = 1, 2


def main():
    options = _options()
    postgres = None
    try:
        failed = []
        for database in options.databases.split(","):
            if database == "postgres":
                postgres = Postgres(options.folder / "server")
                postgres.start()
            place = options.folder / database
            failed += _fuzz(options, Blog(options.binary, place, "fuzzed", postgres), database)
    finally:
        if postgres:
            postgres.stop_at_once()
    print("failed: " + ", ".join(failed) if failed else "nothing was found")
    sys.exit(1 if failed else 0)


def _fuzz(options, blog, database):
    """Databases and roles in which something was found."""
    failed = []
    with blog.serve() as fuzzed:
        fuzzed.seed()
        known = _known(fuzzed)
        document = options.folder / "openapi.json"
        document.write_bytes(fuzzed.server.ask("GET", "/api/openapi.json")[2])
        for role in options.roles.split(","):
            # each begins with a sign-in that is fresh: some operations ask for one
            token = _token(fuzzed, role)
            headers = [] if token is None else ["--header", f"Authorization: Bearer {token}"]
            print(f"== {database}, {role}", flush=True)
            command = [Path(sys.executable).parent / "st", "run", document, "--url", f"http://{fuzzed.server.address}"]
            command += ["--checks", ",".join(CHECKS), "--phases", "examples,coverage,fuzzing", "--seed", SEED]
            command += ["--max-examples", options.examples, "--continue-on-failure", "--request-timeout", 15]
            command += ["--suppress-health-check", "all", "--warnings", "off", "--no-color", *headers]
            for operation in LEFT_OUT:
                command += ["--exclude-operation-id", operation]
            if options.operation:
                command += ["--include-operation-id", options.operation]
            environment = os.environ | {
                "FUZZ_KNOWN": json.dumps(known),
                "SCHEMATHESIS_HOOKS": "fuzz.hooks",
            }
            done = subprocess.run([str(part) for part in command], env=environment, cwd=options.folder, check=False)
            if done.returncode != 0:
                failed.append(f"{database}/{role}")
    found = blog.check()
    if found:
        print(found)
        failed.append(f"{database}/check")
    return failed


def _token(fuzzed, role):
    if role == "anonymous":
        return None
    number = {"moderator": MODERATOR, "reader": READER}.get(role)
    return fuzzed.server.sign_in(*ADMIN) if number is None else fuzzed.server.tokens(number + 1)[number]


def _known(fuzzed):
    """Ids of what there is, by the parameter that takes them."""
    call, boss, story = fuzzed.server.call, fuzzed.admin, fuzzed.stories[0]
    accounts = [call("GET", "/me", token=token)["id"] for token in fuzzed.tokens[:5]]
    call("PUT", f"/sites/{SITE}/roles/{accounts[MODERATOR]}/moderator", token=boss, expect=(204,))
    replies = [item["id"] for item in call("GET", f"/stories/{story}/replies")["items"]][:8]
    story_that_waits = {"headline": "Waiting", "moderation_mode": "pre"}
    waiting = call("PUT", f"/sites/{SITE}/stories/waiting", story_that_waits, boss)["id"]
    replies += [fuzzed.reply(waiting, f"Waits {number}", fuzzed.tokens[3])["id"] for number in range(3)]
    call("POST", f"/replies/{replies[0]}/reports", {"reason": "spam"}, fuzzed.tokens[4], expect=(204,))
    note = call("POST", f"/moderation/replies/{replies[0]}/notes", {"text": "A note."}, boss)["id"]
    return {
        "site": [SITE],
        "story_id": [story, waiting],
        "external_id": ["story-0", "waiting"],
        "reply_id": replies,
        "account_id": accounts[3:],
        "note_id": [note],
        "version": ["1"],
    }


def _options():
    parser = argparse.ArgumentParser(prog="scripts/fuzz-api", description=__doc__)
    parser.add_argument("--databases", default="sqlite,postgres", help="sqlite, postgres or both, with a comma")
    parser.add_argument("--roles", default="anonymous,reader,moderator,admin", help="some of these, with commas")
    parser.add_argument("--examples", type=int, default=20, help="requests of one operation at random, at most")
    parser.add_argument("--operation", help="this operation alone, by its id")
    parser.add_argument("--binary", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, required=True, help=argparse.SUPPRESS)
    return parser.parse_args()


main()
