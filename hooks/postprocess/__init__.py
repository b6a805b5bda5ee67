"""What happens to the HTML that MkDocs has finished."""
