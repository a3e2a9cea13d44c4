"""Who the member is: account, profile, sign-in, bans."""
