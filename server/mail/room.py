"""What of mail runs beside the server: the one who sends, and where nothing shall go out, the sink."""

import logging
from dataclasses import replace

from server.config import ServerSettings
from server.mail.sender import MailSender
from server.mail.settings import MailRefused, MailServer, MailSettings
from server.mail.sink import Sink, to_folder
from server.opening import CannotStart
from server.store.database import Database

_log = logging.getLogger("keeptabs.mail")


class MailRoom:
    """Begins and ends with the server. Without a mail server it does nothing, and messages wait."""

    def __init__(self, settings: ServerSettings, database: Database, own_url: str) -> None:
        """Take `own_url`, where the server listens. Raises CannotStart where mail is set up wrongly."""
        folder = settings.mail_folder
        self._sink = None if folder is None else Sink(to_folder(folder))
        try:
            self._settings = MailSettings.of(settings, own_url=own_url)
        except MailRefused as refused:
            raise CannotStart(str(refused)) from None
        self._database = database
        self._sender: MailSender | None = None

    async def start(self) -> None:
        """Send from now on."""
        settings = self._settings
        if settings is None:
            _log.info("no mail server is named: messages wait")
            return
        if self._sink is not None:
            await self._sink.start()
            settings = replace(settings, server=MailServer.of(self._sink.url))
        self._sender = MailSender(self._database, settings)
        self._sender.start()

    async def stop(self) -> None:
        """Finish the message under way and send no other."""
        if self._sender is not None:
            await self._sender.stop()
        if self._sink is not None:
            await self._sink.stop()
