"""The one address that the guide has."""

from django.urls import path

from trading.consumers import MarketDataConsumer

websocket_urlpatterns = [
    path("ws/market/", MarketDataConsumer.as_asgi()),
]
