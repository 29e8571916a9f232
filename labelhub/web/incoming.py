"""Turns bytes into text strictly: what no store could keep is refused here, once (R10)."""

from typing import Any
from urllib.parse import parse_qsl, unquote_to_bytes

from flask import Flask, Request, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

MOST_FIELDS = 500
_REPLACED = "\ufffd"


class StrictFormParser(FormDataParser):
    """Refuses what Werkzeug's parser would quietly repair or drop."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.silent = False

    def _parse_urlencoded(
        self, stream: Any, mimetype: str, content_length: int | None, options: dict[str, str]
    ) -> Any:
        del mimetype, options
        limit = self.max_form_memory_size
        if limit is not None and content_length is not None and content_length > limit:
            raise RequestEntityTooLarge
        pairs = parse_qsl(
            stream.read().decode("utf-8"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
        return stream, self.cls(pairs), self.cls()


class StrictRequest(Request):
    """A request whose form is well-formed UTF-8 without NUL, or an error."""

    form_data_parser_class = StrictFormParser

    def _load_form_data(self) -> None:
        first = "form" not in self.__dict__
        try:
            super()._load_form_data()
        except ValueError as error:
            self.__dict__.update(form=MultiDict(), files=MultiDict())
            raise BadRequest from error
        if first and not self._storable():
            raise BadRequest

    def _storable(self) -> bool:
        form, files = self.__dict__["form"], self.__dict__["files"]
        names = [upload.filename or "" for upload in files.values()]
        texts = [*names, *(text for pair in form.items(multi=True) for text in pair)]
        # Werkzeug decodes multipart fields by replacing what is not UTF-8.
        repaired = self.mimetype == "multipart/form-data" and any(_REPLACED in t for t in texts)
        return not repaired and not any("\0" in text for text in texts)


def install(app: Flask) -> None:
    app.request_class = StrictRequest
    app.before_request(_refuse_malformed_address)


def _refuse_malformed_address() -> None:
    """Refuse paths and queries that are not UTF-8 or hold a NUL, before anything reads them."""
    environ = request.environ
    path = environ.get("PATH_INFO", "").encode("latin-1", "replace")
    query = environ.get("QUERY_STRING", "").encode("latin-1", "replace")
    for raw in (path, unquote_to_bytes(query)):
        if b"\0" in raw:
            raise BadRequest
        try:
            raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise BadRequest from error
