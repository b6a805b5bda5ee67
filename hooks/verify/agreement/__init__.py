"""What pages and files of a site say of the same thing is the same: reports, news, addresses."""
