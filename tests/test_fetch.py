"""Originals come whole, from where they should, or not at all, with a line that says why."""

import hashlib
import re
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import trustme
from click.testing import CliRunner

from analysis import cli
from analysis.sources import fetch, packages

BODY = b"area,year,value\nChina,2021,17.21\n" * 50
SHA256 = hashlib.sha256(BODY).hexdigest()


class Faulty(BaseHTTPRequestHandler):
    """Serves the same bytes, each path with a fault of its own."""

    def do_GET(self):
        getattr(self, self.path.strip("/").split(".")[0])()

    def answer(self, body=BODY, length=None, status=200, **headers):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def whole(self):
        self.server.asked += 1
        self.answer()

    def missing(self):
        self.answer(b"", status=404)

    def truncated(self):
        self.answer(BODY[:100], length=len(BODY))
        self.close_connection = True

    def longer(self):
        self.answer(BODY, length=100)

    def huge(self):
        self.answer(BODY, length=2**40)

    def endless(self):
        self.send_response(200)
        self.end_headers()
        for _ in range(1000):
            self.wfile.write(b"x" * 2**16)

    def other(self):
        self.answer(BODY.replace(b"17.21", b"27.21"))

    def stalled(self):
        self.send_response(200)
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY[:100])
        time.sleep(3)

    def dripping(self):
        self.send_response(200)
        self.end_headers()
        for _ in range(50):
            self.wfile.write(b"x" * 2**12)
            time.sleep(0.1)

    def moved(self):
        self.answer(b"", status=302, Location="/whole.csv")

    def unencrypted(self):
        self.answer(b"", status=302, Location="http://127.0.0.1:9/whole.csv")

    def late(self):
        self.server.asked += 1
        if self.server.asked == 1:
            return self.answer(b"", status=503)
        self.answer()

    def log_message(self, *_):
        pass


@pytest.fixture
def server(tmp_path, monkeypatch):
    authority = trustme.CA()
    bundle = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(bundle)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Faulty)
    server.daemon_threads, server.asked = True, 0
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def get(server, name, folder, *, scheme="https", **options):
    url = f"{scheme}://127.0.0.1:{server.server_port}/{name}.csv"
    one = fetch.Original("package/table.csv", SHA256, url, ("package/table",))
    ((_, reason),) = fetch.fetch(
        [one], folder, **{"timeout": 1, "retries": 0, "largest": 2**20} | options
    )
    return reason


@pytest.mark.parametrize("name", ["whole", "moved"])
def test_a_file_is_fetched_once(server, tmp_path, name):
    folder = tmp_path / "originals"
    assert get(server, name, folder) == ""
    assert (folder / "package/table.csv").read_bytes() == BODY
    assert get(server, name, folder) == ""
    assert server.asked == 1


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("missing", "404"),
        ("truncated", "broke off"),
        ("longer", "checksum"),
        ("huge", "larger than 1,048,576 bytes"),
        ("endless", "larger than 1,048,576 bytes"),
        ("other", "checksum"),
        ("stalled", "failed or broke off|no answer in time"),
        ("dripping", "too slow"),
        ("unencrypted", "only https"),
    ],
)
def test_a_fault_leaves_nothing_and_says_why_in_a_line(server, tmp_path, name, reason):
    folder = tmp_path / "originals"
    said = get(server, name, folder)
    assert re.search(reason, said) and "\n" not in said and f"/{name}.csv: " in said
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_a_fault_does_not_replace_what_is_there(server, tmp_path):
    folder = tmp_path / "originals"
    (folder / "package").mkdir(parents=True)
    (folder / "package/table.csv").write_text("what somebody put there")
    assert "checksum" in get(server, "other", folder)
    assert (folder / "package/table.csv").read_text() == "what somebody put there"


def test_a_failed_download_is_tried_again(server, tmp_path):
    assert get(server, "late", tmp_path / "originals", retries=1) == ""
    assert server.asked == 2


def test_no_address_but_https(server, tmp_path):
    assert "only https" in get(server, "whole", tmp_path / "originals", scheme="http")
    assert server.asked == 0


def test_every_original_names_a_public_copy_at_a_fixed_commit_or_is_listed_without():
    without = {one.file for one in fetch.originals() if not one.url}
    assert without == {
        "oecd_ai_2026_09/transcribed_read_file.csv",
        "papercopilot_2021/affiliations_2021.csv",
    }
    for one in fetch.originals():
        if one.url:
            assert one.url.startswith("https://raw.githubusercontent.com/")
            commit = one.url.split("/")[5]
            assert len(commit) == 40 and int(commit, 16)
        assert len(one.sha256) == 64


def test_tables_of_one_file_agree_on_it():
    tables = [table for table in packages.raw_tables() if "file" in table.original]
    said = {(t.original["file"], t.original["sha256"], t.original.get("url")) for t in tables}
    assert len(said) == len({t.original["file"] for t in tables})


def invoke(*arguments):
    return CliRunner().invoke(cli.main, list(arguments))


def test_the_command_fetches_what_verify_reads(server, tmp_path, monkeypatch):
    url = f"https://127.0.0.1:{server.server_port}/other.csv"
    one = fetch.Original("world_bank_gdp/gdp.csv", SHA256, url, ("world_bank_gdp/gdp",))
    monkeypatch.setattr(fetch, "originals", lambda names: [one])
    ended = invoke("sources", "fetch", "world_bank_gdp", "--into", str(tmp_path), "--retries", "0")
    assert ended.exit_code == 1
    assert f"world_bank_gdp/gdp.csv: {url}: its checksum" in ended.output
    assert f"0 of 1 originals in {tmp_path}" in ended.output


def test_a_wrong_name_or_folder_is_one_line(tmp_path):
    assert (
        "no raw table or package 'gdp'; packages: ai_index_2021,"
        in invoke("sources", "fetch", "gdp").output
    )
    (tmp_path / "file").write_text("")
    blocked = invoke("sources", "fetch", "world_bank_gdp", "--into", str(tmp_path / "file" / "x"))
    assert blocked.exit_code == 2 and "cannot be made" in blocked.output
    empty = invoke("sources", "verify", "--originals", str(tmp_path))
    assert empty.exit_code == 2 and "holds none of the originals" in empty.output
