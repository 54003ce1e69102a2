"""Programs that Keeptabs is measured beside, in the same run."""
