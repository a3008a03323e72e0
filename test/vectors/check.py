#!/usr/bin/env python3
"""Checks the test vectors with nothing of Karvan's code: its own RFC 8785 (JCS), RFC 7515 parts and RFC 6962 tree, standard library only.

usage: check.py [folder]     every *.json of the folder, by default the folder of this script

A file is {"name", "corridor", "records": [{"offset", "says", "key", "value", "appendTime", "verdict", "code", "effects", "eventId", "leaf", "root"}]},
an offset without a record {"offset", "says", "hole": true, "leaf", "root"}. `name` is that of the file, `corridor` the event id of the first record accepted.
`key` and `value` are base64, {"repeat": base64, "times": n} or null; `leaf` and `root` are base64url; `root` is that of the tree of size offset + 1;
`says` tells a reader what the record is there to show. A record is one vector.
Exit status 1 when a vector differs, a file cannot be read, or there is no vector at all.
"""
import base64
import hashlib
import json
import math
import re
import sys
from pathlib import Path

VERDICTS = ("accepted", "refused", "duplicate")
JUDGED = {"offset", "says", "key", "value", "appendTime", "verdict", "code", "effects", "eventId", "leaf", "root"}
HOLE = {"offset", "says", "hole", "leaf", "root"}
BASE64URL = re.compile(r"[A-Za-z0-9_-]+")


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


# --- RFC 8785


def jcs(value) -> str:
    """The canonical text: members by UTF-16 code units (3.2.3), strings and numbers as ECMAScript writes them (3.2.2)."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int):
        if abs(value) > 2**53 - 1:
            raise ValueError(f"integer beyond 2^53 - 1: {value}")
        return str(value)
    if isinstance(value, float):
        return ecmascript_number(value)
    if isinstance(value, list):
        return "[" + ",".join(map(jcs, value)) + "]"
    members = sorted(value.items(), key=lambda member: member[0].encode("utf-16-be", "surrogatepass"))
    return "{" + ",".join(f"{jcs(name)}:{jcs(member)}" for name, member in members) + "}"


def ecmascript_number(value: float) -> str:
    """Number::toString of ECMA-262: the shortest digits, which Python's repr finds too, laid out by their exponent."""
    if not math.isfinite(value):
        raise ValueError("no JSON number")
    if value == 0:
        return "0"
    mantissa, _, exponent = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    count = len(digits)
    if count <= point <= 21:
        text = digits + "0" * (point - count)
    elif 0 < point <= 21:
        text = digits[:point] + "." + digits[point:]
    elif -6 < point <= 0:
        text = "0." + "0" * -point + digits
    else:
        text = digits[0] + ("." + digits[1:] if count > 1 else "") + ("e+" if point > 0 else "e-") + str(abs(point - 1))
    return ("-" if value < 0 else "") + text


# --- RFC 6962 section 2.1


def root_of(perfect_subtrees: list) -> bytes:
    """The Merkle tree hash from the roots of the perfect subtrees, largest first."""
    if not perfect_subtrees:
        return sha256(b"")
    root = perfect_subtrees[-1][1]
    for _, left in reversed(perfect_subtrees[:-1]):
        root = sha256(b"\x01" + left + root)
    return root


def append(perfect_subtrees: list, entry: bytes) -> None:
    perfect_subtrees.append((1, sha256(b"\x00" + entry)))
    while len(perfect_subtrees) > 1 and perfect_subtrees[-1][0] == perfect_subtrees[-2][0]:
        (size, right), (_, left) = perfect_subtrees.pop(), perfect_subtrees.pop()
        perfect_subtrees.append((2 * size, sha256(b"\x01" + left + right)))


# --- the protocol


def bytes_of(written):
    if written is None:
        return None
    if isinstance(written, dict):
        return bytes_of(written["repeat"]) * written["times"]
    data = base64.b64decode(written, validate=True)
    if base64.b64encode(data).decode("ascii") != written:
        raise ValueError(f"not exact base64: {written[-8:]}")
    return data


def hash_or_null(data):
    return None if data is None else base64url(sha256(data))


def leaf_of(record) -> bytes:
    """SHA-256 over JCS of [offset, SHA-256(key), SHA-256(value), append time, verdict, code, SHA-256(JCS of effects)]."""
    if record.get("hole"):
        members = [record["offset"], None, None, None, "hole", None, None]
    else:
        effects = base64url(sha256(jcs(record["effects"]).encode("utf-8")))
        key, value = hash_or_null(bytes_of(record["key"])), hash_or_null(bytes_of(record["value"]))
        members = [record["offset"], key, value, record["appendTime"], record["verdict"], record["code"], effects]
    return sha256(jcs(members).encode("utf-8"))


def event_id_of(value):
    """base64url(SHA-256(ASCII(protected "." payload))), or None where the value is no JWS of three parts."""
    parts = ("" if value is None else value.decode("latin-1")).split(".")
    if len(parts) != 3 or not all(BASE64URL.fullmatch(part) for part in parts):
        return None
    return base64url(sha256(f"{parts[0]}.{parts[1]}".encode("ascii")))


def faults_of(record, offset: int, perfect_subtrees: list):
    """What is wrong with one vector; grows the tree by the leaf computed here, not by the one in the file."""
    leaf = leaf_of(record)
    append(perfect_subtrees, leaf)
    if set(record) != (HOLE if "hole" in record else JUDGED):
        yield f"members are {', '.join(record)}"
    if record["offset"] != offset:
        yield f"offset is {record['offset']}"
    if base64url(leaf) != record["leaf"]:
        yield f"leaf is {base64url(leaf)}, not {record['leaf']}"
    root = base64url(root_of(perfect_subtrees))
    if root != record["root"]:
        yield f"root is {root}, not {record['root']}"
    if record.get("hole"):
        return
    if record["verdict"] not in VERDICTS:
        yield f"verdict is {record['verdict']}"
    if (record["code"] is not None) != (record["verdict"] == "refused"):
        yield f"code {record['code']} beside verdict {record['verdict']}"
    if record["effects"] and record["verdict"] != "accepted":
        yield f"effects beside verdict {record['verdict']}"
    event_id = event_id_of(bytes_of(record["value"]))
    # A refused record may go without an id: an id is known only once the signature has been found true.
    if record["eventId"] != event_id and not (record["eventId"] is None and record["verdict"] == "refused"):
        yield f"event id is {event_id}, not {record['eventId']}"


def faults_of_file(file, stem: str):
    if file["name"] != stem:
        yield f"name is {file['name']}"
    founding = next((record["eventId"] for record in file["records"] if record.get("verdict") == "accepted"), None)
    if file["corridor"] != founding:
        yield f"corridor is {file['corridor']}, the first statement accepted is {founding}"


def check(path: Path):
    """Vectors checked, and the lines that say what differs."""
    perfect_subtrees = []
    file = json.loads(path.read_text(encoding="utf-8"))
    records, lines = file["records"], [f"  {fault}" for fault in faults_of_file(file, path.stem)]
    for offset, record in enumerate(records):
        try:
            faults = list(faults_of(record, offset, perfect_subtrees))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            faults = [f"cannot be read: {error!r}"]
        if faults:
            lines.append(f"  offset {offset}: {'; '.join(faults)}")
    return len(records), lines


def main(folder: Path) -> int:
    checked = failed = 0
    for path in sorted(folder.glob("*.json")):
        try:
            count, lines = check(path)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            count, lines = 1, [f"  cannot be read: {error!r}"]
        checked, failed = checked + count, failed + len(lines)
        print(f"{'FAILED' if lines else 'ok':6} {path.name}: {count} records", *lines, sep="\n" if lines else "")
    print(f"{checked} vectors checked, {failed} failed")
    return 1 if failed or not checked else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent))
