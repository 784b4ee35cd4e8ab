"""All measurements, one after another: ``make bench``."""

from tests.load import bench_saves

if __name__ == "__main__":
    bench_saves.main()
