"""What happens to who breaks the rules: notices, a ban, an objection, a review (K-7). Nothing outside this package writes any of them."""
