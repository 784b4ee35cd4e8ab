"""Many at once: what holds when people, devices and researchers do not wait for each other."""
