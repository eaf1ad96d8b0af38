drop table usage_leader;
