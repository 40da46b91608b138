"""What may be written in a post, as one value: read from its rows, kept in revisions, written back."""

from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any, Self

from congtruong.editorial.enums import SigningAuthority, Urgency
from congtruong.editorial.models import Document, Post, PostFile
from congtruong.publication.enums import Channel

_DATES = ("issued_on", "effective_on", "expires_on")
_INSTANTS = ("starts_at", "publish_at", "expires_at", "asks_due_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterContent:
    """Register data of an official document (NĐ 30/2020, article 8), complete or not yet."""

    type_id: int | None = None
    number: int | None = None
    symbol: str = ""
    second_reference: str = ""
    issuer: str = ""
    parent_issuer: str = ""
    place: str = ""
    issued_on: date | None = None
    effective_on: date | None = None
    expires_on: date | None = None
    signer: str = ""
    signer_title: str = ""
    signing_authority: str = SigningAuthority.DIRECT
    urgency: str = Urgency.NORMAL
    field: str = ""
    recipients: tuple[str, ...] = ()
    pages: int | None = None
    is_signed_digitally: bool = False
    # Each {kind, symbol, post}: `post` is the id of a post of the unit, or None for a document from elsewhere.
    relations: tuple[dict[str, Any], ...] = ()

    @classmethod
    def of(cls, document: Document) -> Self:
        values = {f.name: getattr(document, f.name) for f in fields(cls)}
        return cls(**values | {"recipients": tuple(document.recipients), "relations": tuple(document.relations)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Everything a writer can set. `files` are (asset id, label) in order; ids are of rows of the same unit."""

    title: str = ""
    summary: str = ""
    body: str = ""
    category_id: int | None = None
    author: str = ""
    source_name: str = ""
    source_url: str = ""
    cover_id: int | None = None
    cover_caption: str = ""
    school_year: int = 0
    is_pinned: bool = False
    starts_at: datetime | None = None
    place: str = ""
    levels: int = 0
    # Units below an authority, or authorities for all below them; nobody is everybody.
    targets: tuple[int, ...] = ()
    asks: str = ""
    asks_due_at: datetime | None = None
    shows_children: bool = False
    parent_id: int | None = None
    order: int = 0
    publish_at: datetime | None = None
    expires_at: datetime | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    files: tuple[tuple[int, str], ...] = ()
    register: RegisterContent | None = None

    @classmethod
    def of(cls, post: Post) -> Self:
        """The working copy; one query, for a document read without its register two."""
        own = {f.name: getattr(post, f.name) for f in fields(cls) if f.name not in {"files", "register"}}
        files = PostFile.objects.filter(post=post).values_list("asset_id", "label")
        document = document_of(post)
        own["targets"] = tuple(own["targets"])
        return cls(**own, files=tuple(files), register=RegisterContent.of(document) if document else None)

    def as_json(self) -> dict[str, Any]:
        """The form in which revisions keep it."""
        made = asdict(self)
        for holder, names in ((made, _INSTANTS), (made["register"] or {}, _DATES)):
            for name in names:
                if holder.get(name) is not None:
                    holder[name] = holder[name].isoformat()
        made["files"] = [list(file) for file in self.files]
        made["targets"] = list(self.targets)
        if self.register is not None:
            made["register"] |= {name: list(getattr(self.register, name)) for name in ("recipients", "relations")}
        return made

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        """Read a revision; what a later version of the product added takes its default."""
        values = {f.name: kept[f.name] for f in fields(cls) if f.name in kept}
        for name in _INSTANTS:
            values[name] = datetime.fromisoformat(values[name]) if values.get(name) else None
        values["files"] = tuple((asset_id, label) for asset_id, label in values.get("files", ()))
        values["targets"] = tuple(values.get("targets", ()))
        register = values.get("register")
        if register is not None:
            values["register"] = _register(register)
        return cls(**values)

    def replaced(self, **changes: Any) -> Self:
        return replace(self, **changes)


def document_of(post: Post) -> Document | None:
    """The register row of a document; None of anything else, and of a document that has none yet."""
    if post.channel != Channel.DOCUMENT:
        return None
    try:
        return post.document
    except Document.DoesNotExist:
        return None


def _register(kept: dict[str, Any]) -> RegisterContent:
    values = {f.name: kept[f.name] for f in fields(RegisterContent) if f.name in kept}
    for name in _DATES:
        values[name] = date.fromisoformat(values[name]) if values.get(name) else None
    values["recipients"] = tuple(values.get("recipients", ()))
    values["relations"] = tuple(values.get("relations", ()))
    return RegisterContent(**values)
