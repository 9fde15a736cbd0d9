"""Names of collections and ids of points: the same input always gives the same one."""

import re
from hashlib import sha256
from uuid import UUID, uuid5

_NAMESPACE = UUID("b0f5b0f4-4f5e-5f0e-9a52-3f2f3a0c8d21")
_LONGEST_MODEL = 64


def collection_name(org_id: UUID, *, model: str, dimension: int) -> str:
    """Name of an organisation's collection for one embedding model.

    The model's name is cut to what Qdrant allows; a digest of the whole name keeps two models apart.
    """
    slug = re.sub(r"[^a-z0-9.]+", "-", model.lower()).strip("-")[:_LONGEST_MODEL]
    digest = sha256(model.encode()).hexdigest()[:6]
    return f"org-{org_id.hex}-{slug}-{digest}-{dimension}"


def point_id(org_id: UUID, *names: str, kind: str, digest: str) -> UUID:
    """Id of the point for one chunk of what `names` name within organisation and kind.

    For a story that is connection and issue: Jira's issue ids are unique within a site only.
    """
    return uuid5(_NAMESPACE, ":".join((str(org_id), *names, kind, digest)))
