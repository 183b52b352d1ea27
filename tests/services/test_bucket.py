"""Files in a bucket of an S3-compatible store that runs on this machine."""

import hashlib
import os
import threading
import warnings
from collections.abc import Iterator
from io import BytesIO

import boto3
import pytest
from moto.server import ThreadedMotoServer
from s3fs.core import S3File

from app.platform.storage import PIECE, UPLOAD_PIECE, BucketStore, make_store
from kernel.errors import FileChanged, FileMissing, StorageError
from kernel.files import read_unchanged
from tests.conftest import settings_for

pytestmark = pytest.mark.slow

KEY = "certificates/7K/4M/RE-7K4M-29QX-C.pdf"
DATA = b"%PDF-1.7 not much of one"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """A store without a bucket, on the loopback address."""
    keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "eu-west-2"}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in keys.items():
            patch.setenv(name, value)
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        server.start()
        _, port = server.get_host_and_port()
        yield f"http://127.0.0.1:{port}"
        server.stop()


@pytest.fixture(scope="module")
def bucket(endpoint: str) -> BucketStore:
    """A store on a bucket, under a prefix."""
    client = boto3.client("s3", endpoint_url=endpoint)
    client.create_bucket(Bucket="common-ground", CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
    return BucketStore("s3://common-ground/site", endpoint)


def test_what_is_put_can_be_read_looked_up_and_removed(bucket: BucketStore) -> None:
    stored = bucket.put(KEY, DATA)
    assert (stored.key, stored.size_bytes) == (KEY, len(DATA))
    assert bucket.exists(KEY)
    with bucket.open(KEY) as stream:
        assert stream.read() == DATA
    bucket.delete(KEY)
    assert not bucket.exists(KEY)


def test_putting_again_replaces_what_was_there(bucket: BucketStore) -> None:
    bucket.put(KEY, b"first")
    bucket.put(KEY, b"second")
    with bucket.open(KEY) as stream:
        assert stream.read() == b"second"


def test_removing_what_is_not_there_is_no_error(bucket: BucketStore) -> None:
    bucket.delete("certificates/none.pdf")


def test_reading_what_is_not_there_says_so(bucket: BucketStore) -> None:
    with pytest.raises(StorageError, match=r"none\.pdf could not be read"):
        bucket.open("certificates/none.pdf")


def test_a_bucket_that_is_missing_says_so(endpoint: str) -> None:
    missing = BucketStore("s3://no-such-bucket", endpoint)
    with pytest.raises(StorageError, match="could not be written"):
        missing.put(KEY, DATA)


def test_a_store_that_is_away_says_so() -> None:
    away = BucketStore("s3://common-ground", "http://127.0.0.1:1")
    with pytest.raises(StorageError, match=KEY):
        away.put(KEY, DATA)
    for act in (away.open, away.exists, away.delete):
        with pytest.raises(StorageError, match=KEY):
            act(KEY)


def test_a_forked_process_starts_afresh(bucket: BucketStore) -> None:
    bucket.put(KEY, DATA)  # the parent has connections now
    with warnings.catch_warnings():  # Python warns because this test process has threads; a worker has none
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        threading.Timer(20, os._exit, [2]).start()  # a child that shares connections would wait for ever
        try:
            bucket.put(f"{KEY}.child", DATA)
            os._exit(0)
        except BaseException:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert bucket.exists(f"{KEY}.child")


def test_settings_choose_the_bucket(
    endpoint: str, bucket: BucketStore, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("unused")
    settings = settings_for(
        f"sqlite:///{folder}/unused.db",
        folder,
        storage_url="s3://common-ground/other",
        s3_endpoint_url=endpoint,
    )
    store = make_store(settings)
    store.put(KEY, b"chosen by settings")
    assert BucketStore("s3://common-ground/other", endpoint).exists(KEY)


def test_a_part_of_a_large_file_is_fetched_without_the_rest(
    bucket: BucketStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = os.urandom(6 * PIECE)
    bucket.put("media/fi/film", film)
    fetched: list[int] = []
    fetch = S3File._fetch_range

    def counted(self: S3File, start: int, end: int) -> bytes:
        fetched.append(end - start)
        return fetch(self, start, end)

    monkeypatch.setattr(S3File, "_fetch_range", counted)
    with bucket.open("media/fi/film") as stream:
        assert stream.seek(0, 2) == len(film)
        stream.seek(4 * PIECE)
        assert stream.read(64 * 1024) == film[4 * PIECE :][: 64 * 1024]
    assert sum(fetched) <= 2 * PIECE


def test_a_small_file_is_read_whole_and_compared(bucket: BucketStore) -> None:
    stored = bucket.put(KEY, DATA)
    assert read_unchanged(bucket, key=KEY, sha256=stored.sha256) == DATA
    bucket.put(KEY, DATA + b" and more")
    with pytest.raises(FileChanged):
        read_unchanged(bucket, key=KEY, sha256=stored.sha256)
    with pytest.raises(FileMissing):
        bucket.read("certificates/none.pdf")


def test_a_bucket_is_listed_page_by_page_and_from_any_key_on(endpoint: str, bucket: BucketStore) -> None:
    listed = BucketStore("s3://common-ground/listed", endpoint)
    keys = [f"certificates/{number:02}/a.pdf" for number in range(12)]
    for key in keys:
        listed.put(key, DATA)
    assert [file.key for file in listed.listing()] == keys
    assert [file.key for file in listed.listing(after=keys[8])] == keys[9:]
    first = next(listed.listing())
    assert (first.size_bytes, first.is_part, first.changed_at.tzinfo is not None) == (len(DATA), False, True)
    assert BucketStore("s3://common-ground/listed/", endpoint).read(keys[0]) == DATA
    with pytest.raises(StorageError, match="could not be listed"):
        next(BucketStore("s3://common-ground", "http://127.0.0.1:1").listing())


def test_a_large_file_is_stored_piece_by_piece_and_whole_or_not_at_all(bucket: BucketStore) -> None:
    data = os.urandom(UPLOAD_PIECE * 2 + 5)
    stored = bucket.put_from("certificate-archives/1.zip", BytesIO(data))
    assert (stored.sha256, stored.size_bytes) == (hashlib.sha256(data).hexdigest(), len(data))
    assert bucket.read("certificate-archives/1.zip") == data
    small = bucket.put_from("certificate-archives/2.zip", BytesIO(b"small"))
    assert (bucket.read(small.key), small.size_bytes) == (b"small", 5)


@pytest.mark.parametrize("good", [0, 20])
def test_a_source_that_breaks_off_stores_nothing(bucket: BucketStore, good: int) -> None:
    class Broken(BytesIO):
        pieces = 0

        def read(self, size: int | None = -1) -> bytes:
            self.pieces += 1
            if self.pieces > good:
                raise ValueError("broken off")
            return bytes(size or PIECE)

    with pytest.raises(ValueError, match="broken off"):
        bucket.put_from("certificate-archives/3.zip", Broken())
    assert not bucket.exists("certificate-archives/3.zip")
