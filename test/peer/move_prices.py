"""The market behind the peer: makes the table, then moves every price ten times a second, all of them in one transaction.

A row follows from its symbol and its time alone (`row`), so that whoever sees one can tell whether the market ever
showed it. A time lies in the middle of its tenth of a second: no rounding on the way leads into another.

It answers each command on its input with one line of JSON, and ends with its input.
    rest          stands still, and says all rows
    go            moves on
    delist NAME   takes a stock out of the table
    list NAME     puts it back
"""

import json
import os
import select
import sys
import time
from datetime import datetime, timezone
from decimal import Decimal

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peer.settings")

import django  # noqa: E402

django.setup()

from django.db import connection, transaction  # noqa: E402

from stocks.models import Stock  # noqa: E402

TENTH_MS = 100
#: Is listed, and never moves.
STILL = "STILL"


def row(index, tenth):
    """The figures of the stock of this number in this tenth of a second since 1970."""
    low = 1_000 + 100 * index
    change = (7 * tenth + 13 * index) % 997
    price, high = low + change, low + 996
    per_cent = Decimal(change * 100) / Decimal(low)
    return {
        "current_price": Decimal(price) / 100,
        "volume": tenth % 1_000_000,
        "high": Decimal(high) / 100,
        "low": Decimal(low) / 100,
        "change": Decimal(change) / 100,
        "change_percent": per_cent.quantize(Decimal("0.0001")),
        "updated_at": datetime.fromtimestamp((tenth * TENTH_MS + TENTH_MS // 2) / 1000, timezone.utc),
    }


class Market:
    def __init__(self, names):
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode=WAL")
        with connection.schema_editor() as editor:
            editor.create_model(Stock)
        self.indices = {name: index for index, name in enumerate(names)}
        tenth = tenth_now()
        Stock.objects.bulk_create(Stock(symbol=name, **row(index, tenth)) for name, index in self.indices.items())

    def move(self, tenth):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE stocks_stock SET current_price = %s, volume = %s, high = %s, low = %s, change = %s,"
                " change_percent = %s, updated_at = %s WHERE symbol = %s",
                [
                    [*map(as_stored, row(index, tenth).values()), name]
                    for name, index in self.indices.items()
                    if name != STILL
                ],
            )

    def obey(self, command, name=""):
        if command == "delist":
            Stock.objects.filter(symbol=name).delete()
        elif command == "list":
            Stock.objects.create(symbol=name, **row(self.indices[name], tenth_now()))
        elif command != "rest":
            return {}
        return {
            stock.symbol: {"price": float(stock.current_price), "timestamp": int(stock.updated_at.timestamp() * 1000)}
            for stock in Stock.objects.all()
        }


def as_stored(value):
    """As SQLite has it."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return str(value) if isinstance(value, Decimal) else value


def tenth_now():
    """The last one whose middle is over."""
    return (int(time.time() * 1000) - TENTH_MS // 2) // TENTH_MS


def main():
    market = Market(sys.argv[1:])
    print(json.dumps({}), flush=True)
    is_moving = True
    while True:
        wait_s = (TENTH_MS - (time.time() * 1000 - TENTH_MS // 2) % TENTH_MS) / 1000
        if select.select([sys.stdin], [], [], wait_s)[0]:
            line = sys.stdin.buffer.raw.readline().decode()
            if line == "":
                return
            command, *names = line.split()
            is_moving = {"rest": False, "go": True}.get(command, is_moving)
            print(json.dumps(market.obey(command, *names)), flush=True)
        elif is_moving:
            market.move(tenth_now())


main()
