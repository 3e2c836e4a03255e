"""terminal.py LOG [TEXT KEYS]... -- COMMAND...: runs a command on a terminal of its own.

Waits for each text and types its keys (`\\r` is Enter); what the command prints goes to LOG.
Ends as the command does; with 2 if a text does not come.
"""

import os
import pty
import re
import select
import sys
import time

PATIENCE = 60


def main():
    log, rest = sys.argv[1], sys.argv[2:]
    split = rest.index("--")
    pairs = list(zip(rest[:split:2], rest[1:split:2]))
    child, terminal = pty.fork()
    if child == 0:
        os.execvp(rest[split + 1], rest[split + 1 :])
    seen, whole, end = "", "", time.time() + PATIENCE
    while True:
        if pairs and pairs[0][0] in seen:
            os.write(terminal, pairs.pop(0)[1].encode().decode("unicode_escape").encode())
            seen, end = "", time.time() + PATIENCE
        if time.time() > end:
            print(f"terminal.py: no `{pairs[0][0]}` in:\n{seen}" if pairs else "terminal.py: it goes on")
            os.kill(child, 9)
            sys.exit(2)
        if not select.select([terminal], [], [], 0.2)[0]:
            continue
        try:
            some = os.read(terminal, 65536).decode(errors="replace")
        except OSError:
            break
        if not some:
            break
        # Without colours and movements of the cursor.
        plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", some).replace("\r\n", "\n")
        seen, whole = seen + plain, whole + plain
    with open(log, "w") as file:
        file.write(whole)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if pairs:
        print(f"terminal.py: ended with {status} before `{pairs[0][0]}`:\n{whole}")
        sys.exit(2)
    sys.exit(status)


main()
