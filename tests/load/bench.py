"""All measurements, one after another: ``make bench``."""

from tests.load import bench_saves, bench_study

if __name__ == "__main__":
    bench_saves.main()
    bench_study.main()
