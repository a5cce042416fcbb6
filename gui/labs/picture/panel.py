"""The panel of the picture lab: a picture and its column, and the effect of a wrong reshape."""

from __future__ import annotations

from collections.abc import Mapping

from core.errors import LayerwiseError
from core.labs import pictures
from core.labs.pictures import Album
from core.project import Project
from core.training.messages import Snapshot
from gui.labs.base import Lab
from gui.labs.pages import Pages
from gui.labs.paragraph import paragraph
from gui.labs.picture.many import ManyPictures
from gui.labs.picture.one import OnePicture
from gui.model.document import Document
from gui.model.selection import Selection
from gui.model.training import Training
from gui.parts import Named
from gui.widgets.card import Card
from gui.widgets.menu_button import MenuButton

TITLE = "Picture and vector"
TOY, DIGITS, OPEN = "toy", "digits", "open"


class PictureLab(Lab):
    """A toy picture, the digits, or the open project's pictures, on two pages."""

    def __init__(self, document: Document, training: Training, selection: Selection) -> None:
        super().__init__(document, training, selection)
        self.state: Album = pictures.toys()
        self._seen: set[str] = set()
        self._trained = False
        choices = {
            TOY: self.tr("Toy, 3 × 3 × 2"),
            DIGITS: self.tr("Digits, 8 × 8"),
            OPEN: self.tr("Open project"),
        }
        self.album = MenuButton(self.tr("Pictures"), choices, TOY)
        self.album.setToolTip(self.tr("Which pictures are looked at"))
        self.album.chosen.connect(self._choose)
        self.sentence = paragraph()
        self.sentence.hide()
        self.one, self.many = OnePicture(), ManyPictures()
        pages = {self.tr("One picture"): self.one, self.tr("Many"): self.many}
        self.pages = Pages(self.tr("What is tried"), pages)
        self._show(self.state)
        self.one.done.connect(self._on_done)
        self.many.done.connect(self._on_done)
        self.pages.turned.connect(self._on_turned)
        self._lay_out()

    def _lay_out(self) -> None:
        self.card = Card(self.tr(TITLE), self)
        self.card.add_header(self.pages.segments)
        self.card.fill(self, self.album, self.sentence, (self.pages, 1))
        self.setFocusProxy(self.album)

    def named_parts(self) -> Mapping[str, Named]:
        one, many = self.pages.segments.buttons
        return {
            "album": Named(self.album, self.tr("Pictures of the Picture lab")),
            "view[one]": Named(one, self.tr("One picture in the Picture lab")),
            "view[many]": Named(many, self.tr("Many pictures in the Picture lab")),
            **self.one.named_parts(),
            **self.many.named_parts(),
        }

    def facts(self) -> Mapping[str, object]:
        return {"seen": frozenset(self._seen), "trained": self._trained}

    def begin_step(self) -> None:
        self._seen.clear()
        self._trained = False
        self.facts_changed.emit()

    def end_work(self) -> None:
        self.many.work.close()

    # --- which pictures --------------------------------------------------------------------------

    def show_example(self, k: int) -> None:
        """Show training example k, from 0, of the open project and its pictures.

        Raises LayerwiseError if they are not pictures.
        """
        album = self._open_album()
        self.album.set_value(OPEN)
        self._show(album, k)

    def show_project(self, old: Project | None, new: Project) -> None:
        if old is not None and self.album.value == OPEN:
            self.many.work.cancel()  # the shown project is closed; the new pictures arrive soon

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the pictures of the open project, once a run has them."""
        if self.album.value != OPEN or snapshot.project == self.state.project:
            return
        if snapshot.split.picture is None:
            self.album.set_value(DIGITS)
            self._show(pictures.digits())
        else:
            album = pictures.pictures_of(snapshot.split, snapshot.project)
            self._show(album, min(self.one.number.value, album.m) - 1)

    def _open_album(self) -> Album:
        latest = self.training.latest
        if latest is None:
            raise LayerwiseError("The pictures of the open project are not here yet: try again.")
        return pictures.pictures_of(latest.split, latest.project)

    def _choose(self, name: str) -> None:
        """Show these pictures; if the open project has none, say so and stay."""
        try:
            make = {TOY: pictures.toys, DIGITS: pictures.digits, OPEN: self._open_album}[name]
            album = make()
        except LayerwiseError as error:
            self.album.set_value(self._name())
            self._say(str(error))
            return
        self.album.set_value(name)
        self._show(album)

    def _name(self) -> str:
        """The choice that is shown."""
        if self.state.project is None:
            return TOY
        return DIGITS if self.state.name == pictures.DIGITS_NAME else OPEN

    def _show(self, album: Album, k: int = 0) -> None:
        self.state = album
        self.one.show_album(album, k)
        self.many.show_album(album)
        self._say("")

    def _say(self, sentence: str) -> None:
        self.sentence.setText(sentence)
        self.sentence.setVisible(bool(sentence))

    # --- facts ----------------------------------------------------------------------------

    def _on_turned(self, _title: str) -> None:
        if self.pages.currentIndex() == 1:
            self._on_done("reshapes")

    def _on_done(self, what: str) -> None:
        if what == "trained":
            self._trained = True
        elif what != "reshapes" or self.pages.currentIndex() == 1:
            self._seen.add(what)
        self.facts_changed.emit()
