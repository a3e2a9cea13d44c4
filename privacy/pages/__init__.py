"""What people see in the browser: the person's own pages, and the desk of the data protection officer."""
