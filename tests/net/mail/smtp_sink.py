"""An SMTP server that keeps what it is given, as a second pair of eyes for the mail edge.

usage: smtp_sink.py FOLDER [--tls implicit|starttls --cert FILE --key FILE] [--user NAME --password WORD]
Prints its port, then serves until its standard input ends. Each mail becomes FOLDER/N.eml, the bytes as they came,
and FOLDER/N.envelope, one line each: sender, recipient, "tls" or "clear", "authenticated" or "anonymous".
"""
import argparse, asyncio, logging, pathlib, ssl, sys, warnings

from aiosmtpd.smtp import SMTP, AuthResult


class Keeper:
    def __init__(self, folder):
        self.folder, self.count = pathlib.Path(folder), 0

    async def handle_DATA(self, server, session, envelope):
        name = self.folder / str(self.count)
        self.count += 1
        name.with_suffix(".eml").write_bytes(envelope.original_content)
        name.with_suffix(".envelope").write_text("\n".join([
            envelope.mail_from, *envelope.rcpt_tos, "tls" if server.transport.get_extra_info("ssl_object") else "clear",
            "authenticated" if session.authenticated else "anonymous"]) + "\n")
        return "250 kept"


async def serve(options):
    context = None
    if options.tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.cert, options.key)
    implicit = options.tls == "implicit"

    def authenticator(server, session, envelope, mechanism, data):
        given = (data.login.decode(), data.password.decode())
        return AuthResult(success=given == (options.user, options.password))

    keeper, loop = Keeper(options.folder), asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(keeper, hostname="sink.test", loop=loop, data_size_limit=None,
                     tls_context=None if implicit else context, require_starttls=options.tls == "starttls",
                     authenticator=authenticator if options.user else None,
                     auth_required=bool(options.user),
                     auth_require_tls=options.tls == "starttls"),
        "127.0.0.1", 0, ssl=context if implicit else None)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


# some tests break the handshake on purpose: their traces would only be noise
logging.getLogger("mail.log").setLevel(logging.CRITICAL + 1)
warnings.simplefilter("ignore")
logging.getLogger("asyncio").setLevel(logging.CRITICAL + 1)
parser = argparse.ArgumentParser()
parser.add_argument("folder")
for name in ("--tls", "--cert", "--key", "--user", "--password"):
    parser.add_argument(name)
asyncio.run(serve(parser.parse_args()))
