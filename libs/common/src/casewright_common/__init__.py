"""What at least two Casewright services need: events, delivery, storage, vault, telemetry."""
