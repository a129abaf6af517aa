"""Reads and writes of items: moto's work, with the world's states of tables before it and replication after it.

A request that fails changes nothing and replicates nothing: what moto leaves half done is taken back here.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from functools import partial

from sbctl.sandbox.dynamodb.admission import admit
from sbctl.sandbox.dynamodb.members import Groups
from sbctl.sandbox.dynamodb.replication import TableReplication
from sbctl.sandbox.dynamodb.requests import Body, keys_of, tables_of, tables_of_statements
from sbctl.sandbox.dynamodb.tokens import Tokens
from sbctl.sandbox.hooks import Relay
from sbctl.sandbox.moto_bridge.backends import MotoBackends, NotCarriedError
from sbctl.sandbox.moto_bridge.dynamodb import Image, Key, MotoTable, MotoTables
from sbctl.sandbox.service import ApiError
from sbctl.sandbox.wire.failure import NOT_MODELLED
from sbctl.sandbox.wire.identify import Identity, Request
from sbctl.sandbox.wire.response import Response

LOG = logging.getLogger("sbctl.sandbox")
SHOWN_BYTES = 1000
READS = ("GetItem", "Query", "Scan", "BatchGetItem", "TransactGetItems")
WRITES = ("PutItem", "DeleteItem", "BatchWriteItem")
STATEMENTS = ("ExecuteStatement", "BatchExecuteStatement", "ExecuteTransaction")

Images = Mapping[str, Mapping[Key, Image | None]]
"""By the name of the table, what keys of it held."""
Written = Callable[[str, str, int], None]
"""Told of a request's table, region and number of items."""


class Items:
    """The operations on items of one account. All writes of a region's tables are one after the other."""

    def __init__(
        self,
        moto: MotoBackends,
        tables: MotoTables,
        groups: Groups,
        replication: TableReplication,
        tokens: Tokens,
        written: Written,
    ) -> None:
        self._moto = moto
        self._tables = tables
        self._groups = groups
        self._replication = replication
        self._tokens = tokens
        self._written = written

    @property
    def relays(self) -> Mapping[str, Relay]:
        return {
            **dict.fromkeys(READS, self.read),
            **dict.fromkeys(WRITES, self.write),
            **dict.fromkeys(STATEMENTS, self.execute),
            "UpdateItem": self.update,
            "TransactWriteItems": self.transact,
        }

    def read(self, who: Identity, request: Request) -> Response:
        """Reads, consistent ones too, see the local replica alone."""
        self._admit(who.region, json.loads(request.body))
        return self._asked(request)

    def write(self, who: Identity, request: Request) -> Response:
        """Writes of whole items, each of which moto does wholly or not at all."""
        body = json.loads(request.body)
        self._admit(who.region, body)
        with self._moto.alone("dynamodb"):
            return self._write(who, request, self._open(who.region, body), {})

    def update(self, who: Identity, request: Request) -> Response:
        """UpdateItem, which moto does in place: an update that fails may have begun."""
        body = json.loads(request.body)
        self._admit(who.region, body)
        with self._moto.alone("dynamodb"):
            tables = self._open(who.region, body)
            return self._write(who, request, tables, _images(tables, body))

    def transact(self, who: Identity, request: Request) -> Response:
        """All or nothing, and once only for the same ClientRequestToken."""
        body = json.loads(request.body)
        self._admit(who.region, body)
        with self._moto.alone("dynamodb"), ExitStack() as held:
            earlier = self._tokens.answer(who.region, body)
            if earlier is not None:
                return earlier
            tables = self._open(who.region, body)
            for table in tables:
                held.enter_context(table.uncopied())
            response = self._write(who, request, tables, _images(tables, body))
            self._tokens.remember(who.region, body, response)
            return response

    def execute(self, who: Identity, request: Request) -> Response:
        """PartiQL, as far as moto understands it: it may write any table of the region."""
        body = json.loads(request.body)
        with self._moto.alone("dynamodb"):
            earlier = self._tokens.answer(who.region, body)
            if earlier is not None:
                return earlier
            tables = {table.name: table for table in self._tables.all(who.region)}
            for name in tables_of_statements(body):
                found = name if name in tables else name.partition(".")[0]
                if found not in tables:
                    raise _not_found()
                self._refuse_unusable(who.region, [found])
            response = self._write(who, request, list(tables.values()), {})
            self._tokens.remember(who.region, body, response)
            return response

    def _admit(self, region: str, body: Body) -> None:
        self._refuse_unusable(region, tables_of(body))
        with self._moto.looking("dynamodb"):
            admit(body, partial(self._tables.find, region))

    def _refuse_unusable(self, region: str, names: Iterable[str]) -> None:
        """While a table is being made or removed, only its description is there (dr-primitives 1.3)."""
        if not all(self._groups.usable(name, region) for name in names):
            raise _not_found()

    def _open(self, region: str, body: Body) -> list[MotoTable]:
        """The tables of a request that exist; moto refuses those that do not."""
        found = [self._tables.find(region, name) for name in sorted(tables_of(body))]
        return [table for table in found if table is not None]

    def _asked(self, request: Request) -> Response:
        """moto's answer; it trips over some expressions and statements that it does not understand."""
        try:
            return self._moto.call("dynamodb", request)
        except NotCarriedError:
            raise
        except Exception as error:
            LOG.debug("moto does not understand %s", request.body[:SHOWN_BYTES], exc_info=True)
            message = (
                f"The sandbox does not understand this request: {type(error).__name__}: {error}. Nothing was done."
            )
            raise ApiError(NOT_MODELLED, message, 501) from error

    def _write(self, who: Identity, request: Request, tables: Iterable[MotoTable], before: Images) -> Response:
        for table in tables:
            # written by other ways than requests, and for good
            self._replication.record(table.name, who.region, table.commit())
        try:
            response = self._asked(request)
        except BaseException:
            _take_back(tables, before)
            raise
        if response.status >= 300:
            _take_back(tables, before)
            return response
        for table in tables:
            changes = table.commit()
            self._replication.record(table.name, who.region, changes)
            if changes:
                self._written(table.name, who.region, len(changes))
        return response


def _not_found() -> ApiError:
    return ApiError("ResourceNotFoundException", "Requested resource not found")


def _take_back(tables: Iterable[MotoTable], before: Images) -> None:
    """Undo what a request that failed had begun."""
    for table in tables:
        table.discard()
        table.restore(before.get(table.name, {}))


def _images(tables: Iterable[MotoTable], body: Body) -> Images:
    """What the items that a request names hold now."""
    images: dict[str, dict[Key, Image | None]] = {table.name: {} for table in tables}
    for table in tables:
        keys = (table.key(attributes) for name, attributes in keys_of(body) if name == table.name)
        images[table.name].update({key: table.image(key) for key in keys if key is not None})
    return images
