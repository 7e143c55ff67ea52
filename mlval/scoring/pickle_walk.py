"""What a pickle would import and call: its opcodes are followed, and nothing is built."""

from typing import BinaryIO

from mlval.scoring.pickle_machine import Machine, Walked
from mlval.scoring.pickle_stream import MOST_BYTES, BrokenPickle, Stream

MOST_OPCODES = 20_000_000
_TRAILING = 10


def walk(source: BinaryIO, *, joblib: bool = False, most: int = MOST_BYTES) -> Walked:
    """Follow the pickle that `source` holds, and any that are hidden behind it.

    Parameters
    ----------
    source : plain bytes
    joblib : whether it is read by joblib, which keeps arrays between the opcodes
    most : how many bytes are looked at
    """
    walked = Walked()
    stream = Stream(source, most)
    budget = [MOST_OPCODES]
    try:
        Machine(stream, walked, joblib=joblib, budget=budget).run()
    except BrokenPickle as why:
        walked.broken = str(why)
        return walked
    end = stream.position
    try:
        for _ in range(_TRAILING):
            Machine(stream, walked, joblib=joblib, budget=budget).run()
    except BrokenPickle:
        pass
    walked.trailing = stream.position > end
    return walked
