"""What the parent tells the keeper of a cage, and what the keeper tells the parent: one JSON text a line."""

from typing import TypedDict


class Settings(TypedDict):
    """Everything that a cage is made of.

    Attributes
    ----------
    command : the program's absolute path and its arguments; nothing is started where it is empty
    environment : its whole environment, but for the variables that name the scratch folder
    readable : paths that may be read and executed, and must exist
    uid : user and group of its own, or None
    why_no_uid : why it has none
    machine : the processor, as `uname` names it
    seconds, memory, processes, file_bytes : limits
    scratch : the folder to make as its scratch folder
    degraded : whether it starts where a layer is missing
    to_child, from_child, output, report : open files of the keeper
    """

    command: list[str]
    environment: dict[str, str]
    readable: list[str]
    uid: int | None
    why_no_uid: str
    machine: str
    seconds: float
    memory: int
    processes: int
    file_bytes: int
    scratch: str
    degraded: bool
    to_child: int
    from_child: int
    output: int
    report: int


class Begun(TypedDict):
    """The first line that the keeper writes.

    Attributes
    ----------
    layers : name, whether it holds, and what there is to say about it
    leader : process and group of the caged program; 0 where none was started
    error : why none was started, in words
    """

    layers: list[tuple[str, bool, str]]
    leader: int
    error: str


class Ended(TypedDict):
    """The last line that the keeper writes: why the program ended."""

    ending: str
