"""Datasette over a copy of a book's claims, answering as `tests.bench.reading.answering` does.

Run by the Python of an environment with Datasette: `python datasette_site.py COPY.sqlite3`.
"""

import asyncio
import json
import sys
from time import process_time

import datasette
from datasette.app import Datasette


async def main() -> None:
    site = Datasette([sys.argv[1]], settings={"num_sql_threads": 1})
    await site.invoke_startup()
    print(json.dumps({"versions": {"datasette": datasette.__version__}}), flush=True)
    for line in sys.stdin:
        wanted = json.loads(line)
        answer = await site.client.get(wanted["path"])
        start = process_time()
        for _ in range(wanted["times"]):
            await site.client.get(wanted["path"])
        spent = (process_time() - start) / wanted["times"] * 1000
        print(
            json.dumps({"ms": spent, "status": answer.status_code, "bytes": len(answer.content)}), flush=True
        )


asyncio.run(main())
