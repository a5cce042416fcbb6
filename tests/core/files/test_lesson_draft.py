"""A written lesson is read back from its file unchanged, with all of its scenes."""

import numpy as np
import pytest

from core import Project, edits
from core.data.own import own_data
from core.errors import LayerwiseError
from core.files import lesson_draft, lessons
from core.files.storage import Saved
from core.lessons.lesson import Lesson, LessonStep, Question
from core.nn.parameters import Parameters

STEP = LessonStep(
    "Look", "The unit says {{accuracy:.0%}}.", "There.", goal="iteration >= 10", hint="Play"
)


def draft(*scenes):
    steps = (STEP,) * len(scenes)
    return lesson_draft.Draft(Lesson("Mine", "About it.", 3, steps), scenes)


def same_scene(one, other):
    if (one is None) != (other is None):
        return False
    if one is None:
        return True
    starts = [s.start for s in (one, other)]
    alike = all(s is None for s in starts) or np.array_equal(*starts)
    own = [s.own for s in (one, other)]
    data = all(o is None for o in own) or all(
        np.array_equal(getattr(own[0], name), getattr(own[1], name)) for name in ("X", "Y")
    )
    return alike and data and one.project.network == other.project.network


@pytest.mark.parametrize("name", lessons.bundled())
def test_every_bundled_lesson_can_be_expressed(name):
    package = lessons.find(name)
    made = lesson_draft.of_package(package)
    again = lesson_draft.package_of(made, name)
    for at, (step, other) in enumerate(zip(package.lesson.steps, again.lesson.steps, strict=True)):
        for key in ("title", "text", "explanation", "goal", "point", "allow", "test", "questions"):
            assert getattr(step, key) == getattr(other, key)
        assert same_scene(package.scenes.get(at), again.scenes.get(at))
    assert again.pictures == package.pictures


def test_given_weights_and_own_data_travel_with_it():
    rng = np.random.RandomState(1)
    X, Y = rng.randn(12, 30), (rng.rand(1, 30) > 0.5).astype(float)
    own = own_data(
        X, Y, "here", inputs=[f"p{i}" for i in range(12)], classes=["no", "yes"],
        picture=(2, 2, 3), test_examples=10,
    )  # fmt: skip
    project = edits.choose_own(Project(), own)
    flat = rng.randn(Parameters(project.sizes()).flat.size)
    again = lesson_draft.package_of(draft(Saved(project, None, own, flat), None), "mine")
    scene = again.scenes[0]
    np.testing.assert_array_equal(scene.start, flat)
    assert scene.own is not None
    np.testing.assert_array_equal(scene.own.X, X)
    np.testing.assert_array_equal(scene.own.Y, Y)
    assert scene.own.test_examples == 10
    assert (scene.own.picture, scene.own.classes, scene.own.inputs) == (
        (2, 2, 3), own.classes, own.inputs,
    )  # fmt: skip
    assert list(again.scenes) == [0]


def test_a_draft_gives_the_same_bytes_and_an_invalid_one_is_not_saved(tmp_path):
    made = draft(Saved(Project()))
    assert lesson_draft.file_of(made) == lesson_draft.file_of(made)
    path = tmp_path / "mine.lesson"
    lesson_draft.save(path, made)
    before = path.read_bytes()
    bad = made.with_step(0, LessonStep("Look", "A link: [x](y)"))
    with pytest.raises(LayerwiseError, match="no links"):
        lesson_draft.save(path, bad)
    with pytest.raises(LayerwiseError):
        lesson_draft.save(path, lesson_draft.empty())
    assert path.read_bytes() == before
    assert lessons.open_packed(path).lesson.title == "Mine"


def test_steps_are_put_in_taken_out_and_changed():
    made = draft(None, Saved(Project()))
    more = made.insert(1, LessonStep("New", ""), None).with_lesson(minutes=9)
    assert [s.title for s in more.lesson.steps] == ["Look", "New", "Look"]
    assert more.scenes == (None, None, made.scenes[1])
    assert more.without(1).scenes == made.scenes
    ask = Question("text", "Why?")
    step = more.with_step(1, LessonStep("Ask", "", questions=(ask,))).lesson.steps[1]
    assert step.questions == (ask,)
    assert more.with_scene(0, made.scenes[1]).scenes[0] is made.scenes[1]


def test_a_draft_is_kept_for_the_next_time(tmp_path):
    folder = tmp_path / "data"
    assert lesson_draft.kept(folder) is None
    lesson_draft.keep(folder, draft(Saved(Project())))
    kept = lesson_draft.kept(folder)
    assert kept is not None
    assert kept.lesson.title == "Mine"
    (folder / lesson_draft.DRAFT).write_bytes(b"PK")
    assert lesson_draft.kept(folder) is None
