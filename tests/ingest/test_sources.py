"""Files, folders and archives as sources: names, limits, and nothing on disk."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from monitor.errors import InputError
from monitor.ingest import sources as module
from monitor.ingest.sources import Found, sources, survey

ENDINGS = (".txt", ".docx")


def archive(members: dict[str, bytes], *, compress: int = zipfile.ZIP_DEFLATED) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", compress) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return data.getvalue()


def put(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def read(*paths: Path) -> dict[str, bytes | str]:
    """Name → bytes, or the id of the diagnostic."""
    found: dict[str, bytes | str] = {}
    for each in sources(paths, ENDINGS):
        try:
            found[each.name] = each.read()
        except InputError as error:
            found[each.name] = error.diagnostics[0].id
    return found


def passed(path: Path) -> dict[str, str]:
    [found] = survey([path], ENDINGS)
    return {each.name: each.why for each in found.passed}


def test_files_folders_and_archives_are_read_in_any_mix(tmp_path: Path) -> None:
    zipped = archive({"子夹/文件.txt": b"1", "b.docx": b"2", "__MACOSX/b.docx": b"x"})
    put(tmp_path, "夹/下级/甲.txt", b"3")
    put(tmp_path, "夹/归档.zip", zipped)
    put(tmp_path, "夹/.hidden.txt", b"x")
    put(tmp_path, "夹/~$甲.docx", b"x")

    found = read(tmp_path / "夹", put(tmp_path, "单.bin", b"4"))

    assert found == {
        "下级/甲.txt": b"3",
        "归档.zip/子夹/文件.txt": b"1",
        "归档.zip/b.docx": b"2",
        "单.bin": b"4",
    }


def test_an_archive_is_known_by_its_content_and_an_office_document_is_none(tmp_path: Path) -> None:
    word = archive({"[Content_Types].xml": b"", "word/document.xml": b""})

    assert read(put(tmp_path, "a.txt", archive({"b.txt": b"1"}))) == {"a.txt/b.txt": b"1"}
    assert read(put(tmp_path, "a.docx", word)) == {"a.docx": word}


def test_an_archive_in_an_archive_is_read_and_one_in_that_is_not(tmp_path: Path) -> None:
    innermost = archive({"c.txt": b"3"})
    inner = archive({"b.txt": b"2", "最里.zip": innermost})
    path = put(tmp_path, "外.zip", archive({"内.zip": inner, "a.txt": b"1"}))

    assert read(path) == {"外.zip/内.zip/b.txt": b"2", "外.zip/a.txt": b"1"}
    assert passed(path) == {"外.zip/内.zip/最里.zip": "压缩包套了不止一层"}


def test_names_in_gbk_without_a_mark_are_decoded(tmp_path: Path) -> None:
    ascii_name = "xxxxxxxx.txt"
    raw = archive({ascii_name: b"1"})
    path = put(tmp_path, "a.zip", raw.replace(ascii_name.encode(), "绩效目标.txt".encode("gbk")))

    assert read(path) == {"a.zip/绩效目标.txt": b"1"}


@pytest.mark.parametrize(
    "name", ["../../etc/a.txt", "/etc/a.txt", "C:\\etc\\a.txt", "x/../../a.txt"]
)
def test_a_name_that_leads_out_of_the_archive_leads_nowhere(tmp_path: Path, name: str) -> None:
    path = put(tmp_path, "in/a.zip", archive({name: b"1"}))
    before = sorted(tmp_path.rglob("*"))

    [(shown, data)] = read(path).items()

    assert data == b"1"
    assert shown.startswith("a.zip/")
    assert ".." not in shown
    assert ":" not in shown
    assert passed(path) == {shown: "在压缩包里的名称指向压缩包之外，只按此名读取"}
    assert sorted(tmp_path.rglob("*")) == before


def test_control_characters_are_left_out_of_names(tmp_path: Path) -> None:
    path = put(tmp_path, "a.zip", archive({"a\x1b[31m\u202etxt.b\n.txt": b"1"}))

    assert list(read(path)) == ["a.zip/a[31mtxt.b.txt"]


def test_a_bomb_is_not_read_beyond_the_limit_of_a_document(tmp_path: Path) -> None:
    bomb = archive({"bomb.txt": bytes(80 * 2**20), "good.txt": b"1"})
    lying = bomb.replace((80 * 2**20).to_bytes(4, "little"), (100).to_bytes(4, "little"))

    assert read(put(tmp_path, "a.zip", bomb)) == {"a.zip/bomb.txt": "T092", "a.zip/good.txt": b"1"}
    told = read(put(tmp_path, "b.zip", lying))
    assert told == {"b.zip/bomb.txt": "T090", "b.zip/good.txt": b"1"}


def test_all_in_one_archive_has_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_IN_ALL", 2500)
    budget = module.Budget
    monkeypatch.setattr(module, "Budget", lambda: budget(size=2500))
    inner = archive({"3.txt": b"3" * 1000}, compress=zipfile.ZIP_STORED)
    path = put(
        tmp_path, "a.zip", archive({"1.txt": b"1" * 1000, "2.zip": inner, "4.txt": b"4" * 9})
    )

    told = read(path)

    assert told["a.zip/1.txt"] == b"1" * 1000
    assert told["a.zip/2.zip/3.txt"] == "T092"
    assert told["a.zip/4.txt"] == "T092"


def test_too_many_members_are_refused_and_the_first_are_read(tmp_path: Path) -> None:
    path = put(tmp_path, "a.zip", archive({f"{n}.txt": b"1" for n in range(2003)}))

    told = read(path)

    assert len(told) == 2001
    assert told["a.zip"] == "T092"


def test_an_index_too_large_to_open_is_refused_unopened(tmp_path: Path) -> None:
    end = b"PK\x05\x06" + bytes(8) + (500 * 2**20).to_bytes(4, "little") + bytes(6)

    assert read(put(tmp_path, "a.zip", b"PK\x03\x04" + end)) == {"a.zip": "T092"}


def test_a_locked_member_is_refused_with_the_reason(tmp_path: Path) -> None:
    data = bytearray(archive({"a.txt": b"1", "b.txt": b"2"}))
    data[data.index(b"PK\x01\x02") + 8] |= 1

    assert read(put(tmp_path, "a.zip", bytes(data))) == {"a.zip/a.txt": "T091", "a.zip/b.txt": b"2"}


def test_a_damaged_archive_and_a_damaged_member_are_told(tmp_path: Path) -> None:
    data = archive({"a.txt": b"hello world", "b.txt": b"2"}, compress=zipfile.ZIP_STORED)

    assert read(put(tmp_path, "a.zip", data[: len(data) // 2])) == {"a.zip": "T090"}
    broken = data.replace(b"hello world", b"hello WORLD")
    assert read(put(tmp_path, "b.zip", broken)) == {"b.zip/a.txt": "T090", "b.zip/b.txt": b"2"}


def test_a_link_in_an_archive_is_passed_over(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("passwd.txt")
    link.external_attr = 0o120777 << 16
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as made:
        made.writestr(link, "/etc/passwd")
    path = put(tmp_path, "a.zip", data.getvalue())

    assert read(path) == {}
    assert passed(path) == {"a.zip/passwd.txt": "是链接，不是文件"}


def test_a_survey_counts_without_reading(tmp_path: Path) -> None:
    put(tmp_path, "夹/甲.txt", b"123")
    put(tmp_path, "夹/归档.zip", archive({"乙.txt": b"12345", "丙.mp4": b"x"}))
    put(tmp_path, "夹/丁.mp4", b"x")

    [found] = survey([tmp_path / "夹"], ENDINGS)

    assert isinstance(found, Found)
    assert sorted(found.sizes) == [3, 5]
    assert sorted(each.name for each in found.passed) == ["丁.mp4", "归档.zip/丙.mp4"]
