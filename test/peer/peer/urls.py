"""No pages: the peer only speaks WebSocket."""

urlpatterns = []
