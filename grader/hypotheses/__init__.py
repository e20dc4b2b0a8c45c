"""What a wrong array can tell without any suspect: a module for each kind of evidence."""
