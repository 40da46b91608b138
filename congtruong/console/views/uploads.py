"""Files on their way in: a plain form, the editor, and the upload page that sends them in parts."""

from http import HTTPStatus

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from congtruong.console.views.desk import Desk, desk, render_desk
from congtruong.console.views.media import as_json, private_json
from congtruong.media import errors, phrases
from congtruong.media.forms import PartForm, UploadForm
from congtruong.media.models import Asset
from congtruong.media.services import MOST_BYTES, MOST_CHUNK, add_asset, receive_part
from congtruong.units.rules.duties import Act

_MOST_NAMED = 5


@desk(Act.WRITE)
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """The upload page; POST takes whole files, one from the editor or several from the page without JavaScript."""
    if request.method == "GET":
        return _page(request, desk, [])
    files = request.FILES.getlist("file")
    if "application/json" in request.headers.get("Accept", ""):
        return _one_as_json(request, desk, files)
    added, refused = [], []
    for file in files:
        try:
            added.append(_add(request, desk, file))
        except errors.FileRefused as error:
            refused.append(phrases.REFUSED.format(name=file.name, problem=error.message))
    if not files:
        refused.append(_why_nothing(request))
    if len(added) == 1:
        messages.success(request, phrases.ADDED_ONE.format(name=added[0].name))
    elif added:
        messages.success(request, phrases.ADDED_MANY.format(count=len(added)))
    if refused:
        return _page(request, desk, refused)
    return HttpResponseRedirect(reverse("console:media"))


@desk(Act.WRITE)
@require_POST
def chunk(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """One part of a file; the last one answers with the file."""
    form = PartForm(request.POST, request.FILES)
    if not form.is_valid():
        # The size is looked at first: of a file that is far too large nothing else may have arrived.
        total = form.cleaned_data.get("total", 0)
        return _refusal(errors.FileTooLarge() if total > MOST_BYTES else errors.PartRefused())
    part = form.cleaned_data["chunk"]
    if part.size > MOST_CHUNK:
        return _refusal(errors.PartRefused())
    try:
        answer = receive_part(
            unit=desk.unit,
            person_id=desk.person.pk,
            upload=form.cleaned_data["upload"],
            offset=form.cleaned_data["offset"],
            total=form.cleaned_data["total"],
            body=part.read(),
            name=form.cleaned_data["name"],
            shows_children=form.cleaned_data["children"],
            by=desk.by,
        )
    except errors.PartMisplaced as error:
        return private_json({"message": error.message, "offset": error.offset}, status=HTTPStatus.CONFLICT)
    except errors.FileRefused as error:
        return _refusal(error)
    if isinstance(answer, Asset):
        return private_json(as_json(answer), status=HTTPStatus.CREATED)
    return private_json({"offset": answer})


def _one_as_json(request: HttpRequest, desk: Desk, files: list[UploadedFile]) -> HttpResponseBase:
    if not files:
        problem = errors.FileTooLarge() if _is_too_large(request) else errors.FileRefused(phrases.NO_FILE)
        return _refusal(problem)
    try:
        return private_json(as_json(_add(request, desk, files[0])), status=HTTPStatus.CREATED)
    except errors.FileRefused as error:
        return _refusal(error)


def _add(request: HttpRequest, desk: Desk, file: UploadedFile) -> Asset:
    children = UploadForm(request.POST).shows_children()
    return add_asset(unit=desk.unit, body=file.read(), name=file.name or "", shows_children=children, by=desk.by)


def _refusal(error: errors.FileRefused) -> HttpResponseBase:
    is_large = isinstance(error, errors.FileTooLarge)
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE if is_large else HTTPStatus.UNPROCESSABLE_ENTITY
    return private_json({"message": error.message}, status=status)


def _why_nothing(request: HttpRequest) -> str:
    return errors.FileTooLarge.message if _is_too_large(request) else phrases.NO_FILE


def _is_too_large(request: HttpRequest) -> bool:
    """Whether a file was dropped on arrival because of its size."""
    length = request.headers.get("Content-Length", "")
    return length.isdecimal() and int(length) > MOST_BYTES


def _page(request: HttpRequest, desk: Desk, refused: list[str]) -> HttpResponseBase:
    context = {
        "refused": refused[:_MOST_NAMED],
        "more_refused": max(0, len(refused) - _MOST_NAMED),
        "most": MOST_BYTES,
        "sentences": {
            "too_large": errors.FileTooLarge.message,
            "empty": errors.FileEmpty.message,
            "heic": errors.HeicRefused.message,
            "video": errors.VideoRefused.message,
        },
    }
    status = 422 if refused else 200
    return render_desk(request, desk, "console/media_upload.html", context, page="media", status=status)
