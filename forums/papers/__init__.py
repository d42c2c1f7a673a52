"""Papers of a forum and topics of a meet-up: offered, decided about, put into the programme."""
