"""What we show the authority: breaches, disclosures to authorities, processors, and all of it on one signed paper (Art. 30, 33, 34)."""
