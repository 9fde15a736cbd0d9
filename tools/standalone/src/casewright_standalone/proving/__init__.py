"""What the proofs across services need: members as processes to be killed, and the site's own record."""
