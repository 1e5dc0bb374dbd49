"""The guide's consumer, with all its faults: they are what a client has to survive. Nothing here may be mended.

An exception in `receive` ends the connection without `disconnect`, and so leaves the task behind; all queries of all
connections share one thread; the set of symbols is changed while that thread walks it.
"""

import asyncio
import json

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer


class MarketDataConsumer(AsyncWebsocketConsumer):
    async def connect(self):
        await self.accept()
        self.subscribed_symbols = set()
        self.update_task = None

    async def disconnect(self, close_code):
        if self.update_task:
            self.update_task.cancel()

    async def receive(self, text_data):
        data = json.loads(text_data)
        message_type = data.get("type")

        if message_type == "subscribe":
            symbols = data.get("symbols", [])
            self.subscribed_symbols.update(symbols)

            if not self.update_task:
                self.update_task = asyncio.create_task(self.send_market_updates())

            await self.send(
                json.dumps(
                    {
                        "type": "subscription_confirmed",
                        "data": {"symbols": list(self.subscribed_symbols)},
                    }
                )
            )

        elif message_type == "unsubscribe":
            symbols = data.get("symbols", [])
            self.subscribed_symbols.difference_update(symbols)

        elif message_type == "ping":
            await self.send(json.dumps({"type": "pong"}))

    async def send_market_updates(self):
        while True:
            try:
                market_data = await self.get_market_data()

                for symbol_data in market_data:
                    await self.send(json.dumps({"type": "market_data", "data": symbol_data}))

                await asyncio.sleep(0.1)
            except asyncio.CancelledError:
                break
            except Exception as e:
                print(f"Error sending updates: {e}")
                await asyncio.sleep(1)

    @database_sync_to_async
    def get_market_data(self):
        from stocks.models import Stock

        data = []
        for symbol in self.subscribed_symbols:
            try:
                stock = Stock.objects.get(symbol=symbol)
                data.append(
                    {
                        "symbol": symbol,
                        "price": float(stock.current_price),
                        "volume": stock.volume,
                        "high": float(stock.high),
                        "low": float(stock.low),
                        "change": float(stock.change),
                        "changePercent": float(stock.change_percent),
                        "timestamp": int(stock.updated_at.timestamp() * 1000),
                    }
                )
            except Stock.DoesNotExist:
                pass

        return data
