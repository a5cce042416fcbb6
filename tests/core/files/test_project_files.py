"""Projects as files, and the examples that come with Layerwise."""

import pytest

from core.errors import LayerwiseError
from core.files import project as subject
from core.files.project import examples, find_saved, read_project, write_project
from core.project import Project
from core.training.session import Session


def test_a_written_project_is_read_back(tmp_path):
    write_project(tmp_path / "p.json", Project())
    assert read_project(tmp_path / "p.json") == Project()


def test_flower_is_the_default_project():
    saved, path = find_saved("flower")
    assert (saved.project, path) == (Project(), None)


def test_a_file_is_found_by_its_path(tmp_path):
    path = tmp_path / "mine.json"
    write_project(path, Project())
    saved, found = find_saved(str(path))
    assert (saved.project, found) == (Project(), path)


def test_a_bundled_name_wins_and_the_path_reaches_the_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_project("flower", read_project(examples()["xor"]))
    assert find_saved("flower")[0].project == Project()
    assert find_saved("./flower")[0].project.data.source == "xor"


@pytest.mark.parametrize("name", ["flower", "moons", "xor", "spirals", "circles"])
def test_every_example_is_a_lesson_that_learns(name):
    saved, path = find_saved(name)
    assert path is None
    project = saved.project
    session = Session(project)
    for _ in range(project.training.iterations):
        assert session.step()
    assert (session.score()[0].accuracy or 0) >= 0.9


def test_all_examples_are_tested():
    assert list(examples()) == ["circles", "flower", "moons", "spirals", "xor"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "This is not a Layerwise project"),
        (b"[" * 100_000, "This is not a Layerwise project"),
        (b'{"format": "other", "version": 1}', "at format"),
        (b'{"format": "layerwise", "version": 7}', "newer Layerwise"),
        (b'{"format": "layerwise", "version": 1, "data": {"examples": true}}', "at data.examples"),
        (b" " * (subject.MAX_BYTES + 1), "and the limit is 1,048,576"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_the_reason(tmp_path, content, reason):
    path = tmp_path / "p.json"
    path.write_bytes(content)
    with pytest.raises(LayerwiseError) as caught:
        find_saved(str(path))
    assert str(caught.value).startswith(f"{path} cannot be ")
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_wrong_name_gets_the_list_of_examples(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(LayerwiseError) as caught:
        find_saved("flowr")
    assert str(caught.value) == (
        "flowr cannot be read: there is no such file or folder, and no bundled example of that name"
        " either; the examples are circles, flower, moons, spirals, xor."
    )
    with pytest.raises(LayerwiseError, match=r"^a\.json cannot be read: .* folder\.$"):
        find_saved("a.json")
