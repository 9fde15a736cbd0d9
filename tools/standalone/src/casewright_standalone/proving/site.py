"""The Jira simulator as the people on the site use it, and what its own record says happened."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

import httpx

from casewright_standalone.results import PROVENANCE
from casewright_standalone.services import ACCOUNT_EMAIL, SIMULATOR, Wiring

Json = dict[str, Any]
_PAGE = 10_000


class Site:
    """Everything that a person, or a fault, does on the simulated site.

    Raises:
        httpx.HTTPStatusError: From every method, if the simulator refuses.
    """

    def __init__(self, wiring: Wiring, project_key: str) -> None:
        self.project_key = project_key
        self._client = httpx.Client(
            base_url=wiring.url(SIMULATOR),
            auth=(ACCOUNT_EMAIL, wiring.secrets.jira_token),
            timeout=30,
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def create(self, stories: Sequence[Json]) -> list[str]:
        """Create stories (`{"summary", "description"}`); their keys, in the same order."""
        issues = [{"project": self.project_key, **story} for story in stories]
        made = self._ask("POST", "/simulator/issues", json={"issues": issues})
        if made["errors"]:
            raise ValueError(f"the simulator refused {made['errors']}")
        return [issue["key"] for issue in made["issues"]]

    def edit(self, key: str, **changes: Any) -> None:
        """Change summary, description or status of an issue."""
        self._ask("PUT", f"/simulator/issues/{key}", json=changes)

    def delete(self, key: str) -> None:
        """Delete an issue."""
        self._ask("DELETE", f"/simulator/issues/{key}")

    def add_fault(self, **plan: Any) -> str:
        """Put a fault in force; its id."""
        return str(self._ask("POST", "/simulator/faults", json=plan)["id"])

    def clear_faults(self) -> None:
        """End all faults."""
        self._ask("DELETE", "/simulator/faults")

    def faults(self) -> list[Json]:
        """The faults in force, with how often each struck."""
        found: list[Json] = self._ask("GET", "/simulator/faults")
        return found

    def deliveries(self) -> list[Json]:
        """What became of every webhook."""
        found: list[Json] = self._ask("GET", "/simulator/webhooks/deliveries", params={"limit": _PAGE})[
            "deliveries"
        ]
        return found

    def ledger(self) -> list[Json]:
        """Every effect on the site's data, oldest first."""
        effects: list[Json] = []
        more = True
        while more:
            page = self._ask("GET", "/simulator/ledger", params={"since": len(effects), "limit": _PAGE})
            effects += page["effects"]
            more = page["more"]
        return effects

    def issue(self, key: str) -> Json:
        """An issue with all its fields, as REST shows it."""
        found: Json = self._ask("GET", f"/rest/api/3/issue/{key}")
        return found

    def comments(self, key: str) -> list[str]:
        """The text of each living comment on an issue."""
        found = self._ask("GET", f"/rest/api/3/issue/{key}/comment")["comments"]
        return [text_of(comment["body"]) for comment in found]

    def _ask(self, method: str, path: str, **options: Any) -> Any:
        answer = self._client.request(method, path, **options)
        answer.raise_for_status()
        return answer.json() if answer.content else None


@dataclass(frozen=True)
class Write:
    """One effect of ours on a comment, as the ledger has it.

    Attributes:
        kind: `comment.created`, `comment.updated` or `comment.deleted`.
        comment_id: Jira's.
        revision: Of the story, as the comment's property says.
        generation: Of the cases, likewise.
    """

    seq: int
    at: datetime
    kind: str
    comment_id: str
    revision: int
    generation: int


def writes(ledger: Sequence[Json]) -> dict[str, list[Write]]:
    """Our writes to comments, by issue key, in the order in which they took effect."""
    found: dict[str, list[Write]] = defaultdict(list)
    for effect in ledger:
        mark = effect["properties"].get(PROVENANCE)
        if not effect["kind"].startswith("comment.") or mark is None:
            continue
        found[effect["issue_key"]].append(
            Write(
                seq=effect["seq"],
                at=datetime.fromisoformat(effect["at"]),
                kind=effect["kind"],
                comment_id=effect["id"],
                revision=mark["revision"],
                generation=mark["generation"],
            )
        )
    return dict(found)


def unsettled(ledger: Sequence[Json], expected: Mapping[str, int]) -> list[str]:
    """Issues whose last comment isn't at the revision that `expected` names, by key."""
    found = writes(ledger)
    return [
        key for key, revision in expected.items() if key not in found or found[key][-1].revision != revision
    ]


@dataclass(frozen=True)
class Findings:
    """What is wrong on the site, each as a sentence; all empty if nothing is."""

    lost: list[str]
    duplicated: list[str]
    disordered: list[str]


def examine(ledger: Sequence[Json], expected: Mapping[str, int]) -> Findings:
    """Hold the ledger against what people did.

    Args:
        ledger: The simulator's.
        expected: Last revision of each story, by its key.
    """
    found = writes(ledger)
    lost, duplicated, disordered = [], [], []
    for key, revision in expected.items():
        ours = found.get(key, [])
        kinds = [one.kind for one in ours]
        if not ours:
            lost.append(f"{key} has no comment")
            continue
        if ours[-1].revision != revision or ours[-1].kind == "comment.deleted":
            lost.append(f"{key} ends with {ours[-1].kind} of revision {ours[-1].revision}, not {revision}")
        if kinds.count("comment.created") != 1 or "comment.deleted" in kinds:
            duplicated.append(f"{key} saw {', '.join(kinds)}")
        steps = [(one.revision, one.generation) for one in ours]
        if any(later[0] < earlier[0] or later[1] <= earlier[1] for earlier, later in pairwise(steps)):
            disordered.append(f"{key} saw (revision, generation) {steps}")
    strangers = sorted(found.keys() - expected.keys())
    duplicated += [f"{key} has a comment, but is no story of this run" for key in strangers]
    return Findings(lost, duplicated, disordered)


def text_of(node: Json) -> str:
    """All text of an ADF node, in order."""
    if node.get("type") == "text":
        return str(node["text"])
    inner = "".join(text_of(child) for child in node.get("content", ()))
    return f"{inner}\n" if node.get("type") in {"paragraph", "heading", "expand", "tableRow"} else inner
