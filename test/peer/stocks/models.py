"""The table that the guide's consumer reads."""

from django.db import models


class Stock(models.Model):
    symbol = models.CharField(max_length=20, unique=True)
    current_price = models.DecimalField(max_digits=12, decimal_places=2)
    volume = models.BigIntegerField()
    high = models.DecimalField(max_digits=12, decimal_places=2)
    low = models.DecimalField(max_digits=12, decimal_places=2)
    change = models.DecimalField(max_digits=12, decimal_places=2)
    change_percent = models.DecimalField(max_digits=9, decimal_places=4)
    updated_at = models.DateTimeField()
