"""`python -m casewright_bench [NAME …] [--quick]`: measure, print, and fail where a figure does not hold."""

import argparse
import importlib
import sys

from casewright_bench.figures import Figure, table

BENCHMARKS = ("imports", "starts", "webhook", "delivery", "pipeline", "analysis", "llm")


def main() -> None:
    """Run the benchmarks that were named, or all."""
    parser = argparse.ArgumentParser(prog="casewright_bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of: {', '.join(BENCHMARKS)}")
    parser.add_argument("--quick", action="store_true", help="fewer runs: shows that it works, not how fast")
    options = parser.parse_args()
    if wrong := sorted(set(options.names) - set(BENCHMARKS)):
        parser.error(f"there is no benchmark {', '.join(wrong)}; there are {', '.join(BENCHMARKS)}")
    figures: list[Figure] = []
    for name in options.names or BENCHMARKS:
        print(f"Measuring {name} …", file=sys.stderr, flush=True)
        module = importlib.import_module(f"casewright_bench.{name}")
        measured = module.measure(runs=1 if options.quick else 5)
        print(table(measured), flush=True)
        figures += measured
    failed = [figure.name for figure in figures if not figure.holds]
    if failed and not options.quick:
        sys.exit(f"Does not hold: {'; '.join(failed)}")


if __name__ == "__main__":
    main()
