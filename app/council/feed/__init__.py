"""HR files of an authority, for its HR leads and admins: what each would do, who let it go on, and taking it back."""
