drop index party_waiting;
