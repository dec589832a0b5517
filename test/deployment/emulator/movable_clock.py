"""A clock for the whole process that the test moves. Import it, and call install(), before anything that asks for the time.

It shifts what Python calls the time of day; monotonic time, which timeouts and event loops use, stays as it is.
"""

import datetime
import logging  # noqa: F401  before the change: its formatter binds time.localtime as a builtin
import time

_real_time = time.time
_real_gmtime = time.gmtime
_real_localtime = time.localtime
_real_strftime = time.strftime
_shift = 0.0


def shift():
    """Seconds from the machine's clock to this one."""
    return _shift


def move_to(moment):
    """It is `moment` (an aware datetime) now; time goes on from there."""
    global _shift
    _shift = moment.timestamp() - _real_time()


def _now():
    return _real_time() + _shift


class _MovedDatetime(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(_now(), tz)

    @classmethod
    def utcnow(cls):
        return cls.fromtimestamp(_now(), datetime.timezone.utc).replace(tzinfo=None)

    @classmethod
    def today(cls):
        return cls.fromtimestamp(_now())


def install():
    time.time = _now
    time.time_ns = lambda: int(_now() * 1_000_000_000)
    time.gmtime = lambda seconds=None: _real_gmtime(_now() if seconds is None else seconds)
    time.localtime = lambda seconds=None: _real_localtime(_now() if seconds is None else seconds)
    time.strftime = lambda form, moment=None: _real_strftime(form, _real_localtime(_now()) if moment is None else moment)
    datetime.datetime = _MovedDatetime
