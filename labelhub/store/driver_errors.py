"""What the driver raised when it was asked directly, as SQLAlchemy raises it."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError


def told(connection: sa.Connection, cursor: Any, text: str, error: Any) -> Any:
    """Return the driver's error as SQLAlchemy raises it; a connection that broke is not reused."""
    dialect = connection.dialect
    broken = dialect.is_disconnect(error, connection.connection.dbapi_connection, cursor)
    if broken:
        connection.invalidate(error)
    return DBAPIError.instance(
        text,
        None,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=broken,
        dialect=dialect,
    )
