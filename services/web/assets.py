"""The style sheet, the script and the icon: read once, sent with an ETag, cached by content."""

import hashlib
import mimetypes
from pathlib import Path

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from services.web.revalidation import names

FOLDER = Path(__file__).parent / "static"
FOREVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"


class Asset(msgspec.Struct, frozen=True):
    """One static file as it is sent."""

    body: bytes
    media_type: str
    digest: str


def load_assets() -> dict[str, Asset]:
    """All static files by name."""
    return {path.name: _load(path) for path in sorted(FOLDER.iterdir()) if path.is_file()}


def _load(path: Path) -> Asset:
    body = path.read_bytes()
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Asset(body, media_type, hashlib.blake2b(body, digest_size=8).hexdigest())


def asset_response(asset: Asset, request: Request) -> Response:
    """The file, or 304 when the browser has it; kept for good under the address with its digest."""
    etag = f'"{asset.digest}"'
    headers = {
        "etag": etag,
        "cache-control": FOREVER if request.query_params.get("v") == asset.digest else ASK_AGAIN,
    }
    if names(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=headers)
    return Response(asset.body, media_type=asset.media_type, headers=headers)
