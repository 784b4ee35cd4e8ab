"""An attacker tries to find out single ratings from what panelists are shown."""
