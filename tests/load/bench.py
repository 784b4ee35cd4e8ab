"""All measurements, one after another: ``make bench``."""

from tests.load import (
    bench_analysis,
    bench_checks,
    bench_large_study,
    bench_pages,
    bench_saves,
    bench_study,
)

if __name__ == "__main__":
    bench_saves.main()
    bench_pages.main()
    bench_study.main()
    bench_large_study.main()
    bench_analysis.main()
    bench_checks.main()
