"""The lists that the match API answers from: indexed once, shared by all requests, replaced when the lists change."""

from __future__ import annotations

import gc
import logging
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stanch.model import Entity
from stanch.screening import DEFAULT_THRESHOLD, Index, ListInfo, load_lists
from stanch.screening.query import KINDS
from stanch.sources.card import OFFICIAL, load_card
from stanch.sources.packaged import designation_snapshots

if TYPE_CHECKING:
    from stanch.workspace import Workspace

_LOG = logging.getLogger(__name__)

#: Data set names that stand for all lists held.
ALL = ("default", "sanctions", "all")
#: OpenSanctions' names of data sets → ours. Theirs hold the same list, at times joined with others.
OPENSANCTIONS = {
    "un_sc_sanctions": "un",
    "us_ofac_sdn": "ofac",
    "eu_fsf": "eu",
    "eu_journal_sanctions": "eu",
    "gb_hmt_sanctions": "uk",
    "gb_fcdo_sanctions": "uk",
    "jp_mof_sanctions": "jp",
    "us_trade_csl": "csl",
}
#: Seconds between two looks at whether the workspace's lists have changed.
CHECK_EVERY_S = 5.0

_State = tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Held:
    """One state of the lists. Immutable: a request works on one state to its end.

    `threshold` is the P that a score of 0.7 stands for. `datasets` maps every name that a request may use to our names
    of lists. `titles` says of each list what it is, and which part of it is held. `unlisted` are ids of parties that
    a list names without listing them (owned, controlled or linked ones).
    """

    index: Index
    entities: Mapping[str, Entity]
    datasets: Mapping[str, frozenset[str]]
    titles: Mapping[str, str]
    unlisted: frozenset[str]
    threshold: float

    @property
    def lists(self) -> tuple[ListInfo, ...]:
        """The lists, in order of name."""
        return self.index.lists

    def is_listed(self, entity: Entity) -> bool:
        """Whether an entity is itself a designated party (and no link, and no party that is only linked to one)."""
        return entity.schema in KINDS and entity.id not in self.unlisted

    def topics_of(self, entity: Entity) -> tuple[str, ...]:
        """The entity's topics, by OpenSanctions' words; where the list gives none, what being on it means."""
        return entity.get("topics") or (("sanction",) if self.is_listed(entity) else ("sanction.linked",))

    def names_of(self, lists: Iterable[str]) -> list[str]:
        """The data set names of some lists as an answer has them: OpenSanctions' first, then ours."""
        return [name for ours in lists for name in (*_THEIRS.get(ours, ()), ours)]


#: The one name of theirs that an answer carries for a list of ours.
_THEIRS: dict[str, tuple[str, ...]] = {}
for _name, _ours in OPENSANCTIONS.items():
    _THEIRS.setdefault(_ours, (_name,))


class HeldLists:
    """Holds the current `Held`. Without a workspace, or for one without lists, these are the packaged lists."""

    def __init__(self, workspace: Workspace | None, check_every_s: float = CHECK_EVERY_S) -> None:
        self._workspace = workspace
        self._every = check_every_s
        self._held: Held | None = None
        self._state: _State = ()
        self._checked = 0.0
        self._first = threading.Lock()
        self._looking = threading.Lock()
        #: Whether the last look at the workspace failed: the lists held may be older than its own.
        self.stale = False

    @property
    def ready(self) -> bool:
        """Whether an index stands."""
        return self._held is not None

    def current(self) -> Held:
        """The lists to answer from. Only the very first call waits for the index; later ones never do.

        Raises:
            StanchError: the lists cannot be read, and none were before.
        """
        held = self._held
        if held is None:
            with self._first:
                return self._held or self._load(self._present())
        if self._workspace is not None and time.monotonic() - self._checked >= self._every:
            self._in_background()
        return held

    def warm(self) -> None:
        """Build the first index without waiting for it."""
        if not self.ready:
            self._in_background()

    def _in_background(self) -> None:
        if self._looking.acquire(blocking=False):
            threading.Thread(target=self._look, name="stanch-lists", daemon=True).start()

    def _look(self) -> None:
        try:
            with self._first:
                present = self._present()
                if self._held is None or present != self._state:
                    self._load(present)
            self.stale = False
        except Exception:
            # Whatever is wrong with the new lists, the old ones go on answering; the next look tries again.
            self.stale = True
            _LOG.warning("the lists could not be read again; the earlier ones stay in use", exc_info=True)
        finally:
            self._checked = time.monotonic()
            self._looking.release()

    def _present(self) -> _State:
        if self._workspace is None:
            return ()
        return tuple((item.source_id, item.list_date, item.sha256) for item in self._workspace.list_snapshots())

    def _load(self, state: _State) -> Held:
        entities, lists = load_lists(self._workspace)
        threshold = DEFAULT_THRESHOLD if self._workspace is None else self._workspace.settings.screening_threshold
        index = Index.build(entities, lists)
        held = Held(
            index=index,
            entities={entity.id: entity for entity in entities},
            datasets=dataset_names(lists),
            titles=_titles(lists, packaged=not state),
            unlisted=frozenset(item.entity.id for item in index.subjects if item.relation is not None),
            threshold=threshold,
        )
        # The index stays for long: looking through it for garbage would make a query now and then ten times slower.
        gc.collect()
        gc.freeze()
        self._held, self._state, self._checked = held, state, time.monotonic()
        return held


def dataset_names(lists: Iterable[ListInfo]) -> dict[str, frozenset[str]]:
    """Every data set name that a request may use, and the lists it stands for."""
    own = frozenset(item.name for item in lists)
    names = {name: frozenset({name}) for name in own}
    names |= {theirs: frozenset({ours}) for theirs, ours in OPENSANCTIONS.items() if ours in own}
    return names | dict.fromkeys(ALL, own)


def _titles(lists: Iterable[ListInfo], packaged: bool) -> dict[str, str]:
    """What each list is. The packaged ones are parts of the official lists, and say so."""
    parts = {item.name: item.title for item in designation_snapshots()} if packaged else {}
    official = {name: load_card(name).title for name in OFFICIAL}
    return {item.name: parts.get(item.name) or official.get(item.name, item.name) for item in lists}
