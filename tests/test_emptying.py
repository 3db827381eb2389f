"""Tables are emptied after a test although somebody it started is still reading in them."""

from __future__ import annotations

import threading
import time

import pytest
from django.core.management import call_command
from django.db import connection

from commitments.models import Customer, User
from tests import makers

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def test_whoever_takes_tables_in_another_order_is_waited_for() -> None:
    makers.tom()
    reading = threading.Event()

    def read_backwards() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("BEGIN")
                cursor.execute("SELECT 1 FROM notifications_mark LIMIT 1")
                reading.set()
                for table in (User._meta.db_table, Customer._meta.db_table):
                    time.sleep(0.3)
                    cursor.execute(f'SELECT 1 FROM "{table}" LIMIT 1')
                cursor.execute("COMMIT")
        finally:
            connection.close()

    reader = threading.Thread(target=read_backwards)
    reader.start()
    reading.wait()

    call_command("flush", interactive=False, verbosity=0)

    reader.join()
    assert not Customer.objects.exists()
