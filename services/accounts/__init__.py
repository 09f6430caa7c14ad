"""What accounts are made of: roles and scopes, names, passwords, tokens. No page, no table."""
