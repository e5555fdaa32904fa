"""The GoogleSQL analyzer as a process: a JSON object a line comes in, a JSON list of problems goes out.

A line is {"table": {name, columns, partition_column}}, which makes a table known, or {"sql", "parameters"},
a statement to look at. The first line that goes out is empty and says that the analyzer is ready.
"""

import argparse
import json
import sys

from google._upb import _message
from googlesql import Analyzer, Table


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--project", required=True)
    analyzer = Analyzer(parser.parse_args().project)
    # Statements of models are trees deeper than Python and its reader of messages take by default.
    sys.setrecursionlimit(20_000)
    _message.SetAllowOversizeProtos(True)
    analyzer.problems("select 1")
    print(flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        if "table" in asked:
            analyzer.add(Table(**asked["table"]))
            answer = []
        else:
            answer = analyzer.problems(asked["sql"], asked["parameters"])
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
