"""A mail server for tests: aiosmtpd, which does with each mail what the name of its recipient says.

It tells on standard output what happens, one JSON object a line: first its port, then connections and the mails that it
keeps, each before the client hears of it.
"""

import argparse
import asyncio
import json
import ssl

from aiosmtpd.smtp import SMTP, AuthResult


def tell(**what):
    print(json.dumps(what), flush=True)


class Handler:
    """Keeps mails, but of these names:

    refused   there is no such mailbox
    spam      the text is not wanted
    grey      is told to come again, the first time
    hangup    the connection ends behind the text, the first time
    lost      the same, but the mail is kept
    leave     is kept, and the connection ends behind the answer
    """

    def __init__(self):
        self.seen = set()

    def is_first(self, address):
        is_first = address not in self.seen
        self.seen.add(address)
        return is_first

    async def handle_RCPT(self, server, session, envelope, address, options):
        name = address.partition("@")[0]
        if name == "refused":
            return f"550 5.1.1 <{address}>: no such mailbox"
        if name == "grey" and self.is_first(address):
            return "451 4.7.1 Greylisted, come again in five minutes"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        [address] = envelope.rcpt_tos
        name = address.partition("@")[0]
        if name == "spam":
            return "554 5.7.1 Not wanted here"
        if name == "hangup" and self.is_first(address):
            server.transport.abort()
            return "250 nobody hears this"
        tell(
            event="mail",
            to=address,
            sender=envelope.mail_from,
            text=envelope.content.decode("ascii"),
            user=session.auth_data.login.decode() if session.auth_data else None,
            is_secret=session.ssl is not None or server.transport.get_extra_info("sslcontext") is not None,
        )
        server.is_leaving = name == "leave"
        if name == "lost" and self.is_first(address):
            server.transport.abort()
        return "250 2.0.0 OK: queued as 7"


class Server(SMTP):
    is_leaving = False

    async def push(self, status):
        await super().push(status)
        if self.is_leaving:
            self.transport.close()

    def connection_made(self, transport):
        if self.transport is None:
            tell(event="connection")
        super().connection_made(transport)


async def main():
    options = argparse.ArgumentParser()
    options.add_argument("--address", default="127.0.0.1")
    options.add_argument("--port", type=int, default=0)
    options.add_argument("--tls", choices=["none", "starttls", "implicit"], default="none")
    options.add_argument("--certificate", help="a PEM file with certificate and key")
    options.add_argument("--password", help="name:password that must be shown")
    options = options.parse_args()

    tls = None
    if options.tls != "none":
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(options.certificate)
    wanted = options.password.split(":", 1) if options.password else None

    def check(server, session, envelope, mechanism, shown):
        is_right = [shown.login.decode(), shown.password.decode()] == wanted
        return AuthResult(success=is_right, handled=False, auth_data=shown)

    handler = Handler()

    def connected():
        return Server(
            handler,
            hostname="mail.test",
            tls_context=tls if options.tls == "starttls" else None,
            require_starttls=options.tls == "starttls",
            authenticator=check if wanted else None,
            auth_required=wanted is not None,
            # aiosmtpd knows of TLS only where STARTTLS began it
            auth_require_tls=options.tls == "starttls",
        )

    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        connected, options.address, options.port, ssl=tls if options.tls == "implicit" else None
    )
    tell(event="listening", port=server.sockets[0].getsockname()[1])
    await server.serve_forever()


asyncio.run(main())
