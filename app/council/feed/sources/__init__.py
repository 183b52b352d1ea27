"""The sources of an authority's HR files: set up and tried by admins, and seen by its HR leads too."""
