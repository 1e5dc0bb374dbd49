"""The least that Django needs to run the guide's consumer: one table in SQLite, and the channel layer on Redis.

Where the database and Redis are is said by whoever starts it. Bound to the loopback, for tests only.
"""

import os

SECRET_KEY = "for tests on the loopback, nothing is signed with it"
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = ["channels", "stocks"]
ROOT_URLCONF = "peer.urls"
ASGI_APPLICATION = "peer.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ["PEER_DATABASE"],
        "OPTIONS": {"timeout": 20},
    }
}

CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {"hosts": [("127.0.0.1", int(os.environ["PEER_REDIS_PORT"]))]},
    }
}
