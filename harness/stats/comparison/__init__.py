"""One group of runs against another: effects, null effects, rankings, what could have been found."""
