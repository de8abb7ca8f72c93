"""What people read: dashboard and project pages, drafts and editions of the annual report."""
