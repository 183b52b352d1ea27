"""A real SFTP server on this machine, by another library than the one that is tried, with the faults of servers."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncssh

USER, PASSWORD = "hr-drop", "a long password for the drop"  # a user of this server alone


class Faults:
    """What goes wrong: where it hangs, after how many bytes the line is cut, and what happens at each read."""

    hangs_at: str | None = None
    cut_after: int | None = None
    at_read: Callable[[], None] = staticmethod(lambda: None)

    def __init__(self) -> None:
        self.tries: list[str] = []
        self.lines: list[asyncssh.SSHServerConnection] = []
        self.sent = 0
        self.opened: list[Any] = []

    async def reach(self, point: str) -> None:
        """Stop here for ever, if this is where the server hangs."""
        if self.hangs_at == point:
            await asyncio.sleep(3600)


class _Files(asyncssh.SFTPServer):
    faults: Faults

    def __init__(self, channel: asyncssh.SSHServerChannel[bytes], folder: Path) -> None:
        super().__init__(channel, chroot=str(folder).encode())

    async def scandir(self, path: bytes) -> Any:  # type: ignore[override]  # a generator, as the library has it
        await self.faults.reach("list")
        async for one in super().scandir(path):
            yield one

    def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> Any:
        self.faults.opened.append(super().open(path, pflags, attrs))
        return self.faults.opened[-1]

    async def read(self, file_obj: object, offset: int, size: int) -> bytes:
        await self.faults.reach("read")
        self.faults.at_read()
        data = super().read(file_obj, offset, size)
        data = await data if asyncio.iscoroutine(data) else data
        self.faults.sent += len(data)
        if self.faults.cut_after is not None and self.faults.sent > self.faults.cut_after:
            for line in self.faults.lines:
                line.abort()
        return bytes(data)


class _Silent(asyncssh.SSHServerSession[bytes]):
    """Agrees to speak SFTP, and says nothing."""

    def subsystem_requested(self, subsystem: str) -> bool:
        return subsystem == "sftp"


class _SignIn(asyncssh.SSHServer):
    def __init__(self, faults: Faults, key: asyncssh.SSHKey | None) -> None:
        self.faults, self.key = faults, key

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self.faults.lines.append(conn)

    async def begin_auth(self, _username: str) -> bool:  # type: ignore[override]
        await self.faults.reach("sign-in")
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        self.faults.tries.append(f"password {username}")
        return (username, password) == (USER, PASSWORD)

    def public_key_auth_supported(self) -> bool:
        return self.key is not None

    def session_requested(self) -> _Silent:
        return _Silent()

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        self.faults.tries.append(f"key {username}")
        return username == USER and self.key is not None and key == self.key.convert_to_public()


class Server:
    """A server that runs: its folder, port, key as it is shown, and faults, which may be changed while it runs."""

    def __init__(self, folder: Path, port: int, host_key: asyncssh.SSHKey, faults: Faults) -> None:
        self.folder, self.port, self.faults = folder, port, faults
        words = host_key.export_public_key().decode().split()
        self.host_key = f"{words[0]} {words[1]}"


@contextmanager
def sftp_server(
    folder: Path,
    *,
    host_keys: tuple[asyncssh.SSHKey, ...] = (),
    user_key: asyncssh.SSHKey | None = None,
    is_silent: bool = False,
) -> Iterator[Server]:
    """A server for what stands in a folder, in a thread of its own. A silent one lets people in and says no more."""
    keys = host_keys or (asyncssh.generate_private_key("ssh-ed25519"),)
    faults, loop = Faults(), asyncio.new_event_loop()
    kind = type("Files", (_Files,), {"faults": faults})

    async def start() -> asyncssh.SSHAcceptor:
        return await asyncssh.create_server(
            lambda: _SignIn(faults, user_key),
            "127.0.0.1",
            0,
            server_host_keys=list(keys),
            sftp_factory=None if is_silent else lambda channel: kind(channel, folder),
            process_factory=None,
        )

    acceptor = loop.run_until_complete(start())
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def end() -> None:
        acceptor.close()
        for line in faults.lines:
            line.abort()
        await asyncio.sleep(0)
        for task in asyncio.all_tasks():
            if task is not asyncio.current_task():
                task.cancel()

    try:
        yield Server(folder, acceptor.get_port(), keys[0], faults)
    finally:
        asyncio.run_coroutine_threadsafe(end(), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()
        for file in faults.opened:
            file.close()
